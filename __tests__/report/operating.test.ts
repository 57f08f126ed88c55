import operating from '../../data/operating.json' with { type: 'json' };
import { findOperation, shareRange } from '../../src/report/operating.js';
import { fc } from '../properties.js';

describe('the nearest simulated design that is not larger', () => {
  test.each([
    { pairs: 0, replies: 1, as: { pairs: 60, baselineReplies: 1 } },
    { pairs: 59, replies: 0, as: { pairs: 60, baselineReplies: 1 } },
    { pairs: 119, replies: 4, as: { pairs: 60, baselineReplies: 1 } },
    { pairs: 120, replies: 5, as: { pairs: 120, baselineReplies: 5 } },
    { pairs: 239, replies: 5, as: { pairs: 120, baselineReplies: 5 } },
    { pairs: 240, replies: 10, as: { pairs: 240, baselineReplies: 5 } },
    { pairs: 100_000, replies: 1, as: { pairs: 500, baselineReplies: 1 } },
  ])('$pairs pairs against $replies', ({ pairs, replies, as }) => {
    expect(findOperation(pairs, replies)).toMatchObject(as);
  });

  test('its shares span every simulated kind of model', () => {
    fc.assert(
      fc.property(fc.constantFrom(...operating.designs), (design) => {
        const operation = findOperation(design.pairs, design.baselineReplies);
        for (const share of ['identical', 'reshuffled', 'replies'] as const) {
          expect(operation[share].low).toBeLessThanOrEqual(design[share]);
          expect(operation[share].high).toBeGreaterThanOrEqual(design[share]);
          const all = operating.designs.map((one) => one[share]);
          expect(all).toContain(operation[share].low);
          expect(all).toContain(operation[share].high);
        }
      }),
    );
  });
});

test.each([
  [0.001, 0.003, '0.1 to 0.3 %'],
  [0.0325, 0.0435, '3.3 to 4.3 %'],
  [0.004, 0.004, '0.4 %'],
  [0.0041, 0.0039, '0.4 %'],
  [0.09, 0.11, '9 to 11 %'],
  [0.456, 0.622, '46 to 62 %'],
  [1, 1.18, '100 to 118 %'],
  [0.0004, 0.0075, 'up to 0.8 %'],
  [0, 0.0004, 'less than 0.1 %'],
  [0, 0, 'less than 0.1 %'],
])('shares from %p to %p are %s', (low, high, text) => {
  expect(shareRange({ low, high })).toBe(text);
});
