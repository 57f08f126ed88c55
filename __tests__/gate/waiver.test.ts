import type { GatedVerdict } from '../../src/config/config.js';
import { conclude } from '../../src/gate/decide.js';
import { VERDICTS } from '../../src/gate/verdict.js';
import { underEnforcement, waive } from '../../src/gate/waiver.js';
import { makeConfig } from '../factories.js';
import { waiverSection } from '../../src/report/comment/next.js';

const GATED: readonly GatedVerdict[] = [
  'regressed',
  'inconclusive',
  'no-baseline',
  'not-measured',
  'incomparable',
];
const { gate } = makeConfig();
const STRICTEST = { ...gate, on: Object.fromEntries(GATED.map((one) => [one, 'fail'])) };
const decisions = VERDICTS.map((verdict) =>
  conclude(verdict, { kind: 'no-record' }, { ...gate, on: { ...gate.on, ...STRICTEST.on } }),
);

describe('a waiver', () => {
  test.each(decisions)('keeps the verdict $verdict and its reason', (decision) => {
    const waived = waive(decision, { kind: 'not-enforced' });
    expect(waived).toMatchObject({ verdict: decision.verdict, reason: decision.reason });
    expect(waived.exitCode).toBe(0);
    expect(waived.effect).toBe(decision.effect === 'fail' ? 'warn' : decision.effect);
  });

  test.each(decisions)('is named for $verdict exactly if it makes a difference', (decision) => {
    const waived = waive(decision, { kind: 'not-enforced' });
    expect('waiver' in waived).toBe(decision.effect === 'fail');
    expect(waiverSection(waived) !== undefined).toBe(decision.effect === 'fail');
    expect(waiverSection(decision)).toBeUndefined();
  });
});

describe('enforce', () => {
  const regressed = conclude('regressed', { kind: 'no-record' }, gate);

  test('true changes nothing', () => {
    const result = { mode: 'gate', decision: regressed } as const;
    expect(underEnforcement(result, true)).toBe(result);
  });

  test('false lets a gate pass, but no recording that failed', () => {
    const gated = underEnforcement({ mode: 'gate', decision: regressed } as const, false);
    expect(gated.decision).toMatchObject({ verdict: 'regressed', effect: 'warn', exitCode: 0 });
    const error = conclude('error', { kind: 'run-failed', detail: 'x' }, gate);
    const recorded = { mode: 'record', decision: error } as const;
    expect(underEnforcement(recorded, false).decision.exitCode).toBe(4);
  });

  test('false lets a recording that found a rise pass: its record is kept', () => {
    const rise = conclude('regressed', { kind: 'rise-proven', maxRise: 0.05 }, gate);
    const recorded = { mode: 'record', decision: rise } as const;
    expect(underEnforcement(recorded, true).decision.exitCode).toBe(1);
    expect(underEnforcement(recorded, false).decision).toMatchObject({
      verdict: 'regressed',
      effect: 'warn',
      exitCode: 0,
      waiver: { kind: 'not-enforced' },
    });
  });
});
