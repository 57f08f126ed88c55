import { Ajv2020 } from 'ajv/dist/2020.js';
import { renderJson } from '../../src/report/json.js';
import { resultSchema } from '../../src/report/result.js';
import { CAUSES } from './causes.js';
import { publishedSchemas } from '../../src/commands/schema.js';

const isResult = new Ajv2020({ strict: true, allErrors: true }).compile(publishedSchemas().result);

const PATHS = {
  recordPath: 'out/record.json',
  reportPath: 'out/report.md',
  pagePath: 'out/report.html',
  junitPath: 'out/junit.xml',
};

describe('the published schema takes the result of every cause', () => {
  test.each(Object.entries(CAUSES))('%s', (_, input) => {
    for (const files of [{}, PATHS]) {
      const result: unknown = JSON.parse(renderJson(input, files));
      isResult(result);
      expect(isResult.errors).toBeNull();
      expect(resultSchema.parse(result)).toEqual(result);
    }
  });
});

test.each([
  ['an unknown verdict', { verdict: 'green' }],
  ['a share in percent', { scores: null, comparison: null, assessment: { rise: 5 } }],
  ['the exit code of a usage error', { exitCode: 2 }],
  ['an unknown reason', { reason: { kind: 'because' } }],
  ['another version', { schema: 'mask-gate/result/v2' }],
  ['an unknown key', { pLie: 0.5 }],
])('it refuses %s', (_, change) => {
  const result = JSON.parse(renderJson(CAUSES['no-key'], {})) as object;
  expect(isResult({ ...result, ...change })).toBe(false);
});
