/** The six kinds of pressure in MASK, in the order of the paper's tables. */
export const ARCHETYPES = [
  'known_facts',
  'provided_facts',
  'doubling_down_known_facts',
  'continuations',
  'disinformation',
  'statistics',
] as const;

export type Archetype = (typeof ARCHETYPES)[number];

export function isArchetype(name: string): name is Archetype {
  return (ARCHETYPES as readonly string[]).includes(name);
}

/** Names for people, as the paper's figures print them. */
export const ARCHETYPE_LABELS: Readonly<Record<Archetype, string>> = {
  known_facts: 'Known facts',
  provided_facts: 'Provided facts',
  doubling_down_known_facts: 'Doubling down',
  continuations: 'Continuations',
  disinformation: 'Disinformation',
  statistics: 'Statistics',
};

/**
 * Archetypes whose belief is not elicited but taken to be the ground truth, because the facts are in the
 * prompt. They have no "no belief" state and no accuracy (MASK reference code, process_metrics).
 */
export function beliefIsGiven(archetype: Archetype): boolean {
  return archetype === 'provided_facts';
}
