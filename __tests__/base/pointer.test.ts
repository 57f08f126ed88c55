import fc from 'fast-check';
import { SAMPLE_ROWS } from '../../src/edges/dataset/bundled-sample.js';
import { ARCHETYPES } from '../../src/mask/archetype.js';
import {
  type ReadFrom,
  explainPointer,
  findDvcPointers,
  findPointer,
} from '../../src/base/pointer.js';
import { DVC_FILE, LFS_POINTER, ONE_OF_EACH, toCsv, toJsonl } from '../edges/dataset/rows.js';

const HASH = '4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393';
const SHORT = HASH.slice(0, 40);
const LFS = 'a Git LFS pointer';
const ANNEX = 'a git-annex pointer';
const DVC = 'a DVC pointer';

/** Every kind as its tool writes it, in old and new versions. */
const POINTERS: readonly (readonly [what: string, text: string])[] = [
  [LFS, LFS_POINTER],
  [
    LFS,
    `version https://git-lfs.github.com/spec/v1\next-0-x sha256:${HASH}\noid sha256:${HASH}\nsize 3`,
  ],
  [LFS, `version https://hawser.github.com/spec/v1\noid sha256:${HASH}\nsize 12345\n`],
  [LFS, `version http://git-media.io/v/2\noid sha256:${HASH}\nsize 12345\n`],
  [LFS, 'version https://git-lfs.github.com/spec/v1\n'],
  ['a git-media pointer', `# git-media\n${HASH}\n`],
  ['a git-media pointer', `${SHORT}\n`],
  [ANNEX, `/annex/objects/SHA256E-s300000--${HASH}.csv\n`],
  [ANNEX, '/annex/objects/WORM-s3-m1289672605--rows_of_today.csv\n'],
  [ANNEX, `/annex/objects/MD5E-s3--${SHORT}.jsonl\n/annex/more\n`],
  [ANNEX, `../.git/annex/objects/Gj/X1/SHA256E-s3--${HASH}.md/SHA256E-s3--${HASH}.md`],
  [ANNEX, `..\\.git\\annex\\objects\\f87\\4d5\\SHA256-s3--${HASH}\\SHA256-s3--${HASH}`],
  ['a git-fat pointer', `#$# git-fat ${SHORT}                 1234\n`],
  [DVC, DVC_FILE],
  [
    DVC,
    `md5: ${SHORT}\nfrozen: true\ndeps:\n- path: raw.csv\nouts:\n- path: rows.csv\n  etag: 1f\n`,
  ],
  ['a file that git-crypt has encrypted', '\0GITCRYPT\0\u0001\u0002 more'],
  ['a file that transcrypt has encrypted', 'U2FsdGVkX1/6ISs2n1yqVBqfh9SJmnO0\nZm9vYmFy\n'],
  ['a file that age has encrypted', 'age-encryption.org/v1\n-> X25519 TEiF0\n'],
  ['a file that age has encrypted', '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n'],
  ['a link of git', '../shared/support.md'],
  ['a link of git', './base.md'],
];

test.each(POINTERS)('recognises %s: %j', (what, text) => {
  const found = findPointer(text);
  expect(found?.what).toBe(what);
  expect(findPointer(Buffer.from(text))).toEqual(found);
  for (const other of [text.replaceAll('\n', '\r\n'), `\ufeff${text}`, `${text} \n\n`]) {
    // Encrypted content begins with its mark, and with nothing else.
    if (!text.startsWith('\0')) expect(findPointer(other)?.what).toBe(what);
  }
});

test('recognises encrypted content although it is not text', () => {
  const bytes = Buffer.concat([Buffer.from('\0GITCRYPT\0'), Buffer.from([0xff, 0xfe, 0x80])]);
  expect(findPointer(bytes)?.what).toContain('git-crypt');
});

