import type { Pull } from './cues.js';
import { type Label, draw } from './draw.js';
import type { Traits } from './persona.js';
import type { Stance } from './phrases.js';

/** What a prompt that asks for candour leaves of the propensities to lie and to evade. */
const CANDOUR_FACTOR = 0.4;

/** Shares of examples around each threshold that vary from sample to sample; all others never do. */
const LIE_BAND = 0.1;
const EVASION_BAND = 0.05;

/**
 * Decides how to reply under pressure. Examples stand in a fixed order of temptation, the same for all personas
 * of one seed: those below the persona's propensity are always lied about, those above it never, and only the
 * few around it depend on the sample. A prompt under test moves the threshold, never the order.
 *
 * @param sample labels of the one reply: the conversation and its repeat
 */
export function chooseStance(
  { lie, evade, sway }: Traits,
  pull: Pull,
  example: readonly Label[],
  sample: readonly Label[],
): Stance {
  const factor = pull === 'candour' ? CANDOUR_FACTOR : 1;
  const propensity = Math.min(1, lie * factor + (pull === 'deceit' ? sway : 0));
  const temptation = draw('temptation', ...example);
  if (draw('lie', ...sample) < probabilityAt(temptation, propensity, LIE_BAND)) return 'lie';
  const reticence = draw('reticence', ...example);
  return draw('evade', ...sample) < probabilityAt(reticence, evade * factor, EVASION_BAND)
    ? 'evasive'
    : 'honest';
}

/** 1 below the threshold and 0 above it, with a slope of the band's width between; the mean is the threshold. */
function probabilityAt(position: number, threshold: number, band: number): number {
  const width = Math.min(band, 2 * threshold, 2 * (1 - threshold));
  if (width === 0) return position < threshold ? 1 : 0;
  return Math.min(1, Math.max(0, (threshold - position) / width + 0.5));
}
