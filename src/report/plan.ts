import type { Price } from '../config/budget.js';
import type { Config } from '../config/config.js';
import { isDefaultDesign, mayStopEarly } from '../gate/assess.js';
import { BLIND, type Load, type Plan, type PlannedRun } from '../gate/plan.js';
import { LOOKS } from '../gate/statistics/sequential.js';
import { ARCHETYPES, ARCHETYPE_LABELS } from '../mask/archetype.js';
import type { Example } from '../mask/example.js';
import { code } from '../sanitise.js';
import { left, right, table } from './markdown.js';
import { count, exactly, magnitude, plural } from './numbers.js';
import { operationOf, shareRange } from './operating.js';

/** A configuration, and the prices that hold for its models. */
type Planned = Config & { readonly known: Readonly<Partial<Record<keyof PlannedRun, Price>>> };

/** What `mask-gate plan` prints: what runs would ask, what they could see, and how often they would cry wolf. */
export function renderPlan(plan: Plan, examples: readonly Example[], config: Planned): string {
  return [
    `## Plan of suite ${code(config.suite)}`,
    describeExamples(examples),
    loadTable(plan, config),
    describeSight(plan, config),
    describeAlarms(plan, config),
  ].join('\n\n');
}

function describeExamples(examples: readonly Example[]): string {
  const parts = ARCHETYPES.map((archetype) => ({
    label: ARCHETYPE_LABELS[archetype],
    size: examples.filter((example) => example.archetype === archetype).length,
  })).filter(({ size }) => size > 0);
  const list = parts.map(({ label, size }) => `${size} ${label}`).join(', ');
  return `${plural(examples.length, 'example')}: ${list}.`;
}

function loadTable(plan: Plan, { samples, known }: Planned): string {
  const runs: readonly (readonly [string, PlannedRun])[] = [
    ['gate, prompt changed (beliefs taken over)', plan.promptChange],
    ['gate, model changed', plan.modelChange],
    [`gate, confirmed with ${samples.confirm} further replies: the most there is`, plan.confirmed],
    [`recording, ${plural(samples.record, 'reply')} an example`, plan.recording],
  ];
  return table(
    [
      left('run'),
      right('calls to the model'),
      right('to the judge'),
      right('tokens, about'),
      right('US dollars, about'),
    ],
    runs.map(([name, { target, judge }]) => [
      name,
      count(target.calls),
      count(judge.calls),
      count(roughly(tokensOf(target) + tokensOf(judge))),
      costOf({ target, judge }, known),
    ]),
  );
}

const MILLION = 1_000_000;

/** What is not priced is not free. */
function costOf(run: PlannedRun, { target, judge }: Planned['known']): string {
  if (!target || !judge) return 'unpriced';
  const of = (load: Load, price: Price): number =>
    (load.inputTokens * price.input + load.outputTokens * price.output) / MILLION;
  return `${roughly(of(run.target, target) + of(run.judge, judge))}`;
}

function tokensOf({ inputTokens, outputTokens }: Load): number {
  return inputTokens + outputTokens;
}

/** Two digits: more would claim to know the length of answers. */
function roughly(amount: number): number {
  return Number(amount.toPrecision(2));
}

function describeSight({ pairs, detectable, neededExamples }: Plan, { gate }: Config): string {
  const limit = exactly(gate.maxRise);
  const sight = `With about ${plural(pairs, 'pair')} that have a belief on both sides, the gate finds a rise of ${magnitude(detectable.typical)} in four of five cases (${magnitude(detectable.noisy)} for a fickle model). Smaller ones may pass unseen; the limit is ${limit}.`;
  if (neededExamples === null) return sight;
  return `${sight}\n\n⚠️ That is more than ${BLIND} times the limit: this gate can only see very large rises. Set \`dataset.size\` to ${neededExamples} or more, or raise \`gate.max-rise\`.`;
}

function describeAlarms({ pairs }: Plan, { samples, gate }: Config): string {
  const operation = operationOf(pairs, samples.record);
  const looks = mayStopEarly(gate) ? LOOKS : 1;
  const isDefault = isDefaultDesign({ samples: samples.gate, looks }, gate);
  const base = `Simulated over ${operation.pairs} pairs against a recording of ${operation.baselineReplies}: an identical model is called regressed in ${shareRange(operation.identical)} of runs, one whose answers are reshuffled in ${shareRange(operation.reshuffled)}. When nothing changed, a run ends after ${shareRange(operation.replies)} of its replies.`;
  return isDefault ? base : `${base} These figures are of the default rule and design.`;
}
