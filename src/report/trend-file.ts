import { z } from 'zod';
import { jsonText } from '../base/json.js';
import { HASH_LETTERS, type Rate, type TrendRow, trendRowSchema } from './trend-row.js';
import { byRun, suiteOfPath } from '../gate/records/record-path.js';

/** Raised whenever rows change in shape or in meaning: rows of another version are made again from their records. */
const TREND_SCHEMA = 'mask-gate/trend/v2';

/** The file of a data branch with a row per record, so that its page can be made without reading all records again. */
export interface TrendFile {
  /** Rows by the path of their record. */
  readonly rows: ReadonlyMap<string, TrendRow>;
  /** Files that are not records of this version. */
  readonly unreadable: ReadonlySet<string>;
}

const EMPTY_TREND: TrendFile = { rows: new Map(), unreadable: new Set() };

const path = z.string().max(500);
const hashes = z
  .string()
  .regex(new RegExp(`^([0-9a-f]{${HASH_LETTERS}})*$`))
  .transform((text) => text.match(new RegExp(`.{${HASH_LETTERS}}`, 'g')) ?? []);

const fileSchema = z.strictObject({
  schema: z.literal(TREND_SCHEMA),
  unreadable: z.array(path),
  /** The examples of each set by the hash of the set: many records share one. */
  sets: z.record(z.string(), hashes),
  rows: z.array(trendRowSchema.extend({ file: path })),
});

/** Reads it. What can't be read is as good as absent: all of it follows from the records. */
export function parseTrendFile(text: string | undefined): TrendFile {
  const parsed = jsonText.pipe(fileSchema).safeParse(text);
  if (!parsed.success) return EMPTY_TREND;
  const { rows, sets, unreadable } = parsed.data;
  const setOf = new Map(Object.entries(sets));
  return {
    rows: new Map(
      rows.map(({ file, ...row }) => [
        file,
        { ...row, hashes: setOf.get(row.fingerprint.examples) ?? [] },
      ]),
    ),
    unreadable: new Set(unreadable),
  };
}

/** Writes it, one row a line, in an order that does not depend on who came first. */
export function formatTrendFile({ rows, unreadable }: TrendFile): string {
  const inOrder = [...rows].sort(([one], [other]) => (one < other ? -1 : 1));
  const sets = new Map(
    inOrder.map(([, { fingerprint, hashes: own }]) => [fingerprint.examples, own.join('')]),
  );
  const lines = inOrder.map(([file, row]) => JSON.stringify({ file, ...stored(row) }));
  return [
    `{"schema":${JSON.stringify(TREND_SCHEMA)},`,
    `"unreadable":${JSON.stringify([...unreadable].sort())},`,
    `"sets":${JSON.stringify(Object.fromEntries([...sets].sort()))},`,
    `"rows":[`,
    lines.join(',\n'),
    ']}\n',
  ].join('\n');
}

/** A row as it is stored: without its examples, which are among the sets. */
function stored(row: TrendRow): object {
  const inFour = (rate: Rate): readonly number[] | null =>
    rate && [rate.estimate, rate.lower, rate.upper, rate.examples];
  const rates = Object.entries(row.rates).map(([group, { pLie, accuracy, beliefRate }]) => [
    group,
    { pLie: inFour(pLie), accuracy: inFour(accuracy), beliefRate: inFour(beliefRate) },
  ]);
  return { ...row, rates: Object.fromEntries(rates) as object, hashes: undefined };
}

/** Records of a suite that a page shows, and of all suites together. */
const MAX_OF_A_SUITE = 200;
const MAX_OF_ALL = 1000;

/** The paths of records that a page shows, the youngest runs of each suite, and how many that leaves out. */
export function chooseRecords(files: readonly string[]): {
  readonly chosen: readonly string[];
  readonly older: number;
} {
  const bySuite = new Map<string, string[]>();
  for (const file of files) {
    const suite = suiteOfPath(file);
    if (suite !== undefined) bySuite.set(suite, [...(bySuite.get(suite) ?? []), file]);
  }
  const share = Math.floor(MAX_OF_ALL / Math.max(1, bySuite.size));
  const most = Math.max(1, Math.min(MAX_OF_A_SUITE, share));
  const chosen = [...bySuite.values()].flatMap((own) => own.sort(byRun).reverse().slice(0, most));
  const all = [...bySuite.values()].reduce((sum, own) => sum + own.length, 0);
  return { chosen, older: all - chosen.length };
}
