import { warningsSection } from '../../report/comment/guards.js';
import { explain, headline } from '../../report/comment/headline.js';
import { driftSection } from '../../report/comment/drift.js';
import { replacementSection } from '../../report/comment/replacement.js';
import { nextSection, overrideSection, waiverSection } from '../../report/comment/next.js';
import {
  otherBaseSection,
  otherPromptSection,
  changesSection,
} from '../../report/comment/tested.js';
import { deferredRows } from '../deferred.js';
import { type Markup, element } from '../element.js';
import { prose } from '../prose.js';
import { type ReportPageInput, isCompared } from './input.js';

/** The verdict in the words of the comment, and why. */
export function verdictSection(input: ReportPageInput): Markup {
  const warnings =
    input.assessment && isCompared(input)
      ? warningsSection(input.assessment, input.decision.reason)
      : undefined;
  const changed = input.record && changesSection(input.record, input.baseline);
  const otherBase = otherBaseSection(input.tested?.base, input.defaultBranch);
  const otherPrompt = otherPromptSection(input.otherPrompt);
  const next = nextSection(input);
  const waiver = waiverSection(input.decision);
  const failed = overrideSection(input.override);
  const replaced = replacementSection(input.replacement);
  const drift = driftSection(input.drift);
  return element(
    'section',
    {
      id: 'verdict',
      class: `verdict ${input.decision.effect}`,
      'aria-labelledby': 'verdict-title',
    },
    element('h1', { id: 'verdict-title' }, headline(input)),
    prose(explain(input)),
    changed === undefined ? undefined : prose(changed),
    otherBase === undefined ? undefined : prose(otherBase),
    otherPrompt === undefined ? undefined : prose(otherPrompt),
    waiver === undefined ? undefined : prose(waiver),
    failed === undefined ? undefined : prose(failed),
    replaced === undefined ? undefined : prose(replaced),
    drift === undefined ? undefined : prose(drift),
    warnings === undefined ? undefined : prose(warnings),
    next === undefined ? undefined : prose(next),
    input.policyFromHead
      ? element(
          'p',
          {},
          '⚠️ Policy was taken from the head of the pull request (policy-from: head): it could change its own gate.',
        )
      : undefined,
    deferredRows(input.deferred),
  );
}
