import ts from 'typescript';
import { type GlobalUse, globalUses, impureUses } from './globals.js';
import { FORBIDDEN_CALLS, GLOBAL_HOMES, IMPORT_HOMES } from './homes.js';
import { ROOMS, type Room } from './rooms.js';
import { type Import, type Source, importsOf, isLocal, parse, resolve } from './sources.js';

/** What a browser may be sent: everything else would be dragged into the page with what imports it. */
const CLIENT_PACKAGES = ['d3-scale', 'd3-shape'];

/** The room of a file: its folder, or the file itself where that is a room. */
export function roomOf(file: string): Room | undefined {
  const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
  return ROOMS.find(({ name }) => name === (folder === '' ? file : folder));
}

/**
 * Every breach of the rules of `rooms.ts` and `homes.ts`, one sentence each.
 *
 * @param sources the files that are judged
 * @param others what they may import beside each other
 */
export function findBreaches(
  sources: readonly Source[],
  others: readonly Source[] = [],
): readonly string[] {
  const all = new Map([...others, ...sources].map((source) => [source.file, source]));
  return [
    ...sources.flatMap(importBreaches),
    ...sources.flatMap(globalBreaches),
    ...sources.flatMap(callBreaches),
    ...sources.flatMap((source) => clientBreaches(source, all)),
    ...findCycles(sources),
  ];
}

function importBreaches(source: Source): readonly string[] {
  const { file } = source;
  const room = roomOf(file);
  if (!room) return [`${file} is in no room`];
  return importsOf(source).flatMap((found) => {
    const { specifier } = found;
    const homes = Object.hasOwn(IMPORT_HOMES, specifier) ? IMPORT_HOMES[specifier] : undefined;
    if (homes) return homes.includes(file) ? [] : [`${file} may not import ${specifier}`];
    if (isAllowed(file, room, found)) return [];
    return [`${file} (${room.name}) may not import ${specifier}`];
  });
}

function isAllowed(file: string, room: Room, found: Import): boolean {
  const { specifier } = found;
  if (specifier.endsWith('.json')) return room.hasData ?? false;
  if (!isLocal(found)) {
    const isNode = specifier.startsWith('node:') && room.packages.includes('node:*');
    return isNode || room.packages.includes(specifier);
  }
  const target = roomOf(resolve(file, specifier));
  return target !== undefined && (target === room || room.mayImport.includes(target.name));
}

function globalBreaches(source: Source): readonly string[] {
  const { file } = source;
  const room = roomOf(file);
  if (room?.isPure && !room.impure?.includes(file)) {
    return impureUses(source).map((use) => `${file} is pure and uses ${nameOf(use)}`);
  }
  return globalUses(source).flatMap((use) => {
    const homes = Object.hasOwn(GLOBAL_HOMES, use.name) ? GLOBAL_HOMES[use.name] : undefined;
    if (!homes) return [];
    const members = homes[file];
    const isAtHome =
      members !== undefined && (members.length === 0 || members.includes(use.member ?? ''));
    return isAtHome ? [] : [`${file} may not use ${nameOf(use)}`];
  });
}

function nameOf({ name, member }: GlobalUse): string {
  return member === undefined ? name : `${name}.${member}`;
}

function callBreaches(source: Source): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && FORBIDDEN_CALLS.includes(node.text)) {
      found.push(`${source.file} may not use ${node.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(source));
  return found;
}

/** What a file of the pages' client takes along: all that it imports for more than types, and what that imports. */
function clientBreaches(source: Source, all: ReadonlyMap<string, Source>): readonly string[] {
  if (roomOf(source.file)?.name !== 'pages/client') return [];
  const reached = new Map<string, string>([[source.file, source.file]]);
  const breaches: string[] = [];
  // Files that are found on the way are looked at in turn: a map goes on with what is added to it.
  for (const [file, way] of reached) {
    for (const found of valueImports(all.get(file))) {
      if (isLocal(found)) {
        const next = resolve(file, found.specifier);
        if (!reached.has(next)) reached.set(next, `${way} > ${next}`);
      } else if (!CLIENT_PACKAGES.includes(found.specifier)) {
        breaches.push(`${way} takes ${found.specifier} into the page`);
      }
    }
  }
  return breaches;
}

function valueImports(source: Source | undefined): readonly Import[] {
  return source ? importsOf(source).filter(({ isType }) => !isType) : [];
}

function findCycles(sources: readonly Source[]): readonly string[] {
  const next = new Map(
    sources.map((source) => [
      source.file,
      importsOf(source)
        .filter(isLocal)
        .map(({ specifier }) => resolve(source.file, specifier)),
    ]),
  );
  return cyclesIn(next).map((cycle) => `cycle: ${cycle.join(' ')}`);
}

/** The cycles of a graph, each as the names on it in order of the alphabet. */
export function cyclesIn(
  next: ReadonlyMap<string, Iterable<string>>,
): readonly (readonly string[])[] {
  const cycles = new Map<string, readonly string[]>();
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    if (start !== -1) {
      const cycle = trail.slice(start).sort();
      cycles.set(cycle.join(' '), cycle);
      return;
    }
    if (done.has(name)) return;
    for (const other of next.get(name) ?? []) visit(other, [...trail, name]);
    done.add(name);
  };
  for (const name of next.keys()) visit(name, []);
  return [...cycles.values()];
}
