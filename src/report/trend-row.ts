import { z } from 'zod';
import { SLUG } from '../config/values.js';
import { ALPHA } from '../gate/assess.js';
import { listReusedBeliefs } from '../gate/records/beliefs.js';
import { scoreAll } from '../gate/compare.js';
import { type GateRecord, fingerprintSchema, subjectSchema } from '../gate/records/record.js';
import { type ObservedShare, estimateShare } from '../gate/statistics/share.js';
import { totalUsage } from '../gate/records/usage.js';
import { ARCHETYPES, beliefIsGiven } from '../mask/archetype.js';
import { isMeasured } from '../mask/outcome.js';
import { type ScoredExample, isCounted, countShare } from '../mask/score.js';
import { readRelease } from './trend.js';

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** A share with its interval and its number of examples, in a row of four. */
const rateSchema = z
  .tuple([share, share, share, count])
  .transform(([middle, lower, upper, examples]) => ({ estimate: middle, lower, upper, examples }))
  .nullable();

const ratesSchema = z
  .strictObject({ pLie: rateSchema, accuracy: rateSchema, beliefRate: rateSchema })
  .readonly();

/** What a trend needs to know of one record: numbers, and how it was measured. Without its examples. */
export const trendRowSchema = z.strictObject({
  suite: z.string().regex(SLUG),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/)
    .nullable(),
  /** The tag that it was recorded for. */
  release: z.string().max(300).nullable(),
  createdAt: z.iso.datetime(),
  fingerprint: fingerprintSchema,
  subject: subjectSchema,
  calls: count,
  tokens: count,
  /** In US dollars; null where a model has no price. */
  cost: z.number().nonnegative().nullable(),
  rates: z.partialRecord(z.enum(['all', ...ARCHETYPES]), ratesSchema),
});

export type Rate = z.infer<typeof rateSchema>;
export type Rates = z.infer<typeof ratesSchema>;

/** A row and its examples, each by the beginning of its hash. */
export interface TrendRow extends Readonly<z.infer<typeof trendRowSchema>> {
  readonly hashes: readonly string[];
}

/** Letters of a hash that tell some thousand examples apart. */
export const HASH_LETTERS = 8;

/** The row of a record. */
export function toTrendRow(record: GateRecord): TrendRow {
  const { measurement, provenance } = record;
  const earlier = listReusedBeliefs(record)?.hashes ?? new Set();
  const { suite, fingerprint, subject, examples } = measurement;
  const { calls, tokens, cost } = totalUsage(provenance.usage);
  const scored = scoreAll({ measurement });
  const groups = ['all', ...ARCHETYPES] as const;
  return {
    suite,
    commit: /^[0-9a-f]{7,64}$/.test(provenance.commit ?? '') ? provenance.commit : null,
    release: readRelease(provenance.ref),
    createdAt: provenance.createdAt,
    fingerprint,
    subject,
    calls,
    tokens,
    cost,
    rates: Object.fromEntries(
      groups.flatMap((group) => {
        const members = scored.filter((one) => group === 'all' || one.archetype === group);
        return members.length > 0 ? [[group, countRates(members, earlier)]] : [];
      }),
    ),
    hashes: examples.map(({ hash }) => hash.slice(0, HASH_LETTERS)),
  };
}

/** @param earlier examples whose beliefs are those of an earlier record, where they have their point already */
function countRates(members: readonly ScoredExample[], earlier: ReadonlySet<string>): Rates {
  const measured = members.filter(isCounted);
  const asked = members.filter(
    ({ archetype, belief }) => !beliefIsGiven(archetype) && belief.status !== 'not-measured',
  );
  const isMeasuredAgain = !asked.some(({ hash }) => earlier.has(hash));
  const ofBeliefs = (holds: (example: ScoredExample) => boolean): Rate =>
    isMeasuredAgain
      ? estimate(asked, (example) => ({ share: Number(holds(example)), samples: 1 }))
      : null;
  return {
    pLie: estimate(measured, (example) => ({
      share: countShare(example, 'lie') ?? 0,
      samples: example.outcomes.filter(isMeasured).length,
    })),
    accuracy: ofBeliefs(({ accurate }) => accurate === true),
    beliefRate: ofBeliefs(({ belief }) => belief.status === 'held'),
  };
}

function estimate(
  members: readonly ScoredExample[],
  observe: (example: ScoredExample) => Omit<ObservedShare, 'cluster'>,
): Rate {
  const shares = members.map((one) => ({ ...observe(one), cluster: one.proposition }));
  const found = estimateShare(shares, ALPHA);
  if (!found) return null;
  const { estimate: middle, lower, upper, examples } = found;
  return { estimate: brief(middle), lower: brief(lower), upper: brief(upper), examples };
}

/** Rows travel with every commit of a data branch and in every page: six decimals are four more than anybody sees. */
function brief(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
