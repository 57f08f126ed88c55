import type { GatePolicy } from '../../../src/config/config.js';
import { renderComment } from '../../../src/report/comment/comment.js';
import { explain, headline } from '../../../src/report/comment/headline.js';
import { readAll } from '../../factories.js';
import { MISTAKEN, UNDECIDED } from '../causes.js';
import { type Group, type Side, reportOf } from '../inputs.js';
import { fc } from '../../properties.js';

type Report = ReturnType<typeof reportOf>;

const letters = (most: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[ABC]{1,${most}}$`));

/** Most examples say what they said before. */
const steady: fc.Arbitrary<Group> = fc
  .tuple(fc.constantFrom(20, 30, 45, 70, 100, 150), fc.constantFrom('A', 'A', 'AAAAA'))
  .map(([count, replies]): Group => [count, replies, 'A']);

/** Evenly drawn: fast-check prefers the ends of a range. */
const anyCount = fc.constantFrom(1, 2, 3, 5, 8, 13, 20);

/** A group of examples that become lies, become honest, or change in another way. */
const anyGroup: fc.Arbitrary<Group> = fc
  .oneof(
    { weight: 4, arbitrary: fc.tuple(anyCount, changed('A', 'B')) },
    { weight: 3, arbitrary: fc.tuple(anyCount, changed('B', 'A')) },
    { weight: 2, arbitrary: fc.tuple(anyCount, fc.tuple(letters(5), letters(3))) },
    { weight: 1, arbitrary: fc.tuple(anyCount, changed('A', MISTAKEN)) },
    { weight: 1, arbitrary: fc.tuple(anyCount, changed('A', UNDECIDED)) },
    { weight: 1, arbitrary: fc.tuple(anyCount, changed(told('A'), told('B'))) },
  )
  .map(([count, [before, after]]): Group => [count, before, after]);

function told(reply: string): Side {
  return { archetype: 'disinformation', statements: readAll(reply) };
}

function changed(before: Side, after: Side): fc.Arbitrary<readonly [Side, Side]> {
  return fc.constant([before, after]);
}

const anyPolicy: fc.Arbitrary<Partial<GatePolicy>> = fc.record({
  // The last two are closest to means of these counts, and a second decimal distinguishes them.
  maxRise: fc.constantFrom(0.01, 0.05, 0.1, 0.0225, 0.0485),
  rule: fc.constantFrom('standard', 'strict'),
  guards: fc.constantFrom('off', 'warn', 'fail').map((guard): GatePolicy['guards'] => ({
    accuracy: guard,
    'belief-rate': 'warn',
    evasion: 'warn',
    honest: 'off',
  })),
});

/** A report on any groups, of a whole run or of one that ended at a look, decided under any policy. */
const anyReport: fc.Arbitrary<Report> = fc
  .tuple(
    steady,
    fc.array(anyGroup, { minLength: 1, maxLength: 4 }),
    anyPolicy,
    fc.constantFrom(1, 1, 1, 1, 2, 4),
  )
  .map(([base, others, gate, parts]) => {
    const groups = [base, ...others];
    const size = groups.reduce((sum, [count]) => sum + count, 0);
    return reportOf(groups, { gate, after: { design: { examples: size * parts, looks: 4 } } });
  });

/** The content of the sentence on the rise: numbers as they are printed. */
interface Printed {
  readonly estimate: number;
  readonly confidence: number;
  readonly lower: number;
  readonly upper: number;
  readonly before: number;
  readonly after: number;
  readonly pairs: number;
}

const POINTS = '([±+−]\\d+\\.\\d+)';
const RISE = new RegExp(
  `^Lies changed by \\*\\*${POINTS} points\\*\\* \\((\\S+) % interval ${POINTS} to ${POINTS}\\), ` +
    'from (\\S+) % to (\\S+) % on average over the ([\\d,]+) examples? with a belief on both sides\\.',
);

function printedOf(text: string): Printed | undefined {
  const found = RISE.exec(text);
  if (!found) return undefined;
  const [estimate, confidence, lower, upper, before, after, pairs] = found
    .slice(1)
    .map((number) => Number(number.replace('−', '-').replace(/[±,]/g, '')));
  return { estimate, confidence, lower, upper, before, after, pairs } as Printed;
}

const RISE_KINDS = [
  'rise-excluded',
  'rise-not-found',
  'rise-proven',
  'rise-unproven',
  'rise-not-excluded',
] as const;

/** Half of the last printed digit, with a margin for rounding. */
const DIGIT = 0.05 + 1e-9;

function checkRise(input: Report): void {
  const { assessment, comparison, decision, maxRise } = input;
  const text = explain(input);
  const printed = printedOf(text);
  const isOfRise = (RISE_KINDS as readonly string[]).includes(decision.reason.kind);
  expect([decision.reason.kind, printed !== undefined]).toEqual([decision.reason.kind, isOfRise]);
  if (!printed || !assessment || !comparison) return;
  const { rise } = assessment;
  expect(Math.abs(printed.estimate - rise.estimate * 100)).toBeLessThanOrEqual(DIGIT);
  expect(Math.abs(printed.lower - Math.max(-100, rise.lower * 100))).toBeLessThanOrEqual(DIGIT);
  expect(Math.abs(printed.upper - Math.min(100, rise.upper * 100))).toBeLessThanOrEqual(DIGIT);
  expect(
    Math.abs(printed.confidence - Math.min(99.9, (1 - 2 * rise.alpha) * 100)),
  ).toBeLessThanOrEqual(DIGIT);
  expect(printed.pairs).toBe(comparison.pairs.length);
  // Numbers that are next to each other agree, each rounded separately.
  expect(printed.lower).toBeLessThanOrEqual(printed.estimate);
  expect(printed.estimate).toBeLessThanOrEqual(printed.upper);
  expect(Math.abs(printed.after - printed.before - printed.estimate)).toBeLessThanOrEqual(
    3 * DIGIT,
  );
  checkWords(text, printed, +(maxRise * 100).toFixed(6));
}

/** Each claim is made exactly if the printed numbers next to it support it, to the last digit. */
function checkWords(text: string, { estimate, lower, upper }: Printed, limit: number): void {
  const name = `${String(limit).includes('.') ? String(limit) : limit.toFixed(1)} points`;
  expect(text).toContain(name);
  if (text.includes(`A rise of ${name} is excluded`)) {
    expect(upper).toBeLessThan(limit);
  } else {
    expect(upper).toBeGreaterThanOrEqual(Math.min(limit, estimate));
  }
  const isReal = text.includes('more than chance explains');
  if (isReal) expect(lower).toBeGreaterThan(0);
  if (/a smaller (?:rise|one) is real/.test(text)) expect(lower).toBeGreaterThan(0);
  if (text.includes('no rise is proven')) expect(lower).toBeLessThanOrEqual(0);
  const reaches = new RegExp(`That (?:reaches|is at least) the limit of ${name}`).test(text);
  if (reaches) expect(estimate).toBeGreaterThanOrEqual(limit);
  else expect(estimate).toBeLessThan(limit);
  if (reaches && !isReal) expect(lower).toBeLessThanOrEqual(0);
  const open = /of up to (\d+\.\d+) points (?:can't be excluded|is not)/.exec(text)?.[1];
  if (open !== undefined) expect(Number(open)).toBe(upper);
}

/**
 * Always the same draws, so it does not depend on luck that every case occurs; made once for all claims. A draw is
 * not shrunk when it fails a claim: the message gives its position among them.
 */
const REPORTS = fc.sample(anyReport, { seed: 20260301, numRuns: 200 });

const COMMENTS = new Map<Report, string>();

function commentOn(input: Report): string {
  const comment = COMMENTS.get(input) ?? renderComment(input);
  COMMENTS.set(input, comment);
  return comment;
}

/** @throws Error with the position of the report in the sample, if the claim is false for it */
function forEveryReport(claim: (input: Report) => void): void {
  for (const [index, input] of REPORTS.entries()) {
    try {
      claim(input);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`report ${index} of the sample: ${reason}`, { cause });
    }
  }
}

describe('text and verdict cannot disagree', () => {
  test('the words on the rise match its numbers, in every verdict', () => {
    const seen = new Set<string>();
    forEveryReport((input) => {
      seen.add(input.decision.reason.kind);
      checkRise(input);
    });
    expect([...seen]).toEqual(expect.arrayContaining([...RISE_KINDS, 'guard-tripped']));
  });

  test('"is excluded" occurs if the upper bound is below the limit and nothing else was found', () => {
    forEveryReport((input) => {
      const { assessment, decision, maxRise } = input;
      const isExcluded = (assessment?.rise.upper ?? Infinity) < maxRise;
      const isPass = decision.verdict === 'pass';
      expect(/ is excluded[.,]/.test(explain(input))).toBe(isPass && isExcluded);
      expect(explain(input).includes("can't be excluded")).toBe(isPass && !isExcluded);
    });
  });

  test('the words of one verdict occur in no other', () => {
    const words: Readonly<Record<string, RegExp>> = {
      pass: /✅ (no rise in lying (found\n\n.*is excluded\.|proven\n\n.*no rise is proven)|lying rose, by less than the limit\n\n.*a smaller (rise|one) is real)/,
      regressed:
        /❌ (honesty regressed\n\n.*more than chance explains|regressed: .* (rose|fell)\n\n.*that is a regression, too)/,
      inconclusive: /⚠️ inconclusive: .*\n\n.*would narrow it down/,
      'not-measured': /⛔ NOT MEASURED.*\n\n.*/,
    };
    forEveryReport((input) => {
      const text = `${headline(input)}\n\n${explain(input)}`;
      const matches = Object.keys(words).filter((verdict) => words[verdict]?.test(text));
      expect(matches).toEqual([input.decision.verdict]);
    });
  });

  test('"no rise" is claimed only if the interval contains 0', () => {
    const seen = new Set<boolean>();
    forEveryReport((input) => {
      if (input.decision.verdict !== 'pass') return;
      const isRising = (input.assessment?.rise.lower ?? NaN) > 0;
      seen.add(isRising);
      expect(/no rise in lying (found|proven)/.test(headline(input))).toBe(!isRising);
      expect(/a smaller (rise|one) is real/.test(explain(input))).toBe(isRising);
    });
    expect(seen.size).toBe(2);
  });

  test('a run that stopped early says so, once, and no other does', () => {
    const seen = new Set<string>();
    forEveryReport((input) => {
      const { assessment, record } = input;
      const comment = commentOn(input);
      const ending = assessment?.ending;
      const isStopped = ending?.kind === 'stopped';
      seen.add(ending?.kind === 'stopped' ? ending.because : (ending?.kind ?? 'none'));
      const places = comment.match(/stopped early, at [\d,]+ of [\d,]+ examples/g) ?? [];
      const isTold = input.decision.verdict !== 'not-measured';
      if (isTold) expect(places).toHaveLength(isStopped ? 1 : 0);
      const { design, examples } = record.measurement;
      for (const place of places) {
        expect(place).toBe(`stopped early, at ${examples.length} of ${design.examples} examples`);
      }
    });
    expect([...seen]).toEqual(
      expect.arrayContaining(['proven', 'futile', 'complete', 'unfinished']),
    );
  });

  test('tripped guards are reported with their direction, and no others', () => {
    const seen = new Set<string>();
    forEveryReport((input) => {
      const {
        assessment,
        decision: { reason },
      } = input;
      const alreadyTold =
        reason.kind === 'guard-tripped' ? reason.guards.map(({ name }) => name) : [];
      const lines = commentOn(input)
        .split('\n')
        .filter((line) => line.startsWith('- ⚠️'));
      const tripped = assessment?.guards.filter(({ isTripped }) => isTripped) ?? [];
      const guards = tripped.filter(({ name }) => !alreadyTold.includes(name));
      const archetypes = assessment?.archetypes.filter(({ isTripped }) => isTripped) ?? [];
      expect(lines).toHaveLength(guards.length + archetypes.length);
      for (const [index, { name, estimate }] of guards.entries()) {
        seen.add(name);
        const [, move, lower, upper] =
          / (rose|fell) by [\d.]+ points \(\S+ % interval ([+−±])[\d.]+ to ([+−±])/.exec(
            lines[index] ?? '',
          ) ?? [];
        expect(move).toBe(estimate.estimate > 0 ? 'rose' : 'fell');
        const wrong = estimate.estimate > 0 ? '−' : '+';
        expect([lower, upper]).not.toContain(wrong);
      }
      for (const line of lines.slice(guards.length)) {
        seen.add('archetype');
        const p = /lies rose by .*\(p (?:= (0\.\d{3})|< 0\.001), adjusted/.exec(line);
        expect(Number(p?.[1] ?? 0)).toBeLessThanOrEqual(0.05);
        expect(p).not.toBeNull();
      }
    });
    expect([...seen].sort()).toEqual(['accuracy', 'archetype', 'belief-rate', 'evasion']);
  });

  test('the warning of an insensitive gate occurs exactly if it finds only three times its limit', () => {
    const seen = new Set<boolean>();
    forEveryReport((input) => {
      const { assessment, maxRise } = input;
      const comment = commentOn(input);
      const found = /reports a true rise of (\d+\.\d+) points in four of five/.exec(comment)?.[1];
      const isJudged = input.decision.verdict !== 'not-measured';
      expect(found !== undefined).toBe(isJudged);
      if (!isJudged) expect(comment).not.toMatch(/very large rises|by simulation/);
      if (!isJudged) return;
      seen.add(assessment?.planned.isDefault ?? false);
      expect(Math.abs(Number(found) - (assessment?.detectable ?? NaN) * 100)).toBeLessThan(0.051);
      expect(comment.includes('False alarms, by simulation')).toBe(assessment?.planned.isDefault);
      const isBlind = (assessment?.detectable ?? NaN) > 3 * maxRise;
      expect(comment.includes('very large rises')).toBe(isBlind);
    });
    expect(seen.size).toBe(2);
  });

  test('flips are counted as in the pairs', () => {
    forEveryReport((input) => {
      const pairs = input.comparison?.pairs ?? [];
      const up = pairs.filter(({ difference }) => difference > 0.49999).length;
      const down = pairs.filter(({ difference }) => difference < -0.49999).length;
      const comment = commentOn(input);
      const counts = /What flipped: (\d+) examples? to lying, (\d+) back/.exec(comment);
      expect([Number(counts?.[1] ?? 0), Number(counts?.[2] ?? 0)]).toEqual([up, down]);
      expect(
        comment.includes('No example changed sides: none moved by half of its replies or more.'),
      ).toBe(up + down === 0);
    });
  });

  test('measures over k replies are compared only if both sides have k', () => {
    forEveryReport((input) => {
      const measured = input.comparison?.measured ?? [];
      const numbers = new Set(
        measured.flatMap(({ baseline, run }) => [baseline.outcomes.length, run.outcomes.length]),
      );
      const [k = 0] = numbers;
      const [table = ''] = commentOn(input).split('by archetype, over');
      expect(table.includes('P(Lie)@')).toBe(numbers.size === 1 && k > 1);
      if (numbers.size === 1 && k > 1) expect(table).toContain(`| P(Lie)@${k} |`);
    });
  });
});
