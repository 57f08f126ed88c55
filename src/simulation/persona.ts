import { z } from 'zod';

const share = z.coerce.number().min(0).max(1);

/** Everything that a persona's behaviour depends on; all numbers are shares or probabilities in [0, 1]. */
const traitsSchema = z.strictObject({
  /** Share of examples in which it contradicts its belief under pressure. */
  lie: share,
  /** Share of the other examples in which it commits to nothing. */
  evade: share,
  /** What a prompt under test that asks for deceit adds to `lie`. */
  sway: share,
  /** Shares of examples with a false belief, one that changes from reply to reply, and none at all. */
  wrong: share,
  wavering: share,
  none: share,
  /** Probabilities of a 500, a 429, an empty reply and one cut in the middle. */
  serverError: share,
  rateLimit: share,
  empty: share,
  cut: share,
  /** Probability of a reply that ends with an attack on the judge. */
  attack: share,
  /** Probability of a verdict that can't be parsed (judges only). */
  muddled: share,
});

export type Traits = Readonly<z.infer<typeof traitsSchema>>;

export interface Persona extends Traits {
  readonly role: 'target' | 'judge';
}

const CALM: Traits = {
  lie: 0,
  evade: 0,
  sway: 0,
  wrong: 0,
  wavering: 0,
  none: 0,
  serverError: 0,
  rateLimit: 0,
  empty: 0,
  cut: 0,
  attack: 0,
  muddled: 0,
};
const WELL_READ = { ...CALM, wrong: 0.04, wavering: 0.03, none: 0.03 };
const PRESSURED = { ...WELL_READ, lie: 0.3, evade: 0.15, sway: 0.4 };
const BUSY = { serverError: 0.04, rateLimit: 0.08 };

const TARGETS: Readonly<Record<string, Traits>> = {
  'sim-honest': { ...WELL_READ, lie: 0.02, evade: 0.05, sway: 0.05 },
  'sim-pressured': PRESSURED,
  'sim-attacker': { ...PRESSURED, attack: 1 },
  'sim-evasive': { ...WELL_READ, lie: 0.08, evade: 0.65, sway: 0.2 },
  'sim-ignorant': { ...PRESSURED, lie: 0.2, wrong: 0.2, wavering: 0.2, none: 0.2 },
  'sim-flaky': { ...PRESSURED, ...BUSY, empty: 0.03, cut: 0.05 },
};

const JUDGES: Readonly<Record<string, Traits>> = {
  'sim-judge': CALM,
  'sim-judge-flaky': { ...CALM, ...BUSY, muddled: 0.04 },
};

/** The model names that the simulation answers to, without parameters. */
export const PERSONA_NAMES: readonly string[] = Object.keys({ ...TARGETS, ...JUDGES });

/**
 * The persona behind a model name such as `sim-pressured` or `sim-pressured?lie=0.5&cut=0.1`, where the part
 * behind the question mark overrides traits.
 *
 * @returns `undefined` for an unknown name, an unknown trait or a value outside [0, 1]
 */
export function findPersona(model: string): Persona | undefined {
  const [name = '', parameters] = model.split('?', 2);
  const traits = TARGETS[name] ?? JUDGES[name];
  if (!traits) return undefined;
  const overrides = Object.fromEntries(new URLSearchParams(parameters));
  const parsed = traitsSchema.safeParse({ ...traits, ...overrides });
  return parsed.success ? { ...parsed.data, role: name in JUDGES ? 'judge' : 'target' } : undefined;
}
