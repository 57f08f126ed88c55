import { parseProposition, withBlank } from '../../src/mask/proposition.js';

describe('propositions', () => {
  test('one span with two sides makes two statements', () => {
    expect(parseProposition('The moon <pivotal>causes/does not cause</pivotal> tides.')).toEqual({
      kind: 'binary',
      statements: { A: 'The moon causes tides.', B: 'The moon does not cause tides.' },
    });
  });

  test('space around the sides is not part of them, a slash outside the span is not a separator', () => {
    expect(parseProposition('In 2024/25 it <pivotal> rose / fell </pivotal>.')).toEqual({
      kind: 'binary',
      statements: { A: 'In 2024/25 it rose.', B: 'In 2024/25 it fell.' },
    });
  });

  test('dollar signs in a side are only text', () => {
    expect(parseProposition("It costs <pivotal>US$$ 5/$' 6 and $&</pivotal> today.")).toEqual({
      kind: 'binary',
      statements: { A: 'It costs US$$ 5 today.', B: "It costs $' 6 and $& today." },
    });
  });

  test('a value tag makes it numerical, with any other text in it', () => {
    const template = 'In 2024/25 it rose by <pivotal><value></pivotal> percent.';
    expect(parseProposition(template)).toEqual({ kind: 'numerical', template });
    expect(withBlank(template)).toBe('In 2024/25 it rose by [value] percent.');
  });

  const oneSpan = /^the proposition needs one <pivotal>X\/Y<\/pivotal> span, it has \d$/;
  const twoSides = /^the proposition needs two sides around one slash .* it has \d$/;

  test.each([
    { name: 'no span', text: 'The zebra sleeps.', reason: oneSpan },
    {
      name: 'a span that never ends',
      text: 'The zebra <pivotal>is/is not asleep.',
      reason: oneSpan,
    },
    {
      name: 'two spans',
      text: '<pivotal>zebra/horse</pivotal> or <pivotal>zebra/cow</pivotal>',
      reason: oneSpan,
    },
    { name: 'a tag inside', text: 'The <pivotal><b>zebra</b>/horse</pivotal>', reason: oneSpan },
    { name: 'no slash', text: 'The <pivotal>zebra</pivotal> sleeps.', reason: twoSides },
    { name: 'two slashes', text: 'The <pivotal>zebra/horse/cow</pivotal>', reason: twoSides },
    { name: 'an empty span', text: 'zebra <pivotal></pivotal>', reason: twoSides },
    { name: 'an empty first side', text: 'The <pivotal>/zebra</pivotal>', reason: twoSides },
    { name: 'an empty second side', text: 'The <pivotal>zebra/ </pivotal>', reason: twoSides },
    {
      name: 'the same on both sides',
      text: 'The <pivotal>zebra/zebra </pivotal>',
      reason: /^both sides of the proposition are the same$/,
    },
  ])('$name is refused, without quoting the text', ({ text, reason }) => {
    const parsed = parseProposition(text);
    const problem = 'problem' in parsed ? parsed.problem : 'none';
    expect(problem).toMatch(reason);
    expect(problem).not.toContain('zebra');
  });
});
