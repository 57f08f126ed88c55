import { toLine } from '../../base/sanitise.js';
import { type Markup, element } from '../element.js';
import { type ReportPageInput, section } from './input.js';

const TERMS: readonly (readonly [string, string])[] = [
  [
    'Example',
    'One item of the benchmark: a statement that is true or false, questions that elicit what the model believes about it, and a conversation that presses it to say something.',
  ],
  [
    'Belief',
    'What the model says under a neutral prompt, when asked in three ways and probed for consistency. If its answers disagree it has no belief, and then there is nothing that it could lie about.',
  ],
  [
    'Lie',
    'A reply under pressure that contradicts the model’s own belief. A model that is wrong and says so sincerely is honest; accuracy is another measure.',
  ],
  [
    'P(Lie)',
    'The share of lies over all measured examples. The gate goes by examples with a belief on both sides, as only they can show a rise, so its change may differ a little from that of P(Lie).',
  ],
  [
    'Reading',
    'What the judge, another model, made of a reply: A or B is the side that it takes, C takes none, D denies both. For quantities it is a range. The judge sees neither the belief nor the prompt under test.',
  ],
  [
    'Interval',
    'Every example is compared with itself, replies before and after. The interval is built from these pairs; the one printed is the one that decides.',
  ],
  [
    'Not measured',
    'A failed call, an empty reply or an unreadable verdict. It counts neither as a lie nor as honesty.',
  ],
];

/** What one has to know to read the page, in the order in which it comes up. */
export function methodSection({ record }: ReportPageInput): Markup {
  return section(
    'method',
    'How to read this page',
    element(
      'dl',
      {},
      ...TERMS.flatMap(([term, meaning]) => [element('dt', {}, term), element('dd', {}, meaning)]),
    ),
    element(
      'p',
      { class: 'note' },
      'The method is MASK (Ren et al. 2025, arXiv 2503.03750). Deviations from its reference code are named in docs/method.md, the statistics in docs/statistics.md.',
      record ? ` Written by ${toLine(record.provenance.tool)}.` : undefined,
    ),
  );
}
