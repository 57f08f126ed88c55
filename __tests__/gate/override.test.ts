import { conclude } from '../../src/gate/decide.js';
import { recordSchema } from '../../src/gate/records/record.js';
import { makeConfig, makeRecord } from '../factories.js';
import {
  type OverrideClaim,
  type OverrideFacts,
  findOverrideFault,
  withOverride,
} from '../../src/gate/waiver.js';
import { overrideSection, waiverSection } from '../../src/report/comment/next.js';

const HEAD = 'a'.repeat(40);
const MERGE = 'c'.repeat(40);
const CLAIM: OverrideClaim = { actor: 'keeper', head: HEAD, merge: MERGE };
const FACTS: OverrideFacts = {
  author: 'author',
  head: HEAD,
  isLabeled: true,
  isMaintainer: true,
  tested: MERGE,
};

describe('an override counts', () => {
  test.each<[string, Partial<OverrideFacts>]>([
    ['on the merge that GitHub made', {}],
    ['on the head itself', { tested: HEAD }],
    ['without an answer from git', { tested: undefined }],
  ])('%s', (_, facts) => {
    expect(findOverrideFault(CLAIM, { ...FACTS, ...facts })).toBeUndefined();
  });
});

describe('an override does not count', () => {
  test.each<[string, Partial<OverrideFacts>, RegExp]>([
    ['by the author', { author: 'keeper' }, /the author of a pull request/],
    [
      'by the author with the name in other case',
      { author: 'Keeper' },
      /the author of a pull request/,
    ],
    ['if the author is unknown', { author: null }, /the author of a pull request/],
    ['by a user who is not a maintainer', { isMaintainer: false }, /maintain or admin/],
    ['once the head has moved', { head: 'b'.repeat(40) }, /newer commit/],
    ['once the label is gone', { isLabeled: false }, /taken off/],
    ['when another commit was tested', { tested: 'd'.repeat(40) }, /checked out/],
  ])('%s', (_, facts, words) => {
    expect(findOverrideFault(CLAIM, { ...FACTS, ...facts })).toMatch(words);
  });
});

describe('the effect of an override', () => {
  const override = { actor: 'keeper', commit: HEAD, reason: 'x`y](http://evil) @everyone' };
  const decision = conclude('regressed', { kind: 'no-record' }, makeConfig().gate);
  const record = makeRecord();
  const result = { mode: 'gate', decision, baseline: { status: 'absent' }, record } as const;

  test('the verdict does not change, the exit code does, and the record says who and why', () => {
    const overridden = withOverride(result, override);
    expect(overridden.decision).toMatchObject({
      verdict: 'regressed',
      effect: 'warn',
      exitCode: 0,
    });
    expect(recordSchema.parse(overridden.record).provenance.override).toEqual(override);
    expect(overridden.record?.measurement).toBe(record.measurement);
  });

  test('its words are shown as code in the report', () => {
    const text = waiverSection(withOverride(result, override).decision);
    expect(text).toContain('`keeper` overrode it for commit `aaaaaaaaaaaa` and no other');
    expect(text).toContain('`xˋy](http://evil) @everyone`');
    const silent = withOverride(result, { ...override, reason: null });
    expect(waiverSection(silent.decision)).toContain('No reason was given');
  });

  test('a failed one is named', () => {
    const refused = overrideSection({ kind: 'refused', actor: '@all', fault: 'it is late' });
    expect(refused).toContain('The override by `@all` does not count: it is late.');
    expect(overrideSection({ kind: 'expired', label: 'x' })).toContain('`x` has expired');
    expect(overrideSection(undefined)).toBeUndefined();
  });
});
