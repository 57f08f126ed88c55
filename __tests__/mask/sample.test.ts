import { allSamples, mostReplies } from '../../src/mask/sample.js';
import { EMPTY, failed, makeMeasuredExample, readAll } from '../factories.js';
import { fc } from '../properties.js';

describe('the maximum number of replies of an example', () => {
  test.each([
    { replies: [], most: 0 },
    { replies: [0], most: 0 },
    { replies: [1, 1, 1], most: 1 },
    { replies: [5, 3, 4], most: 5 },
    { replies: [3, 4, 5], most: 5 },
  ])('of $replies: $most', ({ replies, most }) => {
    const examples = replies.map((count) =>
      makeMeasuredExample({ statements: readAll('A'.repeat(count)) }),
    );
    expect(mostReplies(examples)).toBe(most);
  });

  test('a lost reply counts as requested', () => {
    expect(mostReplies([{ statements: [failed(), EMPTY, ...readAll('A')] }])).toBe(3);
  });

  test('the order of the examples does not matter', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(8)), (counts) => {
        const examples = counts.map((count) => ({ statements: readAll('A'.repeat(count)) }));
        expect(mostReplies(examples)).toBe(Math.max(0, ...counts));
        expect(mostReplies(examples.toReversed())).toBe(mostReplies(examples));
      }),
    );
  });
});

test('all samples of an example are its beliefs, its probes and its statements', () => {
  const [one, two, three] = [readAll('AB'), [EMPTY], [failed('judge')]];
  const example = { direct: one, consistency: two, statements: three };
  expect(allSamples(example)).toEqual([...one, ...two, ...three]);
  expect(allSamples({ direct: [], consistency: [], statements: [] })).toEqual([]);
});
