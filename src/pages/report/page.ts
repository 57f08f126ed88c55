import { headline } from '../../report/comment/headline.js';
import { toLine } from '../../base/sanitise.js';
import { type Content, element } from '../element.js';
import { page } from '../frame.js';
import { archetypesSection } from './archetypes.js';
import { explorerSection } from './explorer.js';
import { exampleRows } from './examples.js';
import { type ReportPageInput, isCompared } from './input.js';
import { intervalsSection } from './intervals.js';
import { drawLosses } from './losses.js';
import { measuresSection } from './measures.js';
import { methodSection } from './method.js';
import { settingsSection } from './settings.js';
import { pageTexts } from './texts.js';
import { verdictSection } from './verdict.js';

/** The report of one run as a page: the verdict for ten seconds, everything behind it for five minutes. HTML. */
export function renderReportPage(input: ReportPageInput): string {
  const title = headline(input);
  const texts = pageTexts(input.texts, isCompared(input));
  const rows = input.record && exampleRows(input.record, comparedBaseline(input), texts.places);
  return page({
    title: `${title} (${toLine(input.suite)})`,
    script: 'report',
    data: rows ? { rows } : null,
    ...(texts.places.size > 0 && { texts: texts.json }),
    header: reportHeader(input),
    main: [
      verdictSection(input),
      measuresSection(input),
      intervalsSection(input),
      archetypesSection(input),
      explorerSection(input),
      drawLosses(input),
      settingsSection(input),
      methodSection(input),
    ],
  });
}

function comparedBaseline(input: ReportPageInput): Parameters<typeof exampleRows>[1] {
  return isCompared(input) && input.baseline.status === 'found' ? input.baseline.record : undefined;
}

function reportHeader({ suite, record }: ReportPageInput): Content {
  const facts = record
    ? [
        toLine(record.measurement.subject.model),
        record.provenance.commit === null ? '' : toLine(record.provenance.commit, 12),
        record.provenance.createdAt.slice(0, 16).replace('T', ' ').concat(' UTC'),
      ].filter((fact) => fact !== '')
    : [];
  return element(
    'div',
    { class: 'who' },
    element('strong', {}, `MASK Gate · ${toLine(suite)}`),
    facts.length > 0 ? element('span', {}, facts.join(' · ')) : undefined,
  );
}
