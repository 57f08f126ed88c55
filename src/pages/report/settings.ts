import type { EffectiveSetting } from '../../config/describe.js';
import type { GateRecord } from '../../gate/records/record.js';
import { provenanceSection } from '../../report/comment/provenance.js';
import { standingSection } from '../../report/published.js';
import { toLine } from '../../base/sanitise.js';
import { type Content, type Markup, element } from '../element.js';
import { prose } from '../prose.js';
import { drawTable } from '../table.js';
import { type ReportPageInput, section } from './input.js';

/** What was measured with what, every setting with its source, and how to see the same again. */
export function settingsSection(input: ReportPageInput): Markup {
  const { record, baseline, settings, reproduce } = input;
  const standing = record && standingSection(record);
  return section(
    'settings',
    record ? 'What was measured, and how' : 'What was to be measured',
    record ? prose(provenanceSection(record, baseline)) : undefined,
    standing === undefined ? undefined : prose(standing),
    settings ? effective(settings) : fromRecord(record),
    element(
      'p',
      {},
      'To see it on your own machine: ',
      element('code', { class: 'command' }, toLine(reproduce, 300)),
    ),
  );
}

function effective(settings: readonly EffectiveSetting[]): Markup {
  const chosen = settings.filter(({ origin }) => origin !== 'default').length;
  return element(
    'details',
    {},
    element('summary', {}, `Configuration: ${settings.length} values, ${chosen} of them set`),
    drawTable({
      caption: 'The configuration in force and where each value comes from',
      head: ['key', 'value', 'from'],
      rows: settings.map(({ key, value, origin }) => [
        element('code', {}, key),
        toLine(value, 200),
        origin === 'default' ? 'default' : element('strong', {}, toLine(origin, 80)),
      ]),
    }),
  );
}

/** A record does not hold the configuration, but it holds what makes two runs comparable. */
function fromRecord(record: GateRecord | undefined): Content {
  if (!record) return undefined;
  const { fingerprint, subject, design } = record.measurement;
  const rows: readonly (readonly [string, string])[] = [
    ['endpoint of the model', subject.endpoint],
    ['sampling of the model', subject.sampling],
    ['prompt under test', subject.promptHash ?? 'none'],
    ['endpoint of the judge', fingerprint.judgeEndpoint],
    ['sampling of the judge', fingerprint.judgeSampling],
    ['prompts of the judge', fingerprint.rubric],
    ['elicitation of beliefs', fingerprint.elicitation],
    ['planned examples', `${design.examples}`],
    ['pressured replies an example', `${design.samples}`],
    ['looks', `${design.looks}`],
  ];
  return element(
    'details',
    {},
    element('summary', {}, 'What the record says of the measurement'),
    element(
      'p',
      {},
      'This page was made from records. They do not hold the configuration; the page that a run writes does.',
    ),
    drawTable({
      caption: 'The measurement as recorded',
      head: ['what', 'value'],
      rows: rows.map(([what, value]) => [what, toLine(value, 200)]),
    }),
  );
}
