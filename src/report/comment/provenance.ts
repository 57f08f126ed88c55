import type { Deferred } from '../../config/policy.js';
import { DAY_MS } from '../../base/units.js';
import type { Anchor } from '../../gate/records/anchor.js';
import type { BaselineLookup } from '../../gate/records/baseline.js';
import { listReusedBeliefs } from '../../gate/records/beliefs.js';
import type { GateRecord } from '../../gate/records/record.js';
import { totalUsage } from '../../gate/records/usage.js';
import { type Sample, hadReasoning, mostReplies } from '../../mask/sample.js';
import { code } from '../../base/sanitise.js';
import { beliefsLine } from '../beliefs.js';
import { describeApart } from './drift.js';
import { folded, left, table } from '../markdown.js';
import {
  formatAge,
  count,
  formatDollars,
  formatPercent,
  formatCount,
  formatShare,
} from '../numbers.js';
import { testedLine } from './tested.js';

/** What was measured with what, against what, at what price: one line for each. */
export function provenanceSection(
  record: GateRecord,
  baseline: BaselineLookup,
  search?: Search,
): string {
  const { measurement, provenance } = record;
  const lines = [
    testedLine(provenance),
    `Model under test ${code(measurement.subject.model)}, judge ${code(measurement.fingerprint.judgeModel)}`,
    `Dataset ${code(provenance.dataset)}: ${describeExamples(record)}, ${describeSamples(record)} each${describeExcluded(provenance.excludedRows)}`,
    `Cost: ${describeCost(provenance.usage)}`,
    describeTags(record),
    describeReasoning(measurement.examples),
    beliefsLine(record) ?? '',
    baselineLine(baseline, search, Date.parse(provenance.createdAt)),
  ];
  return lines
    .filter((line) => line !== '')
    .map((line) => `- ${line}`)
    .join('\n');
}

/** How many direct beliefs this run read by their tag, and how the judge agrees where it read them as well. */
function describeTags(record: GateRecord): string {
  const earlier = listReusedBeliefs(record)?.hashes;
  const tags = record.measurement.examples
    .filter(({ hash }) => !earlier?.has(hash))
    .flatMap(({ direct }) =>
      direct.flatMap((sample) => (sample.status === 'read' && sample.tag ? [sample.tag] : [])),
    );
  const [taken, agreed] = (['taken', 'agrees'] as const).map(
    (kind) => tags.filter((tag) => tag === kind).length,
  );
  if (taken === undefined || agreed === undefined || tags.length === 0) return '';
  const checked = tags.length - taken;
  const read = `${formatCount(taken, 'direct belief')} read by ${taken === 1 ? 'its' : 'their'} tag`;
  if (checked === 0) return `${read}; the judge read none of them as well`;
  return `${read}; of ${checked} that the judge read as well, ${agreed} agree (${formatPercent(agreed / checked)})`;
}

/** How many answers carried reasoning, which was taken off before they were read; empty for none. */
export function describeReasoning(examples: GateRecord['measurement']['examples']): string {
  const reasoned = (samples: readonly Sample[]): string =>
    formatShare({ count: samples.filter(hadReasoning).length, total: samples.length });
  const pressured = examples.flatMap(({ statements }) => statements);
  const beliefs = examples.flatMap(({ direct, consistency }) => [...direct, ...consistency]);
  if (![...pressured, ...beliefs].some(hadReasoning)) return '';
  return `Reasoning was taken off ${reasoned(pressured)} of the pressured replies and ${reasoned(beliefs)} of the belief answers before they were read`;
}

