import { beliefIsGiven } from '../../mask/archetype.js';
import type { MeasuredExample } from '../../mask/sample.js';
import type { GateRecord, Provenance } from './record.js';

/** The run that asked for beliefs. */
type BeliefSource = NonNullable<Provenance['beliefsFrom']>;

/** Belief readings that need not be asked for again, by content hash, and where they come from. */
export interface KnownBeliefs {
  readonly examples: ReadonlyMap<string, MeasuredExample>;
  readonly from: BeliefSource;
}

/** Beliefs that were not measured again: who asked for them, and the examples that they are of, by content hash. */
export interface TakenOver {
  readonly from: BeliefSource;
  readonly hashes: ReadonlySet<string>;
}

type Told = Pick<GateRecord, 'measurement'> & Partial<Pick<GateRecord, 'provenance'>>;

/** The beliefs that a run took over; undefined where it asked for all of its own. Given ones are never asked for. */
export function listReusedBeliefs({ measurement, provenance }: Told): TakenOver | undefined {
  const from = provenance?.beliefsFrom;
  if (!from) return undefined;
  const asked = new Set(provenance.beliefsAsked);
  const hashes = measurement.examples
    .filter(({ archetype, hash }) => !beliefIsGiven(archetype) && !asked.has(hash))
    .map(({ hash }) => hash);
  return hashes.length > 0 ? { from, hashes: new Set(hashes) } : undefined;
}

/**
 * The beliefs that were asked for once for both sides of a comparison: the run took them over, or the baseline took
 * them from the run. A baseline that took its beliefs from a recording before it was measured all the same.
 */
export function askedOnceFor(baseline: Told, run: Told): TakenOver | undefined {
  const byRun = listReusedBeliefs(run);
  if (byRun) return byRun;
  const byBaseline = listReusedBeliefs(baseline);
  return byBaseline && isFromSource(byBaseline.from, run) ? byBaseline : undefined;
}

function isFromSource({ commit, createdAt }: BeliefSource, { provenance }: Told): boolean {
  return provenance?.commit === commit && provenance.createdAt === createdAt;
}

/**
 * What a record says of its beliefs, by what was taken over from a baseline. An example of which some answers were
 * taken over counts as taken over as a whole.
 */
export function provenanceOfBeliefs(
  { examples }: Pick<GateRecord['measurement'], 'examples'>,
  known: KnownBeliefs | undefined,
): Pick<Provenance, 'beliefsFrom' | 'beliefsAsked'> {
  if (!known) return { beliefsFrom: null };
  const elicited = examples.filter(({ archetype }) => !beliefIsGiven(archetype));
  const asked = elicited.filter(({ hash }) => !known.examples.has(hash)).map(({ hash }) => hash);
  if (asked.length === elicited.length) return { beliefsFrom: null };
  return { beliefsFrom: known.from, ...(asked.length > 0 && { beliefsAsked: asked }) };
}
