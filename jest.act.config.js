import { runner, shared } from './jest.config.js';

/** Whole workflows under a runner: `npm run test:act`. @type {import('jest').Config} */
export default {
  ...runner,
  ...shared,
  roots: ['<rootDir>/__tests__/act'],
  testMatch: ['**/*.spec.ts'],
};
