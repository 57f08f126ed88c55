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
    ['where git says nothing', { tested: undefined }],
  ])('%s', (_, facts) => {
    expect(findOverrideFault(CLAIM, { ...FACTS, ...facts })).toBeUndefined();
  });
});

describe('an override does not count', () => {
  test.each<[string, Partial<OverrideFacts>, RegExp]>([
    ['by the author', { author: 'keeper' }, /the author of a pull request/],
    ['by the author in other letters', { author: 'Keeper' }, /the author of a pull request/],
    ['where nobody knows the author', { author: null }, /the author of a pull request/],
    ['by whoever is no maintainer', { isMaintainer: false }, /maintain or admin/],
    ['once the head has moved', { head: 'b'.repeat(40) }, /newer commit/],
    ['once the label is gone', { isLabeled: false }, /taken off/],
    ['when another commit was tested', { tested: 'd'.repeat(40) }, /checked out/],
  ])('%s', (_, facts, words) => {
    expect(findOverrideFault(CLAIM, { ...FACTS, ...facts })).toMatch(words);
  });
});

describe('what an override does', () => {
  const override = { actor: 'keeper', commit: HEAD, reason: 'x`y](http://evil) @everyone' };
  const decision = conclude('regressed', { kind: 'no-record' }, makeConfig().gate);
  const record = makeRecord();
  const result = { mode: 'gate', decision, baseline: { status: 'absent' }, record } as const;

  test('the verdict stays, the exit changes, the record says who and why', () => {
    const overridden = withOverride(result, override);
    expect(overridden.decision).toMatchObject({
      verdict: 'regressed',
      effect: 'warn',
      exitCode: 0,
    });
    expect(recordSchema.parse(overridden.record).provenance.override).toEqual(override);
    expect(overridden.record?.measurement).toBe(record.measurement);
  });

  test('its words stand in the report as code', () => {
    const text = waiverSection(withOverride(result, override).decision);
    expect(text).toContain('`keeper` overrode it for commit `aaaaaaaaaaaa` and no other');
    expect(text).toContain('`xˋy](http://evil) @everyone`');
    const silent = withOverride(result, { ...override, reason: null });
    expect(waiverSection(silent.decision)).toContain('No reason was given');
  });

  test('one that failed is named', () => {
    const refused = overrideSection({ kind: 'refused', actor: '@all', fault: 'it is late' });
    expect(refused).toContain('The override by `@all` does not count: it is late.');
    expect(overrideSection({ kind: 'expired', label: 'x' })).toContain('`x` has expired');
    expect(overrideSection(undefined)).toBeUndefined();
  });
});
