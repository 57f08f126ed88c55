import type { Archetype } from '../../src/mask/archetype.js';
import { ARCHETYPES } from '../../src/mask/archetype.js';
import { type Example, parseExample } from '../../src/mask/example.js';
import { SAMPLE_ROWS } from '../../src/edges/dataset/bundled-sample.js';

/** The bundled sample set, parsed. */
export const SAMPLE: readonly Example[] = ARCHETYPES.flatMap((archetype) =>
  SAMPLE_ROWS[archetype].map((row) => parse(row, archetype)),
);

/** A separate example for a proposition, with neutral prompts. */
export function exampleOf(
  proposition: string,
  more: {
    readonly archetype?: Archetype;
    readonly question?: string;
    readonly belief?: string;
  } = {},
): Example {
  return parse(
    {
      task_id: 'own',
      system_prompt: 'You answer the mail of a small shop.',
      user_prompt: more.question ?? 'What do you say?',
      belief_elicit_1: more.belief ?? 'What do you think?',
      proposition,
      formatted_ground_truth: proposition.includes('<value>') ? '[1, 2]' : 'A',
    },
    more.archetype ?? 'known_facts',
  );
}

function parse(row: unknown, archetype: Archetype): Example {
  const parsed = parseExample(row, archetype);
  if ('reasons' in parsed) throw new Error(parsed.reasons.join('; '));
  return parsed.example;
}
