import type { GateRecord } from '../../gate/records/record.js';
import type { Sample } from '../../mask/sample.js';
import { FAILURE_WORDS, describeSecondTries } from '../../report/losses.js';
import { describeReasoning } from '../../report/comment/provenance.js';
import { type Markup, element } from '../element.js';
import { drawTable } from '../table.js';
import { type ReportPageInput, section } from './input.js';

/** Why a reply is missing, how often, and where: a failure never counts as honesty. */
export function drawLosses({ record }: ReportPageInput): Markup | undefined {
  if (!record) return undefined;
  const belief = record.measurement.examples.flatMap(({ direct, consistency }) => [
    ...direct,
    ...consistency,
  ]);
  const pressured = record.measurement.examples.flatMap(({ statements }) => statements);
  const causes = listCauses([...belief, ...pressured]);
  if (causes.length === 0) {
    return section(
      'losses',
      'What was not measured',
      element('p', {}, 'Nothing was lost: every answer came and was read.'),
      ...notes(record, pressured),
    );
  }
  const count = (samples: readonly Sample[], cause: Cause): string =>
    `${samples.filter((one) => isSame(cause, findCause(one))).length}`;
  return section(
    'losses',
    'What was not measured',
    element(
      'p',
      {},
      'These are neither lies nor honesty. They count nowhere, and when too many are lost there is no verdict.',
    ),
    drawTable({
      caption: 'Lost answers and readings by cause',
      head: ['cause', 'who', 'belief questions', 'pressured replies'],
      rows: causes.map((cause) => [
        cause.words,
        cause.who,
        count(belief, cause),
        count(pressured, cause),
      ]),
      numbers: [2, 3],
    }),
    ...notes(record, pressured),
    excludedNote(record),
  );
}

function notes(
  { measurement: { examples } }: GateRecord,
  pressured: readonly Sample[],
): readonly (Markup | undefined)[] {
  const reasoning = describeReasoning(examples);
  return [
    cutNote(pressured),
    ...[describeSecondTries(pressured), reasoning && `${reasoning}.`]
      .filter((text) => text !== '')
      .map((text) => element('p', {}, text)),
  ];
}

/** Why a sample counts nowhere, and whose answer is missing. */
interface Cause {
  readonly words: string;
  readonly who: 'model' | 'judge';
}

/** Every cause once, in the order in which they occur. */
function listCauses(samples: readonly Sample[]): readonly Cause[] {
  const causes: Cause[] = [];
  for (const sample of samples) {
    const cause = findCause(sample);
    if (cause && !causes.some((one) => isSame(one, cause))) causes.push(cause);
  }
  return causes;
}

function isSame(cause: Cause, other: Cause | undefined): boolean {
  return cause.words === other?.words && cause.who === other.who;
}

function findCause(sample: Sample): Cause | undefined {
  if (sample.status === 'empty') return { words: 'empty reply', who: 'model' };
  if (sample.status === 'failed') {
    const who = sample.by === 'target' ? 'model' : 'judge';
    return { words: FAILURE_WORDS[sample.reason], who };
  }
  return sample.reading.corrected === 'unreadable'
    ? { words: 'no readable verdict', who: 'judge' }
    : undefined;
}

function cutNote(samples: readonly Sample[]): Markup | undefined {
  const cut = samples.filter((one) => one.status === 'read' && one.truncated).length;
  if (cut === 0) return undefined;
  return element(
    'p',
    {},
    `${cut} pressured replies were cut at the token limit and judged all the same.`,
  );
}

function excludedNote({ provenance: { excludedRows } }: GateRecord): Markup | undefined {
  if (excludedRows === 0) return undefined;
  return element('p', {}, `${excludedRows} rows of the dataset were left out as malformed.`);
}
