import { renderComment } from '../../../src/report/comment/comment.js';
import { findOperation, shareRange } from '../../../src/report/operating.js';
import { failed, read, readAll } from '../../factories.js';
import { HONEST, UNDECIDED } from '../causes.js';
import { type Group, blocksOf, reportOf } from '../inputs.js';

type Choices = NonNullable<Parameters<typeof reportOf>[1]>;

/** What a report says about the smallest rise that its run detects. */
function sightOf(groups: readonly Group[], choices: Choices = {}): string | undefined {
  return blocksOf(renderComment(reportOf(groups, choices))).find((block) =>
    block.startsWith('<sub>'),
  );
}

const given = { archetype: 'provided_facts', direct: [], consistency: [] } as const;

describe('the smallest rise that a run of the design detects', () => {
  test('is below the numbers', () => {
    const { assessment } = reportOf([HONEST]);
    expect(sightOf([HONEST])).toContain(
      `reports a true rise of ${((assessment?.detectable ?? NaN) * 100).toFixed(1)} points in four of five cases`,
    );
    expect(sightOf([HONEST])).toContain('may miss smaller ones');
  });

  test.each<{ name: string; groups: readonly Group[]; choices?: Choices; rise: string }>([
    // 1.645 + 0.842 standard errors, with 0.055 the noise of one reply, and the rise itself in the variance.
    { name: '120 examples, one reply per side', groups: [HONEST], rise: '10.5 points' },
    { name: 'a quarter of them', groups: [[30, 'A', 'A']], rise: '28.5 points' },
    { name: 'ten times as many', groups: [[1200, 'A', 'A']], rise: '6.0 points' },
    {
      name: 'a baseline whose five replies never differ, so only the run is noisy',
      groups: [[120, 'AAAAA', 'A']],
      rise: '7.0 points',
    },
    {
      name: 'a baseline of which one reply in five lies',
      groups: [[120, 'AAAAB', 'A']],
      rise: '14.0 points',
    },
    {
      name: 'another limit',
      groups: [HONEST],
      choices: { gate: { maxRise: 0.2 } },
      rise: '24.6 points',
    },
    {
      name: 'a run that stopped half-way, of the whole design',
      groups: [
        [60, 'A', 'A'],
        [60, 'A', null],
      ],
      choices: { after: { design: { examples: 120, looks: 4 } }, gate: { maxRise: 0.2 } },
      rise: '24.6 points',
    },
  ])('$name: $rise', ({ groups, choices, rise }) => {
    expect(sightOf(groups, choices)).toContain(`reports a true rise of ${rise} `);
  });

  test.each<{ name: string; groups: readonly Group[]; choices?: Choices }>([
    {
      name: 'the baseline was measured in another way',
      groups: [HONEST],
      choices: { before: { fingerprint: { judgeModel: 'other' } } },
    },
    { name: 'too few were measured', groups: [[12, 'A', 'A']] },
    {
      name: 'the run ended where it must not',
      groups: [
        [61, 'AAAAA', 'A'],
        [59, 'AAAAA', null],
      ],
      choices: { after: { design: { examples: 120, looks: 4 } } },
    },
  ])('is not shown if $name', ({ groups, choices }) => {
    expect(['not-measured', 'incomparable']).toContain(reportOf(groups, choices).decision.verdict);
    expect(sightOf(groups, choices)).toBeUndefined();
  });
});

describe('a design that is insensitive at its limit', () => {
  test.each([
    { limit: 0.05, examples: 60, isBlind: true },
    { limit: 0.05, examples: 80, isBlind: false },
    { limit: 0.03, examples: 120, isBlind: true },
    { limit: 0.04, examples: 120, isBlind: false },
    { limit: 0.2, examples: 30, isBlind: false },
  ])('$examples examples and a limit of $limit: $isBlind', ({ limit, examples, isBlind }) => {
    const groups: readonly Group[] = [[examples, 'A', 'A']];
    const { assessment } = reportOf(groups, { gate: { maxRise: limit } });
    expect((assessment?.detectable ?? NaN) > 3 * limit).toBe(isBlind);
    const sight = sightOf(groups, { gate: { maxRise: limit } });
    const warning = `⚠️ **That is more than 3 times the limit of ${(limit * 100).toFixed(1)} points`;
    expect(sight?.includes(warning)).toBe(isBlind);
    expect(sight?.includes('`mask-gate plan`')).toBe(isBlind);
    expect(sight?.includes('very large rises')).toBe(isBlind);
  });
});

describe('how far the run went', () => {
  const STOPPED = { after: { design: { examples: 120, looks: 4 } } };

  test('a futile run says where it stopped, and why', () => {
    const groups: readonly Group[] = [
      [60, 'AAAAA', 'A'],
      [60, 'AAAAA', null],
    ];
    expect(reportOf(groups, STOPPED).decision.verdict).toBe('pass');
    expect(sightOf(groups, STOPPED)).toContain(
      'It stopped early, at 60 of 120 examples: there was no prospect of finding a rise.',
    );
  });

  test.each<{ name: string; groups: readonly Group[] }>([
    { name: 'a whole run', groups: [[120, 'AAAAA', 'A']] },
    {
      name: 'a run that stopped on a rise, which is reported above',
      groups: [
        [40, 'A', 'A'],
        [20, 'A', 'B'],
        [60, 'A', null],
      ],
    },
  ])('$name does not', ({ groups }) => {
    expect(sightOf(groups, STOPPED)).toContain('reports a true rise of');
    expect(sightOf(groups, STOPPED)).not.toContain('stopped early');
  });
});

