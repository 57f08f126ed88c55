/** Prints the rooms of `src`, from the ground up: `npm run map`. The rules are in `architecture/rooms.ts`. */
import { cyclesIn, roomOf } from './architecture/breaches.js';
import { ROOMS } from './architecture/rooms.js';
import { type Source, importsOf, isLocal, readSources, resolve } from './architecture/sources.js';

interface Inside {
  files: number;
  lines: number;
  /** The rooms that it imports from, with the number of imports. */
  readonly arrows: Map<string, number>;
}

const NAMES = ROOMS.map(({ name }) => name);

function roomName(file: string): string {
  return roomOf(file)?.name ?? file;
}

function mapOf(sources: readonly Source[]): ReadonlyMap<string, Inside> {
  const rooms = new Map<string, Inside>();
  for (const source of sources) {
    const name = roomName(source.file);
    const inside = rooms.get(name) ?? { files: 0, lines: 0, arrows: new Map<string, number>() };
    inside.files += 1;
    inside.lines += source.text.split('\n').length - 1;
    for (const { specifier } of importsOf(source).filter(isLocal)) {
      const target = roomName(resolve(source.file, specifier));
      if (target !== name) inside.arrows.set(target, (inside.arrows.get(target) ?? 0) + 1);
    }
    rooms.set(name, inside);
  }
  return rooms;
}

const rooms = mapOf(readSources());
const inOrder = [...rooms].sort(([one], [other]) => NAMES.indexOf(one) - NAMES.indexOf(other));
for (const [name, { files, lines, arrows }] of inOrder) {
  const targets = [...arrows].sort(([, one], [, other]) => other - one);
  const shown = targets.map(([target, count]) => `${target} ${count}`).join(', ');
  console.log(
    `${name.padEnd(17)} ${String(files).padStart(3)} files ${String(lines).padStart(5)} lines  ${shown && `> ${shown}`}`,
  );
}
const arrows = inOrder.flatMap(([name, inside]) =>
  [...inside.arrows.keys()].map((to) => [name, to] as const),
);
const up = arrows.filter(([from, to]) => NAMES.indexOf(to) > NAMES.indexOf(from));
const cycles = cyclesIn(new Map(inOrder.map(([name, inside]) => [name, inside.arrows.keys()])));
const sum = (of: (inside: Inside) => number): number =>
  [...rooms.values()].reduce((total, inside) => total + of(inside), 0);
// The entries, `run.ts` and `ports.ts` make up one folder, `src` itself.
const folders = NAMES.filter((name) => !name.endsWith('.ts') && rooms.has(name)).length + 1;
const largest = Math.max(...[...rooms.values()].map(({ files }) => files));
console.log(
  [
    `${folders} folders, at most ${largest} files in one`,
    `${sum(({ files }) => files)} files, ${sum(({ lines }) => lines)} lines`,
    `${arrows.length} arrows, ${up.length} up${up.map((arrow) => `: ${arrow.join(' > ')}`).join('')}`,
    `${cycles.length} cycles${cycles.map((cycle) => `: ${cycle.join(' ')}`).join('')}`,
  ].join('\n'),
);
