import { runner, shared } from './jest.config.js';

/** The pages in a real browser: `npm run test:browser`. @type {import('jest').Config} */
export default {
  ...runner,
  ...shared,
  roots: ['<rootDir>/__tests__/browser'],
  testMatch: ['**/*.spec.ts'],
  // One Chromium at a time: the machine may have two cores.
  maxWorkers: 1,
};
