import { type CommentSection, countBytes, fitSections } from '../../../src/report/comment/fit.js';
import { draws, fc } from '../../properties.js';

const section = (name: string, rank: number, text = name): CommentSection => ({ name, rank, text });

test('sections that fit are in their order, for any rank', () => {
  const sections = [section('b', 5), section('a', 0), section('c', 9)];
  expect(fitSections(sections, 100)).toBe('b\n\na\n\nc\n');
});

test('the highest rank is left out first, completely, and the text says where to find it', () => {
  const sections = [
    section('verdict', 0),
    section('settings', 4, 's'.repeat(150)),
    section('flips', 5, 'f'.repeat(150)),
    section('numbers', 1),
  ];
  expect(fitSections(sections, 310)).toBe(
    `verdict\n\n${'s'.repeat(150)}\n\nnumbers\n\nLeft out to fit: flips; they are on the report page and in the record, beside this report.\n`,
  );
});

test('bytes count, not characters', () => {
  expect(countBytes('a█😀')).toBe(8);
  const bars = [section('verdict', 0), section('bars', 1, '█'.repeat(100))];
  expect(fitSections(bars, 320)).toContain('█');
  expect(fitSections(bars, 300)).toContain('Left out to fit: bars;');
});

test('property: never above the limit, and rank 0 is always included if it fits alone', () => {
  const sections = fc.array(
    fc.record({
      name: fc.constantFrom('flips', 'settings', 'measures'),
      rank: fc.integer({ min: 1, max: 9 }),
      text: fc
        .tuple(fc.constantFrom('a', 'ö', '█', '😀'), fc.integer({ min: 1, max: 700 }))
        .map(([unit, times]) => unit.repeat(times)),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(sections, fc.integer({ min: 400, max: 9000 }), (list, limit) => {
      const verdict = section('verdict', 0, 'regressed '.repeat(10));
      const made = fitSections([...list.slice(0, 3), verdict, ...list.slice(3)], limit);
      expect(Buffer.byteLength(made)).toBeLessThanOrEqual(limit);
      expect(made).toContain(verdict.text);
      const total = list.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 2, 102);
      expect(made.includes('Left out to fit')).toBe(total > limit);
    }),
    { numRuns: draws(1000) },
  );
});