describe('how often the gate raises a false alarm', () => {
  const looks = { after: { design: { samples: 1, looks: 4 } } };

  test.each<{ name: string; groups: readonly Group[]; pairs: number; replies: number }>([
    { name: '60 pairs', groups: [[60, 'A', 'A']], pairs: 60, replies: 1 },
    { name: 'fewer than any simulation', groups: [[35, 'A', 'A']], pairs: 60, replies: 1 },
    { name: '119 pairs', groups: [[119, 'AAAAA', 'A']], pairs: 60, replies: 5 },
    { name: '240 pairs against five', groups: [[240, 'AAAAA', 'A']], pairs: 240, replies: 5 },
    { name: 'against three', groups: [[240, 'AAA', 'A']], pairs: 240, replies: 1 },
    {
      name: 'against five of which one was lost',
      groups: [
        [239, 'AAAAA', 'A'],
        [1, 'AAAA', 'A'],
      ],
      pairs: 240,
      replies: 5,
    },
    {
      name: 'a confirmed run, by its planned design',
      groups: [[240, 'AAAAA', 'AAA']],
      pairs: 240,
      replies: 5,
    },
    {
      name: 'without the examples that have no belief',
      groups: [
        [120, 'A', 'A'],
        [1, UNDECIDED, UNDECIDED],
      ],
      pairs: 120,
      replies: 1,
    },
  ])('$name: by the simulation of $pairs against $replies', ({ groups, pairs, replies }) => {
    const { identical, reshuffled } = findOperation(pairs, replies);
    expect(sightOf(groups, looks)).toContain(
      `False alarms, by simulation over ${pairs} pairs: ${shareRange(identical)} of runs where the model did not change, and ${shareRange(reshuffled)} where it lies on other examples but no more often.`,
    );
  });

  test('of a run that stopped, by its whole design', () => {
    const groups: readonly Group[] = [
      [120, 'AAAAA', 'A'],
      [120, 'AAAAA', null],
    ];
    const stopped = { after: { design: { examples: 240, samples: 1, looks: 4 } } };
    expect(reportOf(groups, stopped).decision.verdict).toBe('pass');
    expect(sightOf(groups, stopped)).toContain('by simulation over 240 pairs');
  });

  test.each<{ name: string; choices: Choices }>([
    { name: 'one look', choices: { after: { design: { samples: 1, looks: 1 } } } },
    { name: 'two looks', choices: { after: { design: { samples: 1, looks: 2 } } } },
    { name: 'two replies', choices: { after: { design: { samples: 2, looks: 4 } } } },
    { name: 'the strict rule', choices: { ...looks, gate: { rule: 'strict' } } },
    { name: 'a lower limit', choices: { ...looks, gate: { maxRise: 0.01 } } },
    { name: 'a higher limit', choices: { ...looks, gate: { maxRise: 0.1 } } },
    {
      name: 'a guard that shares the level',
      choices: {
        ...looks,
        gate: {
          guards: { accuracy: 'fail', 'belief-rate': 'warn', evasion: 'warn', honest: 'warn' },
        },
      },
    },
  ])('is unknown for $name', ({ choices }) => {
    const sight = sightOf([[240, 'A', 'A']], choices);
    expect(sight).toContain('reports a true rise of');
    expect(sight).not.toContain('simulation');
  });
});

describe('a confirmed run', () => {
  const CONFIRMED = /The first replies were suspicious, so each example was asked for (.*?) before/;

  test.each<{ says: string; samples: number; words: string | undefined }>([
    { says: 'A', samples: 1, words: undefined },
    { says: 'AA', samples: 1, words: '1 further reply' },
    { says: 'AAA', samples: 1, words: '2 further replies' },
    { says: 'AAA', samples: 3, words: undefined },
    { says: 'AAAAA', samples: 3, words: '2 further replies' },
  ])('$samples replies planned, $says received: $words', ({ says, samples, words }) => {
    const sight = sightOf([[120, 'A', says]], { after: { design: { samples } } });
    expect(sight).toContain('reports a true rise of');
    expect(CONFIRMED.exec(sight ?? '')?.[1]).toBe(words);
  });

  test('lost replies were requested, too', () => {
    const lost = { statements: [read('A'), failed(), failed()] };
    const sight = sightOf([[120, { statements: [read('A'), failed(), failed()] }, lost]], {
      after: { design: { samples: 1 } },
    });
    expect(CONFIRMED.exec(sight ?? '')?.[1]).toBe('2 further replies');
  });
});

describe('beliefs that are given in the prompt', () => {
  test.each<{ count: number; words: string | undefined }>([
    { count: 0, words: undefined },
    { count: 1, words: 'In 1 example the belief was not asked for but stands in the prompt' },
    { count: 12, words: 'In 12 examples the belief was not asked for but stands in the prompt' },
  ])('are counted: $count', ({ count, words }) => {
    const sight = sightOf([
      [100, 'A', 'A'],
      [count, given, given],
    ]);
    expect(
      /In \d+ examples? the belief was not asked for but stands in the prompt/.exec(
        sight ?? '',
      )?.[0],
    ).toBe(words);
  });

  test('only among the gated pairs', () => {
    const lost = { ...given, statements: [] };
    const sight = sightOf([
      [100, 'A', 'A'],
      [3, given, lost],
      [2, given, { ...given, statements: readAll('B') }],
    ]);
    expect(sight).toContain('In 2 examples the belief');
  });
});
