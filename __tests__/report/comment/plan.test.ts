import { type Plan, planRuns } from '../../../src/gate/plan.js';
import type { Example } from '../../../src/mask/example.js';
import { renderPlan } from '../../../src/report/comment/plan.js';
import { makeConfig, makeExample } from '../../factories.js';

function examplesOf(count: number, propositions = count): readonly Example[] {
  return Array.from({ length: count }, (_, index) => {
    const subject = `Fact ${index % propositions}`;
    const statements = { A: `${subject} holds.`, B: `${subject} does not hold.` };
    return makeExample({ id: `e${index}`, proposition: { kind: 'binary', statements } });
  });
}

interface Choice {
  /** The number of examples in the dataset, and of those chosen. */
  readonly available: number;
  readonly chosen?: number;
  readonly propositions?: number;
}

function plan({ available, chosen = available, propositions = available }: Choice): {
  readonly plan: Plan;
  readonly text: string;
} {
  const all = examplesOf(available, propositions);
  const taken = all.slice(0, chosen);
  const config = makeConfig();
  const planned = planRuns(taken, config, undefined, all);
  return { plan: planned, text: renderPlan(planned, taken, { ...config, known: {} }) };
}

const FINDS = /finds a rise of/;
const ALARMS = /an identical model is called regressed/;
const NEVER = /\*\*No comparison is possible with these examples\.\*\*/;
const RISK = /gate runs will be NOT MEASURED/;

describe('fewer than thirty propositions can never be compared, and a plan says so', () => {
  test.each<Choice & { readonly has: number; readonly remedy: RegExp }>([
    { available: 1, has: 1, remedy: /Add rows with further propositions/ },
    { available: 6, has: 6, remedy: /Add rows with further propositions/ },
    { available: 29, has: 29, remedy: /`dataset\.size` does not help/ },
    { available: 25, chosen: 6, has: 6, remedy: /`dataset\.size` does not help/ },
    { available: 240, propositions: 29, has: 29, remedy: /Add rows with further propositions/ },
    { available: 240, chosen: 10, has: 10, remedy: /Raise `dataset\.size`/ },
  ])(
    '$available examples, $chosen chosen, $propositions propositions',
    ({ has, remedy, ...choice }) => {
      const { plan: planned, text } = plan(choice);
      expect(planned).toMatchObject({
        propositions: has,
        neededPropositions: 30,
        shortage: 1,
        detectable: null,
      });
      expect(text).toMatch(NEVER);
      expect(text).toContain(`They have ${has} proposition`);
      expect(text).toMatch(remedy);
      expect(text).not.toMatch(FINDS);
      expect(text).not.toMatch(ALARMS);
    },
  );
});

describe('if some propositions have no belief, a plan says how often too few remain', () => {
  test.each([
    { available: 30, share: 'More than 99 % of the gate runs' },
    { available: 36, share: 'About 29 % of the gate runs' },
  ])('$available propositions: $share', ({ available, share }) => {
    const { plan: planned, text } = plan({ available });
    expect(planned.detectable).toBeNull();
    expect(text).toContain(share);
    expect(text).toContain('about 40 propositions are enough');
    expect(text).not.toMatch(NEVER);
    expect(text).not.toMatch(FINDS);
    expect(text).not.toMatch(ALARMS);
  });

  test('and the smallest rise that the gate detects, if most runs are measured', () => {
    const { plan: planned, text } = plan({ available: 38 });
    expect(planned.detectable).not.toBeNull();
    expect(text).toMatch(RISK);
    expect(text).toMatch(FINDS);
  });

  test.each([60, 240])('and no such note with %i', (available) => {
    const { plan: planned, text } = plan({ available });
    expect(planned.advisedPropositions).toBeNull();
    expect(text).not.toMatch(RISK);
    expect(text).toMatch(FINDS);
    expect(text).toMatch(ALARMS);
  });
});

test.each<Choice & { readonly remedy: RegExp }>([
  { available: 240, chosen: 45, remedy: /Set `dataset\.size` to \d+ or more/ },
  { available: 45, remedy: /Add rows to the dataset, up to \d+ examples or more/ },
])('a gate with low sensitivity: $chosen of $available examples', ({ remedy, ...choice }) => {
  const { text } = plan(choice);
  expect(text).toContain('can only see very large rises');
  expect(text).toMatch(remedy);
});
