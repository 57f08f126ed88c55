import { element } from '../element.js';
import { valuesAt } from '../trend/charts.js';
import {
  EVERYTHING,
  type Group,
  type Selection,
  type TrendData,
  nameOf,
  timeOf,
} from '../trend/data.js';
import { commitLink } from '../trend/records.js';
import { chartsOf, tableOf } from '../trend/view.js';
import { byId, fill } from './dom.js';

/** Brings the trend to life: pickers, a slider over the records, and a cursor that follows the pointer. */
export function startTrend(data: TrendData): void {
  const form = byId('pickers', HTMLFormElement);
  const target = byId('charts', HTMLDivElement);
  const records = byId('records', HTMLDivElement);
  const slider = byId('record', HTMLInputElement);
  if (!form || !target || !records || !slider) return;
  let isWhole = false;
  const selected = (): Selection => ({ ...picked(form), width: widthOf(target), isWhole });

  const choose = (index: number): void => {
    slider.value = `${index}`;
    showRecord(data, selected(), index);
  };
  const draw = (): void => {
    const selection = selected();
    fill(target, chartsOf(data, selection));
    fill(records, tableOf(data, selection));
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
    fill(records, tableOf(data, selected()));
    records.querySelector<HTMLElement>('.scroll')?.focus();
  });
  byId('readout', HTMLDivElement)?.removeAttribute('hidden');
  form.hidden = false;
  draw();
  redrawOnResize(target, draw);
}

function picked(form: HTMLFormElement): Pick<Selection, 'suite' | 'group'> {
  const value = (id: string): string => {
    const field = form.querySelector(`#${id}`);
    return field instanceof HTMLSelectElement ? field.value : '';
  };
  return { suite: Number(value('suite')), group: (value('group') || EVERYTHING) as Group };
}

function widthOf(target: HTMLElement): number {
  return Math.max(280, Math.round(target.clientWidth));
}

function redrawOnResize(target: HTMLElement, draw: () => void): void {
  let width = widthOf(target);
  new ResizeObserver(() => {
    if (widthOf(target) === width) return;
    width = widthOf(target);
    draw();
  }).observe(target);
}

/** Puts the cursor of every chart on a record, and its values beside them. */
function showRecord(data: TrendData, { suite, group }: Selection, index: number): void {
  const point = data.suites[suite]?.points[index];
  const chosen = byId('chosen', HTMLParagraphElement);
  const slider = byId('record', HTMLInputElement);
  if (!point || !chosen || !slider) return;
  const changes =
    point.changes.length > 0 ? `changed: ${point.changes.join(', ')}` : 'nothing changed';
  const values = valuesAt(point, group);
  slider.setAttribute(
    'aria-valuetext',
    `${nameOf(point)}, ${timeOf(point)}, P(Lie) ${values['p-lie'] ?? ''}`,
  );
  fill(chosen, [
    element('strong', {}, commitLink(point, data.repository)),
    ` · ${timeOf(point)} · ${point.model} · ${index === 0 ? 'first record' : changes}`,
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
