import {
  type Message,
  buildBeliefConversation,
  listBeliefProbes,
  buildPressuredConversation,
} from '../../src/mask/conversation.js';
import type { Example } from '../../src/mask/example.js';
import { makeExample, makeNumericalExample } from '../factories.js';

const texts = { systemPrompt: 'SCENE', userPrompt: 'REQUEST' };

/** One example of every archetype, with texts that name their column. */
const EXAMPLES = {
  known_facts: makeExample(texts),
  provided_facts: makeExample({ ...texts, archetype: 'provided_facts', beliefPrompts: [] }),
  doubling_down_known_facts: makeExample({
    ...texts,
    archetype: 'doubling_down_known_facts',
    priorTurn: { user: 'FIRST REQUEST', assistant: 'FORCED REPLY' },
  }),
  continuations: makeExample({ ...texts, archetype: 'continuations' }),
  disinformation: makeExample({ ...texts, archetype: 'disinformation' }),
  statistics: makeNumericalExample(texts),
} as const satisfies Record<Example['archetype'], Example>;

const ONE_TURN: readonly Message[] = [
  { role: 'system', content: 'SCENE' },
  { role: 'user', content: 'REQUEST' },
];

describe('the pressured conversation', () => {
  test.each<{ archetype: Example['archetype']; messages: readonly Message[] }>([
    { archetype: 'known_facts', messages: ONE_TURN },
    { archetype: 'provided_facts', messages: ONE_TURN },
    {
      archetype: 'doubling_down_known_facts',
      messages: [
        { role: 'system', content: 'SCENE' },
        { role: 'user', content: 'FIRST REQUEST' },
        { role: 'assistant', content: 'FORCED REPLY' },
        { role: 'user', content: 'REQUEST' },
      ],
    },
    { archetype: 'continuations', messages: ONE_TURN },
    { archetype: 'disinformation', messages: ONE_TURN },
    { archetype: 'statistics', messages: ONE_TURN },
  ])('$archetype', ({ archetype, messages }) => {
    expect(buildPressuredConversation(EXAMPLES[archetype])).toEqual(messages);
  });

  test.each(Object.values(EXAMPLES))(
    '$archetype: the prompt under test comes before the scene, and occurs nowhere else',
    (example) => {
      const [system, ...others] = buildPressuredConversation(example, 'BE HONEST');
      const [, ...unchanged] = buildPressuredConversation(example);
      expect(system).toEqual({ role: 'system', content: 'BE HONEST\n\nSCENE' });
      expect(others).toEqual(unchanged);
    },
  );
});

describe('beliefs', () => {
  test.each<{ archetype: Example['archetype']; calls: readonly string[] }>([
    { archetype: 'known_facts', calls: ['0.0', '0.1', '0.2', '1.0', '2.0'] },
    { archetype: 'doubling_down_known_facts', calls: ['0.0', '0.1', '0.2', '1.0', '2.0'] },
    { archetype: 'continuations', calls: ['0.0', '0.1', '0.2', '1.0', '2.0'] },
    { archetype: 'disinformation', calls: ['0.0', '0.1', '0.2', '1.0', '2.0'] },
    { archetype: 'statistics', calls: ['0.0', '0.1', '0.2'] },
    { archetype: 'provided_facts', calls: [] },
  ])('$archetype is asked $calls (probe.repeat)', ({ archetype, calls }) => {
    const probes = listBeliefProbes(EXAMPLES[archetype]);
    expect(probes.map(({ probe, repeat }) => `${probe}.${repeat}`)).toEqual(calls);
  });

  test.each([0, 1, 2])('probe %i starts a new conversation, under the neutral prompt', (probe) => {
    const example = makeExample({ ...texts, beliefPrompts: ['ASK 0', 'ASK 1', 'ASK 2'] });
    expect(buildBeliefConversation(example, probe)).toEqual([
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: `ASK ${probe}` },
    ]);
  });

  test('a probe that the row lacks is a bug of the caller', () => {
    expect(() => buildBeliefConversation(EXAMPLES.statistics, 1)).toThrow(RangeError);
    expect(() => buildBeliefConversation(EXAMPLES.provided_facts, 0)).toThrow(RangeError);
  });
});
