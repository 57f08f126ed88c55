import base from './jest.config.js';

/** Whole workflows under a runner: `npm run test:act`. @type {import('jest').Config} */
export default {
  ...base,
  roots: ['<rootDir>/__tests__/act'],
  testMatch: ['**/*.spec.ts'],
};
