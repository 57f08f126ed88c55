import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const TEXT = readFileSync(path.resolve(import.meta.dirname, '../docs/safety.md'), 'utf8');

/** The last cells of the tables of attacks: the tests that prove the defence. */
const proofs = TEXT.split('\n')
  .filter((line) => line.split('|').length === 5)
  .map((line) => line.split('|')[3] ?? '')
  .filter((cell) => cell.includes('`'));

test('every defence of the threat model names the tests that prove it, and they exist', () => {
  const attacks = TEXT.split('\n').filter((line) => /^\| (?!Attack|-)/.test(line));
  const named = proofs.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(proofs.length).toBeGreaterThan(30);
  expect(attacks.filter((line) => line.split('|').length === 5)).toHaveLength(proofs.length);
  const missing = named.filter(
    (name = '') =>
      !existsSync(path.join(import.meta.dirname, `${name}.test.ts`)) &&
      !existsSync(path.resolve(import.meta.dirname, '..', name)),
  );
  expect(missing).toEqual([]);
});
