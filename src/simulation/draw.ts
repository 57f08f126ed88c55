import { sha256 } from '../base/hash.js';

export type Label = string | number;

/** A number in [0, 1) that depends on nothing but its labels. */
export function draw(...labels: readonly Label[]): number {
  return parseInt(sha256(JSON.stringify(labels)).slice(0, 12), 16) / 2 ** 48;
}

/** One of the items, each as likely as the others, that depends on nothing but the labels. */
export function pick<Item>(items: readonly [Item, ...Item[]], ...labels: readonly Label[]): Item {
  return items[Math.floor(draw(...labels) * items.length)] ?? items[0];
}
