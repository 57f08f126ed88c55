import { availableParallelism } from 'node:os';

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
