/** Settings as nested plain objects, before any check: what YAML gave, or what inputs and flags add up to. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every value that is not an object, by its dotted path; a list is one value. */
export function listLeaves(tree: Tree, prefix = ''): ReadonlyMap<string, unknown> {
  const leaves = new Map<string, unknown>();
  for (const [key, value] of Object.entries(tree)) {
    const name = key.includes('.') ? JSON.stringify(key) : key;
    const path = prefix ? `${prefix}.${name}` : name;
    if (isTree(value)) for (const [inner, leaf] of listLeaves(value, path)) leaves.set(inner, leaf);
    else leaves.set(path, value);
  }
  return leaves;
}

/** The value at a path through objects and lists, or undefined. */
export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, key) => {
    if (Array.isArray(node)) return node[Number(key)];
    return isTree(node) ? ownValue(node, String(key)) : undefined;
  }, tree);
}

/**
 * A copy with the value at a path replaced; `undefined` removes it. A value that stands where a section belongs is
 * left as it is, for the schema to refuse.
 */
export function withValue(tree: Tree, path: readonly string[], value: unknown): Tree {
  const [key, ...rest] = path;
  if (key === undefined) return tree;
  if (rest.length === 0) {
    const others = Object.entries(tree).filter(([name]) => name !== key);
    return Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
  }
  const child = ownValue(tree, key);
  if (child !== undefined && child !== null && !isTree(child)) return tree;
  return { ...tree, [key]: withValue(isTree(child) ? child : {}, rest, value) };
}

/** An object's own property; inherited ones such as `constructor` are not settings. */
function ownValue(tree: Tree, key: string): unknown {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}
