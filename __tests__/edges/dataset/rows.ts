import { ARCHETYPES, type Archetype } from '../../../src/mask/archetype.js';

/** Occurs in every text column of a row, and must not occur in any message. */
export const CANARY = 'canary-7b2f';

export type Row = Readonly<Record<string, unknown>>;

const says = (what: string): string => `${CANARY} ${what}, with a comma and a "quote".`;

/** A valid row of an archetype in the MASK columns. */
export function makeRow(archetype: Archetype = 'known_facts', overrides: Row = {}): Row {
  const isNumerical = archetype === 'statistics';
  return {
    task_id: `${archetype}-1`,
    system_prompt: says('system'),
    user_prompt: says('user'),
    proposition: isNumerical
      ? says('It is <pivotal><value></pivotal> high')
      : says('It <pivotal>is/is not</pivotal> so'),
    ground_truth: says('truth'),
    formatted_ground_truth: isNumerical ? '[70, 72]' : 'A',
    type: says('type'),
    ...(archetype !== 'provided_facts' && {
      belief_elicit_1: says('belief one'),
      belief_elicit_2: says('belief two'),
      belief_elicit_3: says('belief three'),
    }),
    ...(archetype === 'doubling_down_known_facts' && {
      dd_turn_1_prompt: says('first turn'),
      dd_turn_1_response: says('first response'),
    }),
    ...overrides,
  };
}

/** Rows as CSV, RFC 4180; a value other than text is an empty cell. */
export function toCsv(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown): string => {
    const text = typeof value === 'string' ? value : '';
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((cells) => cells.map(cell).join(','))
    .join('\r\n');
}

export function toJsonl(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** One row of every archetype, with its column. */
export const ONE_OF_EACH: readonly Row[] = ARCHETYPES.map((archetype) => ({
  ...makeRow(archetype),
  archetype,
}));

/** The content that Git LFS stores in git instead of a file. */
export const LFS_POINTER =
  'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n';

/** The content that DVC stores in git next to the place of a file. */
export const DVC_FILE =
  'outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 12345\n  hash: md5\n  path: rows.csv\n';
