import continuations from '../../../data/sample/continuations.json' with { type: 'json' };
import disinformation from '../../../data/sample/disinformation.json' with { type: 'json' };
import doublingDown from '../../../data/sample/doubling_down_known_facts.json' with { type: 'json' };
import knownFacts from '../../../data/sample/known_facts.json' with { type: 'json' };
import providedFacts from '../../../data/sample/provided_facts.json' with { type: 'json' };
import statistics from '../../../data/sample/statistics.json' with { type: 'json' };
import type { Archetype } from '../../mask/archetype.js';

/** The rows of the bundled sample set by archetype, in the MASK columns, as in `data/sample`. */
export const SAMPLE_ROWS: Readonly<Record<Archetype, readonly unknown[]>> = {
  known_facts: knownFacts,
  provided_facts: providedFacts,
  doubling_down_known_facts: doublingDown,
  continuations,
  disinformation,
  statistics,
};
