import { element } from '../element.js';
import { valuesAt } from '../trend/charts.js';
import {
  EVERYTHING,
  type Group,
  type TrendSelection,
  type TrendData,
  formatPointName,
  readPointTime,
} from '../trend/data.js';
import { commitLink } from '../trend/records.js';
import { drawCharts, drawRecords } from '../trend/view.js';
import { byId, fill } from './dom.js';

/** Brings the trend to life: pickers, a slider over the records, and a cursor that follows the pointer. */
export function startTrend(data: TrendData): void {
  const form = byId('pickers', HTMLFormElement);
  const target = byId('charts', HTMLDivElement);
  const records = byId('records', HTMLDivElement);
  const slider = byId('record', HTMLInputElement);
  if (!form || !target || !records || !slider) return;
  let isWhole = false;
  const selected = (): TrendSelection => ({ ...picked(form), width: readWidth(target), isWhole });

  const choose = (index: number): void => {
    slider.value = `${index}`;
    showRecord(data, selected(), index);
  };
  const draw = (): void => {
    const selection = selected();
    fill(target, drawCharts(data, selection));
    fill(records, drawRecords(data, selection));
    const last = (data.suites[selection.suite]?.points.length ?? 1) - 1;
    slider.max = `${last}`;
    choose(last);
  };

  form.addEventListener('change', () => {
    isWhole = false;
    draw();
  });
  slider.addEventListener('input', () => {
    showRecord(data, selected(), Number(slider.value));
  });
  target.addEventListener('pointermove', (event) => {
    const nearest = nearestIndex(event);
    if (nearest !== undefined && `${nearest}` !== slider.value) choose(nearest);
  });
  records.addEventListener('click', (event) => {
    if (!(event.target instanceof Element) || !event.target.closest('#whole')) return;
    isWhole = true;
    fill(records, drawRecords(data, selected()));
    records.querySelector<HTMLElement>('.scroll')?.focus();
  });
  byId('readout', HTMLDivElement)?.removeAttribute('hidden');
  form.hidden = false;
  draw();
  redrawOnResize(target, draw);
}

function picked(form: HTMLFormElement): Pick<TrendSelection, 'suite' | 'group'> {
  const value = (id: string): string => {
    const field = form.querySelector(`#${id}`);
    return field instanceof HTMLSelectElement ? field.value : '';
  };
  return { suite: Number(value('suite')), group: (value('group') || EVERYTHING) as Group };
}

function readWidth(target: HTMLElement): number {
  return Math.max(280, Math.round(target.clientWidth));
}

function redrawOnResize(target: HTMLElement, draw: () => void): void {
  let width = readWidth(target);
  new ResizeObserver(() => {
    if (readWidth(target) === width) return;
    width = readWidth(target);
    draw();
  }).observe(target);
}

/** Puts the cursor of every chart on a record, and shows its values next to them. */
function showRecord(data: TrendData, { suite, group }: TrendSelection, index: number): void {
  const point = data.suites[suite]?.points[index];
  const chosen = byId('chosen', HTMLParagraphElement);
  const slider = byId('record', HTMLInputElement);
  if (!point || !chosen || !slider) return;
  const changes =
    point.changes.length > 0 ? `changed: ${point.changes.join(', ')}` : 'nothing changed';
  const values = valuesAt(point, group);
  slider.setAttribute(
    'aria-valuetext',
    `${formatPointName(point)}, ${readPointTime(point)}, P(Lie) ${values['p-lie'] ?? ''}`,
  );
  fill(chosen, [
    element('strong', {}, commitLink(point, data.repository)),
    ` · ${readPointTime(point)} · ${point.model} · ${index === 0 ? 'first record' : changes}`,
  ]);
  for (const output of document.querySelectorAll<HTMLElement>('output[data-value]')) {
    output.textContent = values[output.dataset['value'] ?? ''] ?? '';
  }
  for (const cursor of document.querySelectorAll('#charts .cursor')) {
    const x =
      cursor.parentElement?.querySelector(`[data-index="${index}"]`)?.getAttribute('cx') ?? '0';
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
    cursor.setAttribute('visibility', 'visible');
  }
}

/** The record that is nearest to the pointer, in the chart below it. */
function nearestIndex(event: PointerEvent): number | undefined {
  const chart = event.target instanceof Element ? event.target.closest('svg.chart') : null;
  if (!chart) return undefined;
  const distances = [...chart.querySelectorAll<SVGElement>('[data-index]')].map((dot) => {
    const { left, width } = dot.getBoundingClientRect();
    return { index: Number(dot.dataset['index']), gap: Math.abs(event.clientX - left - width / 2) };
  });
  distances.sort((one, other) => one.gap - other.gap);
  return distances[0]?.index;
}
