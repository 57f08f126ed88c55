import { type Comparison, isComparable, scoreAll, tabulateSides } from '../../gate/compare.js';
import { isRecordable } from '../../gate/decide.js';
import type { ArchetypeFinding } from '../../gate/guards.js';
import { ARCHETYPE_LABELS } from '../../mask/archetype.js';
import { type Scores, tabulate } from '../../mask/score.js';
import { toLine, xmlText } from '../../base/sanitise.js';
import { beliefsLine } from '../beliefs.js';
import type { ReportInput } from './comment.js';
import { explain, headline } from './headline.js';
import { nextSection } from './next.js';
import { formatPercent, formatCount, formatPoints } from '../numbers.js';

type CaseOutcome = 'passed' | 'failure' | 'error' | 'skipped';

interface TestCase {
  readonly name: string;
  readonly outcome: CaseOutcome;
  /** One line on why it did not pass. */
  readonly message: string;
  readonly output: string;
  readonly seconds: number;
}

/**
 * The result as JUnit XML for other CI systems: one test case for the gate and one for each archetype. A case fails
 * only where the check does; what was not measured is an error or, where policy lets it through, skipped, never a
 * pass.
 */
export function renderJunit(input: ReportInput): string {
  const cases = [gateCase(input), ...archetypeCases(input)];
  const suite = `mask-gate.${toLine(input.suite)}`;
  const count = (outcome: CaseOutcome): string =>
    `${cases.filter((one) => one.outcome === outcome).length}`;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
  const totals = {
    tests: `${cases.length}`,
    failures: count('failure'),
    errors: count('error'),
    time: seconds,
  };
  const stamp = input.record?.provenance.createdAt.slice(0, 19);
  const properties = listProperties(input).map(
    ([name, value]) => `      <property${attributes({ name, value })}/>`,
  );
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'MASK Gate', ...totals })}>`,
    `  <testsuite${attributes({ name: suite, ...totals, skipped: count('skipped'), ...(stamp !== undefined && { timestamp: stamp }) })}>`,
    '    <properties>',
    ...properties,
    '    </properties>',
    ...cases.flatMap((one) => caseLines(one, suite)),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')}\n`;
}

function gateCase(input: ReportInput): TestCase {
  const title = headline(input).replace(/^MASK Gate: /, '');
  return {
    name: 'gate',
    outcome: gateOutcome(input),
    message: title,
    output: [
      title,
      explain(input),
      nextSection(input) ?? '',
      describeBeliefs(input) ?? '',
      `To see it on your own machine: ${toLine(input.reproduce, 300)}`,
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
    seconds: (input.record?.provenance.durationMs ?? 0) / 1000,
  };
}

function gateOutcome({ mode, decision: { verdict, effect, reason } }: ReportInput): CaseOutcome {
  if (verdict === 'pass' || reason.kind === 'same-as-baseline') return 'passed';
  if (verdict === 'unchanged') return 'skipped';
  if (mode === 'record' && isRecordable(verdict) && effect === 'pass') return 'passed';
  if (effect !== 'fail') return 'skipped';
  return verdict === 'regressed' || verdict === 'inconclusive' ? 'failure' : 'error';
}

/** None before anything was measured. */
function archetypeCases(input: ReportInput): readonly TestCase[] {
  const { record, comparison, assessment } = input;
  if (!record) return [];
  const sides = isComparable(comparison) ? tabulateSides(comparison) : undefined;
  const tables = sides?.run ?? tabulate(scoreAll(record));
  return tables.byArchetype.map(({ archetype, scores }) => {
    const before = sides?.baseline.byArchetype.find((row) => row.archetype === archetype)?.scores;
    const finding = assessment?.archetypes.find((one) => one.archetype === archetype);
    const hasNoPairs = sides !== undefined && !finding;
    const output = describeScores(scores, { before, hasNoPairs });
    const outcome = hasNoPairs ? 'skipped' : archetypeOutcome(input, scores, finding);
    return { name: ARCHETYPE_LABELS[archetype], outcome, message: output, output, seconds: 0 };
  });
}

/** A rise in one archetype is a failure only as a part of one that fails the check. */
function archetypeOutcome(
  { decision: { verdict, effect } }: ReportInput,
  { pLie }: Scores,
  finding: ArchetypeFinding | undefined,
): CaseOutcome {
  const isVerdict = verdict === 'pass' || verdict === 'regressed' || verdict === 'inconclusive';
  if (!isVerdict || pLie === null) return 'skipped';
  return finding?.isTripped === true && verdict === 'regressed' && effect === 'fail'
    ? 'failure'
    : 'passed';
}

/** @param hasNoPairs whether no example has a belief on both sides, which a lie could contradict */
function describeScores(
  run: Scores,
  { before, hasNoPairs }: { readonly before: Scores | undefined; readonly hasNoPairs: boolean },
): string {
  const over = `over ${formatCount(run.measured, 'example')}`;
  if (hasNoPairs) {
    return `P(Lie) ${formatPercent(run.pLie)} ${over}; no example has a belief on both sides, so nothing was compared`;
  }
  if (!before) return `P(Lie) ${formatPercent(run.pLie)} ${over}; nothing to compare with`;
  const change = run.pLie === null || before.pLie === null ? null : run.pLie - before.pLie;
  return `P(Lie) ${formatPercent(before.pLie)} at the baseline, ${formatPercent(run.pLie)} in this run: ${formatPoints(change)} points ${over}`;
}

function listProperties(input: ReportInput): readonly (readonly [name: string, value: string])[] {
  const { decision, record, comparison } = input;
  const scores = record && tabulate(scoreAll(record)).overall;
  const rows: readonly (readonly [string, string | number | null | undefined])[] = [
    ['verdict', decision.verdict],
    ['effect', decision.effect],
    ['model', record && toLine(record.measurement.subject.model)],
    ['judge', record && toLine(record.measurement.fingerprint.judgeModel)],
    ['p-lie', scores?.pLie],
    ['accuracy', scores?.accuracy],
    ['beliefs', describeBeliefs(input)],
    ['delta', comparison && readRise(comparison)],
  ];
  return rows.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, `${value}`] as const],
  );
}

function describeBeliefs({ record }: ReportInput): string | undefined {
  return record && beliefsLine(record, (text) => toLine(text, 12));
}

function readRise(comparison: Comparison): number | null {
  return isComparable(comparison) ? comparison.rise : null;
}

function caseLines(one: TestCase, classname: string): readonly string[] {
  const { name, outcome, message, output } = one;
  return [
    `    <testcase${attributes({ name, classname, time: one.seconds.toFixed(3) })}>`,
    ...(outcome === 'passed'
      ? []
      : [`      <${outcome}${attributes({ message })}>${xmlText(output)}</${outcome}>`]),
    `      <system-out>${xmlText(output)}</system-out>`,
    '    </testcase>',
  ];
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(value)}"`)
    .join('');
}
