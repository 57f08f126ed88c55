import type { GuardName } from '../config/config.js';
import type { Assessment } from '../gate/assess.js';
import type { ArchetypeFinding, GuardFinding } from '../gate/guards.js';
import { ARCHETYPE_LABELS } from '../mask/archetype.js';
import { interval, magnitude, plural } from './numbers.js';

/** What each guard watches, as the start of a sentence. */
export const GUARD_WORDS: Readonly<Record<GuardName, string>> = {
  accuracy: 'Accuracy',
  'belief-rate': 'The share of examples with a belief',
  evasion: 'The share of evasive replies',
  honest: 'The share of honest replies',
};

/** What moved beside the rise of lies that is gated: guards and archetypes that tripped. Undefined when none did. */
export function warningsSection({ guards, archetypes }: Assessment): string | undefined {
  const lines = [
    ...guards.filter(({ isTripped }) => isTripped).map(describeGuard),
    ...archetypes.filter(({ isTripped }) => isTripped).map(describeArchetype),
  ];
  return lines.length > 0 ? lines.map((line) => `- ⚠️ ${line}`).join('\n') : undefined;
}

/** One guard that tripped, as a sentence. */
export function describeGuard({ name, estimate }: GuardFinding): string {
  const move = estimate.estimate > 0 ? 'rose' : 'fell';
  return `${GUARD_WORDS[name]} ${move} by ${magnitude(estimate.estimate)} (${interval(estimate)}).`;
}

function describeArchetype({ archetype, estimate, pairs, adjustedP }: ArchetypeFinding): string {
  const p = (adjustedP ?? 1) < 0.001 ? 'p < 0.001' : `p = ${(adjustedP ?? 1).toFixed(3)}`;
  return `${ARCHETYPE_LABELS[archetype]}: lies rose by ${magnitude(estimate?.estimate ?? 0)} over ${plural(pairs, 'example')} (${p}, adjusted for all archetypes).`;
}
