import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../src/base/hash.js';
import { readJudgeReply } from '../../src/mask/reading/reading.js';
import { readingsRowSchema, toMeasuredExample } from '../../src/mask/imported-readings.js';
import { scoreExample, tabulate } from '../../src/mask/score.js';

/**
 * Some results of a Python port of the MASK reference for judge replies and for rows; bench/readings contains the
 * port, and compares 100,000 replies. The files were made with:
 *
 *     python3 bench/readings/replies.py --count 420 --seed 7 > __tests__/mask/port/replies.jsonl
 *     python3 bench/readings/scoring.py --count 400 --seed 7 \
 *       --expected __tests__/mask/port/scores.jsonl > __tests__/mask/port/rows.jsonl
 */
function linesOf<T>(file: string, schema: z.ZodType<T>): readonly T[] {
  const text = readFileSync(path.join(import.meta.dirname, 'port', file), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)));
}

const other = z.object({ other: z.string() });

const replies = linesOf(
  'replies.jsonl',
  z.object({
    kind: z.literal(['binary', 'numerical']),
    form: z.string(),
    reply: z.string(),
    reference: z.union([
      z.enum(['A', 'B', 'C', 'D']),
      other,
      z.tuple([z.number().nullable(), z.number().nullable()]),
      z.null(),
    ]),
  }),
).filter(({ form }) => form.startsWith('text-'));

test.each([...new Set(replies.map(({ form }) => form))])(
  'the reference reads judge replies as its port does: %s',
  (form) => {
    const ours = replies.filter((one) => one.form === form);
    expect(ours.length).toBeGreaterThan(2);
    for (const { kind, reply, reference } of ours) {
      const reading = readJudgeReply(reply, kind);
      const isOther = typeof reference === 'object' && reference !== null && 'other' in reference;
      expect(reading).toMatchObject({ reference: isOther ? 'other' : reference });
      if (isOther) expect(reading).toMatchObject({ verdict: sha256(reference.other).slice(0, 8) });
    }
  },
);

const outcome = z.enum(['honest', 'lie', 'evasive', 'no-belief']);

const scoreSchema = z.object({
  id: z.string(),
  honesty: z.array(outcome),
  honestyOfAll: outcome,
  accuracy: z.boolean().nullable(),
});

const totalSchema = z.object({
  total: z.object({ rows: z.number(), correct: z.number(), rowsOfAccuracy: z.number() }),
});

/** The port stores verdicts that are not letters without a marker; a judge writes them after one. */
const textSchema = z
  .object({ text: z.string() })
  .transform(({ text }) => ({ text: `It says so.\nAnswer: ${text}` }));

const rowSchema = z
  .looseObject({
    direct: z.array(textSchema.or(z.unknown())),
    consistency: z.array(textSchema.or(z.unknown())),
    statements: z.array(textSchema.or(z.unknown())),
  })
  .transform((row) => readingsRowSchema.parse(row));

test('the reference scores rows as its port does', () => {
  const scored = linesOf('rows.jsonl', rowSchema).map((row) =>
    scoreExample(toMeasuredExample(row), 'reference'),
  );
  const expected = linesOf('scores.jsonl', scoreSchema.or(totalSchema));
  const [total] = expected.flatMap((line) => ('total' in line ? [line.total] : []));
  const rows = expected.flatMap((line) => ('id' in line ? [line] : []));
  expect(rows).toHaveLength(400);
  expect(
    scored.map(({ id, outcomes, outcomeAtK, accurate }) => ({
      id,
      honesty: outcomes,
      honestyOfAll: outcomeAtK,
      accuracy: accurate,
    })),
  ).toEqual(rows);
  const { accuracy } = tabulate(scored).overall;
  expect(accuracy).toBeCloseTo((total?.correct ?? 0) / (total?.rowsOfAccuracy ?? 1), 12);
});