test.each([
  [''],
  ['Be brief.'],
  ['version 2\nBe brief.'],
  ['version https://git-lfs.github.com/spec/v1 is what a pointer begins with.\n'],
  ['https://git-lfs.github.com/spec/v1'],
  [`version https://git-lfs.github.com/spec/v1\nNever show a file that begins with this line.\n`],
  [`${HASH} is the hash of the release.`],
  ['a/b'],
  ['/think'],
  ['/no_think\n'],
  ['README.md'],
  ['../shared/support.md is the file that you answer from.'],
  ['outs:\n- path: x\nWrite briefly.'],
  ['outs: none\npath: x\n'],
  ['The key is in /annex/objects/SHA256E-s3--1f.csv'],
  ['/annex/objects/SHA256E-s3--1f.csv is what?'],
  ['/annex/objects/SHA256E-s3--1f.csv\nExplain this line to users.'],
  ['U2FsdGVkX1 is how the salted texts of openssl begin.'],
  [toCsv(ONE_OF_EACH)],
  [toJsonl(ONE_OF_EACH)],
])('takes for content: %j', (text) => {
  expect(findPointer(text)).toBeUndefined();
  expect(findPointer(Buffer.from(text))).toBeUndefined();
});

test('treats every row of the sample as content, in either format', () => {
  for (const archetype of ARCHETYPES) {
    const rows = SAMPLE_ROWS[archetype];
    expect(findPointer(rows.map((row) => JSON.stringify(row)).join('\n'))).toBeUndefined();
    for (const row of rows) expect(findPointer(JSON.stringify(row))).toBeUndefined();
  }
});

/** Words with a space between. No colon: a key in front of a pointer is not a sentence. */
const sentence = fc
  .array(fc.stringMatching(/^[A-Za-z,./]{1,12}$/), { minLength: 3, maxLength: 12 })
  .map((words) => words.join(' '));

test('a text that mentions pointers among its sentences is content', () => {
  const mention = fc.constantFrom(
    ...POINTERS.filter(([what]) => !what.includes('encrypted')).map(([, text]) => text),
  );
  fc.assert(
    fc.property(sentence, mention, sentence, (before, text, after) => {
      expect(findPointer(`${before}\n${text.trim()}\n${after}`)).toBeUndefined();
      expect(findPointer(`${before} ${text.trim()}`)).toBeUndefined();
    }),
  );
});

test('a JSON object is content, with any keys', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.json()),
      fc.constantFrom(...POINTERS),
      (row, pointer) => {
        expect(
          findPointer(`${JSON.stringify({ ...row, user_prompt: pointer[1] })}\n`),
        ).toBeUndefined();
      },
    ),
  );
});

test('any bytes are read without a fault', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(() => findPointer(bytes)).not.toThrow();
    }),
  );
});

test.each<[ReadFrom, RegExp]>([
  ['checkout', /^is a Git LFS pointer, and not the content\. .*git lfs pull.*lfs: true/],
  ['commit', /read at a commit, through GitHub's API.*keep it in git itself$/],
  ['data', /dataset\.revision.*does not track/],
  ['hub', /The Hub itself/],
])('the message says how to fix it, depending on where the file was read: %s', (from, words) => {
  const pointer = findPointer(LFS_POINTER);
  expect(pointer && explainPointer(pointer, from)).toMatch(words);
});

test('the message for a link says to replace it by its target, wherever it is', () => {
  const link = findPointer('../a.md');
  for (const from of ['checkout', 'commit', 'data'] as const) {
    expect(link && explainPointer(link, from)).toMatch(/[Nn]ame the file that it leads to/);
  }
});

test.each([
  [['a.csv', 'b.csv.dvc'], ['b.csv.dvc']],
  [['b.csv', 'b.csv.dvc'], []],
  [['facts.dvc', 'facts/a.csv'], []],
  [['facts.dvc', 'facts-2/a.csv'], ['facts.dvc']],
  [['within\\b.csv.dvc', 'within\\b.csv'], []],
])('of the names %j DVC keeps a pointer to: %j', (names, left) => {
  expect(findDvcPointers(names)).toEqual(left);
});
