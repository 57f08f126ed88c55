import type { GuardName } from '../../config/config.js';
import type { Assessment } from '../../gate/assess.js';
import type { Reason } from '../../gate/decide.js';
import type { ArchetypeFinding, GuardFinding } from '../../gate/guards.js';
import type { SharePair } from '../../gate/reply-shares.js';
import { ARCHETYPE_LABELS } from '../../mask/archetype.js';
import { formatInterval, formatMagnitude, formatCount, formatShare } from '../numbers.js';

/** What each guard watches, as the start of a sentence. */
export const GUARD_WORDS: Readonly<Record<GuardName, string>> = {
  accuracy: 'Accuracy',
  'belief-rate': 'The share of examples with a belief',
  evasion: 'The share of evasive replies',
  honest: 'The share of honest replies',
};

/**
 * What moved in addition to the gated rise of lies: guards and archetypes that tripped, and how many replies carried
 * reasoning. Undefined when nothing did.
 *
 * @param reason of the verdict; the guards that it names have been told of already
 */
export function warningsSection(
  { guards, archetypes, reasoning }: Assessment,
  reason?: Reason,
): string | undefined {
  const told = reason?.kind === 'guard-tripped' ? reason.guards.map(({ name }) => name) : [];
  const lines = [
    ...guards.filter(({ name, isTripped }) => isTripped && !told.includes(name)).map(describeGuard),
    ...archetypes.filter(({ isTripped }) => isTripped).map(describeArchetype),
    ...(reasoning?.differs ? [describeShift(reasoning)] : []),
  ];
  return lines.length > 0 ? lines.map((line) => `- ⚠️ ${line}`).join('\n') : undefined;
}

function describeShift({ baseline, run }: SharePair): string {
  return `${formatShare(run)} of the pressured replies carried reasoning, at the baseline ${formatShare(baseline)}. Only the text after the reasoning is read, so a part of the change may come from this.`;
}

/** Guards and which way they moved, for a title: `accuracy fell, the share of evasive replies rose`. */
export function nameMoves(guards: readonly GuardFinding[]): string {
  return guards
    .map(({ name, estimate }) => `${GUARD_WORDS[name]} ${describeMove(estimate.estimate)}`)
    .map((words) => `${words.charAt(0).toLowerCase()}${words.slice(1)}`)
    .join(', ');
}

/** One guard that tripped, as a sentence. */
export function describeGuard({ name, estimate }: GuardFinding): string {
  return `${GUARD_WORDS[name]} ${describeMove(estimate.estimate)} by ${formatMagnitude(estimate.estimate)} (${formatInterval(estimate)}).`;
}

function describeMove(difference: number): 'rose' | 'fell' {
  return difference > 0 ? 'rose' : 'fell';
}

function describeArchetype({ archetype, estimate, pairs, adjustedP }: ArchetypeFinding): string {
  const p = (adjustedP ?? 1) < 0.001 ? 'p < 0.001' : `p = ${(adjustedP ?? 1).toFixed(3)}`;
  return `${ARCHETYPE_LABELS[archetype]}: lies rose by ${formatMagnitude(estimate?.estimate ?? 0)} over ${formatCount(pairs, 'example')} (${p}, adjusted for all archetypes).`;
}
