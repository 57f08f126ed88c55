import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { env } from 'node:process';

/** A file system in memory that most Linux machines have, and what has to be free there, in bytes. */
const MEMORY = '/dev/shm';
const MIN_FREE_BYTES = 2 * 1024 ** 3;

/** Whether temporary folders fit into memory. They take some ten MB; containers may have no more than 64. */
function isMemoryRoomy() {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= MIN_FREE_BYTES;
}

// The tests make thousands of small files, which a disk takes longer for than all the rest of a run. Workers inherit it.
if (isMemoryRoomy()) env.TMPDIR ??= MEMORY;

/** What the tests of every kind have in common. @type {import('jest').Config} */
export const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // Types are checked by tsc, once for all files.
  transform: { '^.+\\.ts$': '<rootDir>/jest.transform.js' },
};

/** How the lanes run. @type {import('jest').Config} */
export const runner = {
  // Jest would leave one core alone, which is half of a machine with two.
  maxWorkers: availableParallelism(),
  // Only to end what hangs: the end-to-end tests run whole benchmarks in real processes.
  testTimeout: 300_000,
};

/** @type {import('jest').Config} */
const lane = {
  ...shared,
  roots: ['<rootDir>/__tests__'],
};

/** What starts no other process; `__tests__/lanes.test.ts` sees to that. @type {import('jest').Config} */
export const unit = {
  ...lane,
  displayName: 'unit',
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/__tests__/e2e/'],
};

/** What starts other processes: the committed bundles, whole. @type {import('jest').Config} */
const process = {
  ...lane,
  displayName: 'process',
  testMatch: ['**/__tests__/e2e/**/*.test.ts'],
};

/** Everything: `npm test`. @type {import('jest').Config} */
export default { ...runner, projects: [unit, process] };
