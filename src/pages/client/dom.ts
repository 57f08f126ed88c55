import { type Content, isList } from '../element.js';

const SVG = 'http://www.w3.org/2000/svg';

/** Builds the nodes of a tree. Texts become text nodes; nothing is ever parsed as HTML. */
function toNodes(content: Content, isInSvg = false): readonly Node[] {
  if (content === undefined) return [];
  if (typeof content === 'string') return [document.createTextNode(content)];
  if (isList(content)) return content.flatMap((one) => toNodes(one, isInSvg));
  const { tag, attributes, children } = content;
  const isSvg = isInSvg || tag === 'svg';
  const node = isSvg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.flatMap((child) => toNodes(child, isSvg)));
  return [node];
}

/** Puts a tree in the place of what an element holds. */
export function fill(target: Element, content: Content): void {
  target.replaceChildren(...toNodes(content));
}

/** The element with an id, if it is of the kind that is wanted. */
export function byId<T extends Element>(id: string, kind: new () => T): T | undefined {
  const found = document.getElementById(id);
  return found instanceof kind ? found : undefined;
}

/** What the page was made from. Our own program wrote it into this file, in the shape that is asked for here. */
export function readData(): unknown {
  return JSON.parse(document.getElementById('data')?.textContent ?? 'null') as unknown;
}
