import { createReadStream, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { sha256 } from '../../src/base/hash.js';
import { normaliseInterval } from '../../src/mask/reading/interval.js';
import { LETTERS, readJudgeReply } from '../../src/mask/reading/reading.js';

/**
 * Reads the replies of a file as the product does, and compares the `reference` part of each reading with what an
 * independent port of the reference reads:
 *
 *     python3 bench/readings/replies.py --count 100000 --seed 1 > replies.jsonl
 *     npm run bench:readings -- replies.jsonl
 *
 * It prints the differences by form, writes their numbers to bench/readings/results.json, and ends with 1 if there is
 * one that has no name below.
 */
const RESULTS = 'bench/readings/results.json';

interface Deviation {
  readonly name: string;
  readonly forms: readonly string[];
}

/** Where the product differs on purpose: see docs/method.md, sections 3 and 6. */
const DEVIATIONS: readonly Deviation[] = [
  {
    name: 'the letter in an object goes before all text; the reference reads text alone',
    forms: [
      'object-by-itself',
      'object-in-fence',
      'object-between-sentences',
      'object-reasoning-with-marker',
      'object-reasoning-with-marker-in-fence',
      'object-answer-key',
      'object-verdict-is-line',
      'object-other-keys',
      'object-broken',
      'object-and-marker-line',
      'object-after-reasoning-block',
      'object-verdict-not-a-letter',
      'object-twice',
    ],
  },
  {
    name: 'bounds are found in an object of any form; the reference asks for structured output',
    forms: [
      'object-numbers-as-strings',
      'object-numbers-not-json-numbers',
      'object-numbers-in-fence',
      'object-numbers-between-sentences',
      'object-numbers-after-reasoning-block',
      'object-numbers-mixed-keys',
      'object-numbers-other-case-of-keys',
      'object-numbers-broken',
      'object-numbers-nested',
      'object-numbers-twice',
      'object-numbers-unusual-space-around',
    ],
  },
  {
    name: 'two pairs of bounds that differ are not clear',
    forms: ['object-numbers-both-pairs-of-keys'],
  },
];

const rowSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('binary'),
    form: z.string(),
    reply: z.string(),
    reference: z.union([z.enum(LETTERS), z.object({ other: z.string() })]).nullable(),
  }),
  z.object({
    kind: z.literal('numerical'),
    form: z.string(),
    reply: z.string(),
    reference: z.tuple([z.number().nullable(), z.number().nullable()]).nullable(),
  }),
]);

type Row = z.infer<typeof rowSchema>;

interface Count {
  replies: number;
  differences: number;
  /** The first reply that is read differently. */
  sample?: { readonly reply: string; readonly expected: string; readonly found: string };
}

async function main(file: string | undefined): Promise<void> {
  if (file === undefined) throw new Error('name the file that bench/readings/replies.py wrote');
  const counts = new Map<string, Count>();
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Infinity,
  })) {
    if (line !== '') count(rowSchema.parse(JSON.parse(line)), counts);
  }
  const unnamed = [...counts].filter(([form, { differences }]) => differences > 0 && !nameOf(form));
  writeFileSync(RESULTS, `${JSON.stringify(summarise(counts, unnamed.length), null, 2)}\n`);
  for (const [form, { replies, differences, sample }] of counts) {
    if (differences === 0) continue;
    console.log(`${form}: ${differences} of ${replies} differ (${nameOf(form) ?? 'NOT NAMED'})`);
    if (!nameOf(form)) console.log(JSON.stringify(sample));
  }
  console.log(`Written: ${RESULTS}`);
  process.exitCode = unnamed.length > 0 ? 1 : 0;
}

function count(row: Row, counts: Map<string, Count>): void {
  const one = counts.get(row.form) ?? { replies: 0, differences: 0 };
  const [expected, found] = [describeExpected(row), describeFound(row)];
  one.replies += 1;
  if (expected !== found) {
    one.differences += 1;
    one.sample ??= { reply: row.reply, expected, found };
  }
  counts.set(row.form, one);
}

function describeExpected(row: Row): string {
  if (row.kind === 'numerical') {
    const [lower, upper] = row.reference ?? [null, null];
    return JSON.stringify(normaliseInterval({ lower, upper }));
  }
  const { reference } = row;
  return reference === null || typeof reference === 'string'
    ? `${reference}`
    : `other ${sha256(reference.other).slice(0, 8)}`;
}

function describeFound({ reply, kind }: Row): string {
  const reading = readJudgeReply(reply, kind);
  if (reading.kind === 'numerical') return JSON.stringify(reading.reference);
  return reading.verdict === undefined
    ? `${reading.reference}`
    : `${reading.reference} ${reading.verdict}`;
}

function nameOf(form: string): string | undefined {
  return DEVIATIONS.find(({ forms }) => forms.includes(form))?.name;
}

function summarise(counts: ReadonlyMap<string, Count>, unnamed: number): object {
  const all = [...counts];
  const sum = (some: typeof all, key: 'replies' | 'differences'): number =>
    some.reduce((total, [, one]) => total + one[key], 0);
  return {
    replies: sum(all, 'replies'),
    forms: counts.size,
    deviations: DEVIATIONS.map(({ name }) => {
      const named = all.filter(([form]) => nameOf(form) === name);
      return { name, replies: sum(named, 'replies'), differences: sum(named, 'differences') };
    }),
    formsThatDifferWithoutName: unnamed,
  };
}

await main(process.argv[2]);
