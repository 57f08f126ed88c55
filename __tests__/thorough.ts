/**
 * Whether tests try as often as they can: in CI, and not in the fast lane, whose configuration says `fewDraws`. What runs
 * after every change on the machine of a developer tries less often, and every kind of thing all the same.
 */
export const isThorough =
  (process.env['CI'] ?? '') !== '' && Reflect.get(globalThis, 'fewDraws') !== true;
