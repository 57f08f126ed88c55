import type { EffectiveSetting } from '../../config/describe.js';
import { isComparable } from '../../gate/compare.js';
import type { RunResult } from '../../gate/result.js';
import type { ReportInput } from '../../report/comment/comment.js';
import { type Content, type Markup, element } from '../element.js';

/** What the page shows in addition to the comment. */
export interface ReportPageInput extends ReportInput {
  /** The configuration in force; absent when the page is made from records, which don't hold it. */
  readonly settings?: readonly EffectiveSetting[];
}

/** A run with a baseline that was measured alike, so that numbers may stand side by side. */
type Compared = Required<Pick<RunResult, 'record' | 'comparison' | 'assessment'>>;

/** Whether both sides were measured alike. */
export function isCompared<T extends Partial<Compared>>(input: T): input is T & Compared {
  const { record, comparison, assessment } = input;
  return record !== undefined && isComparable(comparison) && assessment !== undefined;
}

/** A part of the page with a heading that can be linked to. */
export function section(id: string, title: string, ...children: readonly Content[]): Markup {
  const heading = `${id}-title`;
  return element(
    'section',
    { id, 'aria-labelledby': heading },
    element('h2', { id: heading }, title),
    ...children,
  );
}
