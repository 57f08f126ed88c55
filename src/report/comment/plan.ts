import { type Price, computeCost } from '../../config/budget.js';
import type { Config } from '../../config/config.js';
import { isDefaultDesign, mayStopEarly } from '../../gate/assess.js';
import { UNDERPOWERED, type Load, type Plan, type PlannedRun } from '../../gate/plan.js';
import { LOOKS } from '../../gate/statistics/sequential.js';
import { ARCHETYPES, ARCHETYPE_LABELS } from '../../mask/archetype.js';
import type { Example } from '../../mask/example.js';
import { code } from '../../base/sanitise.js';
import { left, right, table } from '../markdown.js';
import { count, formatExactly, formatMagnitude, formatCount } from '../numbers.js';
import { findOperation, shareRange } from '../operating.js';
import { describeRemedy } from './shortage.js';

/** A configuration, and the prices that hold for its models. */
type PlanInput = Config & { readonly known: Readonly<Partial<Record<keyof PlannedRun, Price>>> };

/** What `mask-gate plan` prints: what runs would ask, what they could see, and how often they would cry wolf. */
export function renderPlan(plan: Plan, examples: readonly Example[], config: PlanInput): string {
  return [
    `## Plan of suite ${code(config.suite)}`,
    describeExamples(examples),
    loadTable(plan, config),
    describeSensitivity(plan, config),
    ...(plan.detectable ? [describeAlarms(plan, config)] : []),
  ].join('\n\n');
}

function describeExamples(examples: readonly Example[]): string {
  const parts = ARCHETYPES.map((archetype) => ({
    label: ARCHETYPE_LABELS[archetype],
    size: examples.filter((example) => example.archetype === archetype).length,
  })).filter(({ size }) => size > 0);
  const list = parts.map(({ label, size }) => `${size} ${label}`).join(', ');
  return `${formatCount(examples.length, 'example')}: ${list}.`;
}

function loadTable(plan: Plan, { samples, known }: PlanInput): string {
  const runs: readonly (readonly [string, PlannedRun])[] = [
    ['gate, prompt changed (beliefs taken over)', plan.promptChange],
    ['gate, model changed', plan.modelChange],
    [`gate, confirmed with ${samples.confirm} further replies: the most there is`, plan.confirmed],
    [`recording, ${formatCount(samples.record, 'reply')} an example`, plan.recording],
  ];
  return table(
    [
      left('run'),
      right('calls to the model'),
      right('to the judge'),
      right('tokens, about'),
      right('US dollars, about'),
    ],
    runs.map(([name, { target, judge: judge }]) => [
      name,
      count(target.calls),
      count(judge.calls),
      count(roughly(sumTokens(target) + sumTokens(judge))),
      describeRunCost({ target, judge: judge }, known),
    ]),
  );
}

/** What is not priced is not free. */
function describeRunCost(run: PlannedRun, { target, judge }: PlanInput['known']): string {
  if (!target || !judge) return 'unpriced';
  const of = ({ inputTokens: input, outputTokens: output }: Load, price: Price): number =>
    computeCost({ input, output }, price);
  return `${roughly(of(run.target, target) + of(run.judge, judge))}`;
}

function sumTokens({ inputTokens, outputTokens }: Load): number {
  return inputTokens + outputTokens;
}

/** Two digits: more would claim to know the length of answers. */
function roughly(amount: number): number {
  return Number(amount.toPrecision(2));
}

function describeSensitivity(plan: Plan, config: Config): string {
  const { pairs, detectable, propositions, neededPropositions } = plan;
  const limit = formatExactly(config.gate.maxRise);
  if (propositions < neededPropositions) {
    return `⛔ **No comparison is possible with these examples.** They have ${formatCount(propositions, 'proposition')}, and a comparison needs ${neededPropositions} with a belief on both sides. So every gate run will be NOT MEASURED, whatever the model does. ${describeRemedy(plan.remedy, plan.advisedPropositions ?? undefined)}`;
  }
  const sensitivity = detectable
    ? `With about ${formatCount(pairs, 'pair')} that have a belief on both sides, the gate finds a rise of ${formatMagnitude(detectable.typical)} in four of five cases (${formatMagnitude(detectable.noisy)} for a fickle model). Smaller ones may pass unseen; the limit is ${limit}.`
    : '';
  return [sensitivity, describeRisk(plan), detectable ? describeUnderpowered(plan) : '']
    .filter((part) => part !== '')
    .join('\n\n');
}

/** How often a run would not be measured, as a model has no belief on some examples. */
function describeRisk(plan: Plan): string {
  const { shortage, advisedPropositions, propositions, neededPropositions, remedy } = plan;
  if (advisedPropositions === null) return '';
  const share = shortage > 0.99 ? 'More than 99 %' : `About ${roughly(shortage * 100)} %`;
  return `⚠️ **${share} of the gate runs will be NOT MEASURED.** A comparison needs ${neededPropositions} propositions with a belief on both sides; there are ${propositions}, and a model has none on about one in seven. ${describeRemedy(remedy, advisedPropositions)}`;
}

function describeUnderpowered({ neededExamples, examples, spare }: Plan): string {
  if (neededExamples === null) return '';
  const remedy =
    neededExamples <= examples + spare
      ? `Set \`dataset.size\` to ${neededExamples} or more`
      : `Add rows to the dataset, up to ${neededExamples} examples or more`;
  return `⚠️ That is more than ${UNDERPOWERED} times the limit: this gate can only see very large rises. ${remedy}, or raise \`gate.max-rise\`.`;
}

function describeAlarms({ pairs }: Plan, { samples, gate }: Config): string {
  const operation = findOperation(pairs, samples.record);
  const looks = mayStopEarly(gate) ? LOOKS : 1;
  const isDefault = isDefaultDesign({ samples: samples.gate, looks }, gate);
  const base = `Simulated over ${operation.pairs} pairs against a recording of ${operation.baselineReplies}: an identical model is called regressed in ${shareRange(operation.identical)} of runs, one whose answers are reshuffled in ${shareRange(operation.reshuffled)}. When nothing changed, a run ends after ${shareRange(operation.replies)} of its replies.`;
  return isDefault ? base : `${base} These figures are of the default rule and design.`;
}