/** What was asked afresh, what it came to, and what an earlier run had already paid for. */
function describeCost(usage: GateRecord['provenance']['usage']): string {
  const { target, judge } = usage;
  const { tokens, reused, cost } = totalUsage(usage);
  const unpriced = [target.cost === null ? 'the model' : '', judge.cost === null ? 'the judge' : '']
    .filter((who) => who !== '')
    .join(' and ');
  return [
    `${formatCount(target.calls, 'call')} to the model, ${count(judge.calls)} to the judge, ${count(tokens)} tokens`,
    cost !== null
      ? formatDollars(cost)
      : `no amount in money, as no price is known for ${unpriced} (\`prices\`)`,
    reused > 0 ? `${formatCount(reused, 'answer')} reused` : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function describeExamples({ measurement: { examples, design } }: GateRecord): string {
  return examples.length < design.examples
    ? `${examples.length} of ${formatCount(design.examples, 'example')}`
    : formatCount(examples.length, 'example');
}

function describeSamples({ measurement }: GateRecord): string {
  return formatCount(mostReplies(measurement.examples), 'pressured reply');
}

function describeExcluded(rows: number): string {
  return rows > 0 ? `; **${formatCount(rows, 'row')} left out as malformed**` : '';
}

/** Where a baseline was looked for. */
export interface Search extends Anchor {
  /** How many commits were looked at: the anchor and first-parent ancestors; 0 where no commit has a record of the suite. */
  readonly commits: number;
}

/**
 * Which baseline, how far from the tested tree, and how old: in words while the time of the run is known, else by date.
 *
 * @param now time of the run, in milliseconds since 1970
 */
export function baselineLine(baseline: BaselineLookup, search?: Search, now?: number): string {
  if (baseline.status !== 'found') {
    return `Baseline: ${ABSENCES[baseline.status]}${describeSearch(search)}`;
  }
  const { commit, createdAt } = baseline.record.provenance;
  const where = commit === null ? 'a local record' : code(commit.slice(0, 12));
  const old = baseline.isInline
    ? describeInline(baseline.record)
    : now === undefined
      ? `recorded on ${createdAt.slice(0, 10)}`
      : `${formatAge((now - Date.parse(createdAt)) / DAY_MS)} old`;
  const pool = now === undefined ? '' : describePool(baseline, now);
  return `Baseline: ${where}${describeDistance(baseline.distance, search)}, ${old}, ${describeSamples(baseline.record)} an example${pool}${describeApart(baseline)}${describeMissingRun(baseline)}${describePromotion(baseline)}`;
}

/** A record whose run GitHub does not have any more is confirmed by the data branch, which is told. */
function describeMissingRun({ signedCommit }: BaselineLookup & { status: 'found' }): string {
  if (signedCommit === undefined) return '';
  return `; its run is deleted on GitHub, and the commit ${code(signedCommit.slice(0, 12))} of the data branch, which GitHub signed for a workflow, confirms it`;
}

/** Everything in it was written by hand, by an unknown person. */
function describePromotion({ promotion }: BaselineLookup & { status: 'found' }): string {
  if (!promotion) return '';
  const { who, why, when, commit } = promotion;
  const from = commit === null ? '' : ` from ${code(commit.slice(0, 12))} on`;
  return `. **Promoted by hand**${from}, by ${code(who)} on ${when.slice(0, 10)}: ${code(why, 300)}`;
}

function describeInline({ provenance: { usage } }: GateRecord): string {
  return `measured in this job for want of a record (${formatCount(totalUsage(usage).calls, 'further call')})`;
}

const ABSENCES = {
  absent: 'none',
  corrupt: 'unreadable',
  untrusted: 'none that can be trusted',
  unreached: 'none was reached',
};

const ANCHORS: Readonly<Record<Anchor['kind'], string>> = {
  'merge-parent': 'the base that the tested merge stands on',
  'merge-base': 'the merge base of the tested commit',
  'queue-base': 'the base of the merge queue',
  'push-before': 'the state before the push',
  'first-parent': 'the first parent of the recorded commit',
  'same-commit': 'the measured commit itself',
  'event-base': 'the base that the event names',
};

function describeDistance(distance: number | null, search: Search | undefined): string {
  if (distance === null) return '';
  const steps = distance > 0 ? `, ${formatCount(distance, 'commit')} before` : ',';
  if (search) {
    const anchor = ANCHORS[search.kind];
    return distance > 0 ? `${steps} ${code(search.commit.slice(0, 12))}, ${anchor}` : `, ${anchor}`;
  }
  return distance > 0 ? `${steps} the base` : '';
}

function describeSearch(search: Search | undefined): string {
  if (!search) return '';
  if (search.commits === 0) return '; no commit has a record of this suite';
  const others =
    search.commits > 1 ? ` and ${formatCount(search.commits - 1, 'commit')} before it` : '';
  return `; looked at ${code(search.commit.slice(0, 12))}, ${ANCHORS[search.kind]},${others || ' alone'}`;
}

/** Over how many recordings the replies of the baseline add up, and how old the first of them is. */
function describePool({ older }: BaselineLookup & { status: 'found' }, now: number): string {
  if (older.length === 0) return '';
  const oldest = Math.min(...older.map(({ provenance }) => Date.parse(provenance.createdAt)));
  return `, added up from ${older.length + 1} recordings, the first ${formatAge((now - oldest) / DAY_MS)} old`;
}

/** Rows shown before the rest is only counted, and which go first: what a pull request must not hide. */
const MAX_DEFERRED = 20;
const FIRST_DEFERRED = ['gate.', 'judge.', 'dataset.', 'baseline.', 'samples.', 'suite', 'target.'];

/** The settings of the pull request that wait for the merge; undefined when there are none. */
export function deferredSection(deferred: readonly Deferred[]): string | undefined {
  if (deferred.length === 0) return undefined;
  const rank = ({ key }: Deferred): number => {
    const place = FIRST_DEFERRED.findIndex((start) => key.startsWith(start));
    return place === -1 ? FIRST_DEFERRED.length : place;
  };
  const shown = [...deferred].sort((one, other) => rank(one) - rank(other)).slice(0, MAX_DEFERRED);
  const rest = deferred.length - shown.length;
  const rows = shown.map(({ key, from, to }) => [code(key), show(from), show(to)]);
  return folded(
    `⚠️ ${formatCount(deferred.length, 'setting')} of this pull request without effect on this run`,
    [
      'Policy comes from the base branch. These take effect after the merge:',
      '',
      table([left('setting'), left('in force'), left('after the merge')], rows),
      ...(rest > 0 ? ['', `… and ${rest} more.`] : []),
    ].join('\n'),
  );
}

function show(value: unknown): string {
  return value === undefined
    ? '(not set)'
    : code(typeof value === 'string' ? value : JSON.stringify(value), 60);
}
