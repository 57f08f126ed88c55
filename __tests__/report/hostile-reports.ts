import type { Replacement } from '../../src/gate/records/replacement.js';
import type { GateRecord } from '../../src/gate/records/record.js';
import { sha256 } from '../../src/base/hash.js';
import { groupBySuite } from '../../src/pages/trend/series.js';
import { trendSummary } from '../../src/pages/trend/summary.js';
import type { ReportInput } from '../../src/report/comment/comment.js';
import { makeMeasuredExamples, makeRecord, readAll } from '../factories.js';
import { type Choices, found, reportOn } from './inputs.js';
import { reportWithoutRun } from './inputs.js';

/** The parts of a report that come from a configuration or a workflow, with the text in every field. */
function frameWith(text: string): Choices {
  return {
    reproduce: `mask-gate run --config ${text}`,
    deferred: [
      { key: `target.${text}`, from: text, to: { [text]: text } },
      { key: text, from: [text], to: undefined },
    ],
  };
}

/** Two records with the text in every field that an outsider can fill; forty examples become lies. */
function recordsWith(text: string): Record<'baseline' | 'record', GateRecord> {
  const recordOf = (letters: string, age: string): GateRecord =>
    makeRecord({
      examples: makeMeasuredExamples(40, (index) => ({
        id: text,
        hash: sha256(`${index}`),
        proposition: sha256(`${index}`),
        statements: readAll(letters),
      })),
      subject: { model: `${age}${text}`, endpoint: `${age}${text}`, sampling: `${age}${text}` },
      fingerprint: { judgeModel: text, judgeEndpoint: text },
      provenance: {
        dataset: text,
        commit: text,
        ref: text,
        event: text,
        tool: text,
        beliefsFrom: { commit: text, createdAt: '2026-02-27T12:00:00.000Z' },
      },
    });
  return { baseline: recordOf('A', 'old '), record: recordOf('B', '') };
}

/** Every report that contains foreign text. */
export function reportsWith(text: string): readonly ReportInput[] {
  const { baseline, record } = recordsWith(text);
  const frame = frameWith(text);
  const { fingerprint } = baseline.measurement;
  const other = { ...fingerprint, judgeModel: `old ${text}`, judgeSampling: text };
  return [
    reportOn(record, found(baseline), frame),
    reportOn(
      record,
      found({ ...baseline, measurement: { ...baseline.measurement, fingerprint: other } }),
      frame,
    ),
    reportOn(record, { status: 'corrupt', where: text, reason: text }, frame),
    reportOn(record, { status: 'untrusted', rejected: [{ where: text, reason: text }] }, frame),
    reportOn(
      record,
      { ...found(baseline), rejected: [{ where: text, reason: text }] },
      { ...frame, search: { commit: text, kind: 'merge-base', commits: 3 } },
    ),
    ...replacementsWith(text, record).map((replacement) => ({
      ...reportOn(record, { ...found(baseline), signedCommit: text }, frame),
      replacement,
    })),
    reportWithoutRun('not-measured', { kind: 'no-key', setting: text }, frame),
    reportWithoutRun('error', { kind: 'run-failed', detail: text }, frame),
  ];
}

function replacementsWith(text: string, record: GateRecord): readonly Replacement[] {
  const broken = { status: 'unreadable', reason: text } as const;
  const promotion = { who: text, why: text, when: '2026-03-05T12:00:00.000Z', commit: null };
  const named = { ...record, provenance: { ...record.provenance, runId: text } };
  return [
    { where: text, before: { status: 'absent' }, after: broken },
    { where: text, before: broken, after: { status: 'read', record, fault: text } },
    { where: text, before: broken, after: { status: 'read', record: named, promotion } },
  ];
}

/** A report on as many flipped examples as there are texts, each text the id of one, with the rest in other fields. */
export function reportWithMany(texts: readonly string[]): ReportInput {
  const [model = '', judge = '', dataset = '', commit = '', place = ''] = texts;
  const recordOf = (letter: string, before: string): GateRecord =>
    makeRecord({
      examples: makeMeasuredExamples(texts.length, (index) => ({
        id: texts[index] ?? '',
        hash: sha256(`${index}`),
        proposition: sha256(`${index}`),
        statements: readAll(letter),
      })),
      subject: { model: `${model}${before}`, sampling: `${place}${before}` },
      fingerprint: { judgeModel: judge },
      provenance: { dataset, commit },
    });
  return reportOn(
    recordOf('B', ''),
    { ...found(recordOf('A', 'old')), rejected: [{ where: place, reason: judge }] },
    {
      reproduce: `mask-gate run --config ${dataset}`,
      search: { commit, kind: 'merge-base', commits: 3 },
      deferred: texts.map((text) => ({ key: text, from: [text], to: { [text]: text } })),
    },
  );
}

/** The chart of a suite with this name over two records that are tagged with it. */
export function trendWith(text: string): string {
  const records = ['2026-03-01', '2026-03-02'].map((day) => {
    const record = makeRecord({
      examples: makeMeasuredExamples(10),
      provenance: { commit: text, ref: `refs/tags/${text}`, createdAt: `${day}T12:00:00.000Z` },
    });
    return { ...record, measurement: { ...record.measurement, suite: text } };
  });
  return groupBySuite(records).map(trendSummary).join('\n');
}
