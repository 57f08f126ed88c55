/** Settings as nested plain objects, before any check: what YAML gave, or what inputs and flags add up to. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every value that is no object itself, by its dotted path; a list is one value. */
export function leavesOf(tree: Tree, prefix = ''): ReadonlyMap<string, unknown> {
  const leaves = new Map<string, unknown>();
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (isTree(value)) for (const [inner, leaf] of leavesOf(value, path)) leaves.set(inner, leaf);
    else leaves.set(path, value);
  }
  return leaves;
}

/** The value at a path through objects and lists, or undefined. */
export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, key) => {
    if (Array.isArray(node)) return node[Number(key)];
    return isTree(node) ? node[String(key)] : undefined;
  }, tree);
}

/** A copy with the value at a dotted path replaced; `undefined` removes it. */
export function withValue(tree: Tree, path: readonly string[], value: unknown): Tree {
  const [key, ...rest] = path;
  if (key === undefined) return tree;
  if (rest.length === 0) {
    const others = Object.entries(tree).filter(([name]) => name !== key);
    return Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
  }
  const child = tree[key];
  return { ...tree, [key]: withValue(isTree(child) ? child : {}, rest, value) };
}
