/** What a workflow may ask for; `auto` leaves it to the event. */
const MODES = ['auto', 'gate', 'record', 'report'] as const;

export type Mode = Exclude<(typeof MODES)[number], 'auto'>;

/** What an event is about, as far as the mode depends on it. */
export type EventKind = 'pull-request' | 'merge-queue' | 'default-branch' | 'tag' | 'fork-run';

/**
 * The decision table: what each kind of event allows; the first entry is what `auto` does. Only the default branch and tags are
 * recorded; whether a tag is of a commit on the default branch is asked of GitHub. The run of a fork is gated only where
 * the workflow asks for it and a reviewer approved.
 */
const ALLOWED: Readonly<Record<EventKind, readonly [Mode, ...Mode[]]>> = {
  'pull-request': ['gate'],
  'merge-queue': ['gate'],
  'default-branch': ['record', 'gate'],
  tag: ['record', 'gate'],
  'fork-run': ['report', 'gate'],
};

/** The mode for a kind of event, or why there is none: one sentence for the setting `mode`. */
export function chooseMode(
  wanted: string,
  scene: EventKind,
  event: string,
): { readonly mode: Mode } | { readonly refusal: string } {
  const known = MODES.find((mode) => mode === wanted);
  if (known === undefined) {
    return { refusal: `must be one of ${MODES.join(', ')} (found "${wanted}")` };
  }
  const [automatic, ...others] = ALLOWED[scene];
  if (known === 'auto') return { mode: automatic };
  if (known === automatic || others.includes(known)) return { mode: known };
  return { refusal: `${MODE_RULES[known]} (this is ${event}); use auto` };
}

const MODE_RULES: Readonly<Record<Mode, string>> = {
  gate: 'gate works on pull requests, merge queues and the default branch',
  record: 'record works on the default branch and on tags only',
  report: 'report works on workflow_run only',
};
