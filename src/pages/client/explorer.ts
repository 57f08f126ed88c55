import type { ExampleRow } from '../report/examples.js';
import { type Filters, filterRows } from '../report/filters.js';
import { byId, fill } from './dom.js';
import { PAGE, exampleTable } from './example-table.js';
import { openTexts } from './texts.js';

/** Brings the table of examples to life: filters, search, pages, and a row that opens. */
export function startExplorer(rows: readonly ExampleRow[]): void {
  const form = byId('filters', HTMLFormElement);
  const target = byId('rows', HTMLDivElement);
  const status = byId('found', HTMLParagraphElement);
  if (!form || !target || !status) return;
  const open = new Set<string>();
  const texts = openTexts();
  let place = 0;

  const show = (): void => {
    const found = filterRows(rows, readFilters(form), texts.saysIn);
    place = Math.min(place, lastPage(found.length));
    status.textContent = describeRow(found.length, rows.length, place);
    fill(target, exampleTable(found, place, open, texts.of));
  };
  const restart = (): void => {
    place = 0;
    show();
  };

  form.addEventListener('input', restart);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
  });
  // The fields are cleared after the event.
  form.addEventListener('reset', () => setTimeout(restart));
  target.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    const { turn, toggle } = button?.dataset ?? {};
    if (turn !== undefined) place += Number(turn);
    if (toggle !== undefined && !open.delete(toggle)) open.add(toggle);
    if (!button) return;
    show();
    focusAgain(
      target,
      turn === undefined ? `[data-toggle="${CSS.escape(toggle ?? '')}"]` : `[data-turn="${turn}"]`,
    );
  });
  startPanels(form, restart);
  form.hidden = false;
  show();
}

/** The buttons of the archetype panels choose their archetype in the filters. */
function startPanels(form: HTMLFormElement, restart: () => void): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.show')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const select = byId('archetype', HTMLSelectElement);
      if (!select) return;
      form.reset();
      select.value = button.dataset['archetype'] ?? '';
      restart();
      select.scrollIntoView({ block: 'center' });
      select.focus();
    });
  }
}

function readFilters(form: HTMLFormElement): Filters {
  const value = (id: string): string => {
    const field = form.querySelector(`#${id}`);
    return field instanceof HTMLInputElement || field instanceof HTMLSelectElement
      ? field.value
      : '';
  };
  return {
    search: value('search'),
    archetype: value('archetype'),
    direction: value('direction'),
    reading: value('reading'),
  };
}

function lastPage(count: number): number {
  return Math.max(0, Math.ceil(count / PAGE) - 1);
}

function describeRow(found: number, all: number, place: number): string {
  if (found === 0) return `None of ${all} examples fits. Clear a filter to see more.`;
  const first = place * PAGE + 1;
  const shown = `${first} to ${Math.min(found, first + PAGE - 1)} of ${found}`;
  return found === all ? `${shown} examples` : `${shown} that fit, ${all} examples in all`;
}

/** A user who pressed a button by keyboard continues from its place. */
function focusAgain(target: HTMLElement, selector: string): void {
  const again = target.querySelector<HTMLButtonElement>(selector);
  if (again && !again.disabled) again.focus();
  else target.querySelector<HTMLButtonElement>('[data-turn]:not(:disabled)')?.focus();
}
