import { keysFromInputs } from '../../../src/action/context/keys.js';
import type { Config, Provider } from '../../../src/config/config.js';
import { makeConfig, makeRole } from '../../factories.js';

const INPUTS = { 'api-key': 'key-of-target', 'judge-api-key': 'key-of-judge' };

const provider = (name: string): Provider => ({
  ...makeRole().provider,
  name,
  apiKeyEnv: `${name.toUpperCase()}_KEY`,
});

/** A configuration in which target and judge use these providers. */
const using = (target: string, judge: string): Config =>
  makeConfig({
    target: makeRole({ provider: provider(target) }),
    judge: makeRole({ provider: provider(judge) }),
  });

describe('the key of a provider', () => {
  // Target's provider in the policy; providers of target and judge in the run; requested key; expected key.
  test.each([
    ['openai', 'openai', 'openai', 'openai', 'key-of-target'],
    ['openai', 'openai', 'lab', 'openai', 'key-of-target'],
    ['openai', 'openai', 'lab', 'lab', 'key-of-judge'],
    ['lab', 'lab', 'openai', 'lab', 'key-of-target'],
    ['lab', 'lab', 'openai', 'openai', 'key-of-judge'],
  ])('policy %s, target %s, judge %s: %s gets %s', (policy, target, judge, name, key) => {
    const keyFor = keysFromInputs(INPUTS, policy);
    expect(keyFor(provider(name), using(target, judge))).toEqual({ key });
  });
});

describe('a head that switches the provider of the target', () => {
  test('to a third one gets no key', () => {
    const keyFor = keysFromInputs(INPUTS, 'openai');
    expect(keyFor(provider('other'), using('other', 'lab'))).toEqual({
      missing: {
        where: 'target.provider',
        message: 'no input holds a key for other; api-key is for openai',
      },
    });
  });

  test('to a third one gets no key even if both roles shared one before', () => {
    const keyFor = keysFromInputs(INPUTS, 'openai');
    expect(keyFor(provider('other'), using('other', 'openai'))).toHaveProperty('missing');
  });

  test("to the judge's gets the key that the workflow gave for that provider", () => {
    const keyFor = keysFromInputs(INPUTS, 'openai');
    expect(keyFor(provider('lab'), using('lab', 'lab'))).toEqual({ key: 'key-of-judge' });
  });

  test("to the judge's gets no key if the workflow gave none for that provider", () => {
    const keyFor = keysFromInputs({ 'api-key': 'key-of-target' }, 'openai');
    expect(keyFor(provider('lab'), using('lab', 'lab'))).toEqual({
      missing: {
        where: 'input judge-api-key',
        message: 'is empty; it takes the key of provider lab, such as ${{ secrets.LAB_KEY }}',
      },
    });
  });

  test('never sees the key of the other provider', () => {
    for (const policy of ['openai', 'lab', 'third']) {
      for (const name of ['openai', 'lab', 'third', 'other']) {
        for (const judge of ['openai', 'lab']) {
          const found = keysFromInputs(INPUTS, policy)(provider(name), using(name, judge));
          if (name !== policy) expect(JSON.stringify(found)).not.toContain('key-of-target');
          if (name !== judge) expect(JSON.stringify(found)).not.toContain('key-of-judge');
        }
      }
    }
  });
});

describe('a key that is missing', () => {
  test.each([{}, { 'api-key': '' }, { 'judge-api-key': 'key-of-judge' }])('%j', (inputs) => {
    const found = keysFromInputs(inputs, 'openai')(provider('openai'), using('openai', 'openai'));
    expect(found).toEqual({
      missing: {
        where: 'input api-key',
        message: 'is empty; it takes the key of provider openai, such as ${{ secrets.OPENAI_KEY }}',
      },
    });
  });
});
