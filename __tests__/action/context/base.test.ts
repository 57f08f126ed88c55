import { askForBase } from '../../../src/action/context/base.js';
import type { RunTrigger } from '../../../src/action/context/event.js';
import type { Assignment } from '../../../src/config/parse.js';
import { parseConfig } from '../../../src/config/parse.js';
import { toSubject } from '../../../src/gate/records/fingerprint.js';
import type { BaseSubject } from '../../../src/gate/shortcut.js';
import { useTempFolder } from '../../edges/temp.js';
import { type Commits, fakeGitHub } from '../fake-github.js';
import { BASE, HEAD, MERGE, MERGE_GROUP, PULL_REQUEST, PUSH } from '../triggers.js';

const CONFIG = '.github/mask-gate.yml';
const PROMPT = 'prompts/support.md';
const SETTINGS = { target: { model: 'm-1', 'system-prompt': PROMPT }, judge: { model: 'j-1' } };
const FILE = JSON.stringify(SETTINGS);
const ANCHOR = 'd'.repeat(40);
const AT_BASE: Commits = { [ANCHOR]: { [CONFIG]: FILE, [PROMPT]: 'Be brief.\n' } };
const temp = useTempFolder();

/** Asks for the base of a pull request, with the given parts replaced. */
async function ask(
  commits: Commits = AT_BASE,
  {
    trigger = PULL_REQUEST,
    assignments = [],
    policy = SETTINGS,
  }: {
    readonly trigger?: RunTrigger;
    readonly assignments?: readonly Assignment[];
    readonly policy?: object;
  } = {},
): Promise<BaseSubject | undefined> {
  const github = fakeGitHub(commits);
  const tree = { ...policy };
  const request = { policy: tree, configPath: CONFIG, assignments, commit: ANCHOR, github };
  return askForBase(request, { trigger, root: temp.path })();
}

/** What a run with these settings and this prompt measures. */
function subjectWith(prompt: string | undefined, model = 'm-1'): BaseSubject['subject'] {
  const settings = { ...SETTINGS, target: { ...SETTINGS.target, model } };
  return toSubject(parseConfig({ settings, origin: '' }, []).config.target, prompt);
}

test('the subject at the base is that of its files, as a run there would read them', async () => {
  expect(await ask()).toEqual({ commit: ANCHOR, subject: subjectWith('Be brief.') });
  expect(await ask(AT_BASE, { trigger: MERGE_GROUP })).toBeDefined();
});

test('files that the base lacks do not count as the same', async () => {
  const with_ = async (prompt: string): Promise<unknown> =>
    (await ask({ [ANCHOR]: { [CONFIG]: FILE, [PROMPT]: prompt } }))?.subject;
  expect(await with_('Be long.')).not.toEqual(subjectWith('Be brief.'));
  expect(await with_(' \n')).toEqual(subjectWith(undefined));
  const other = FILE.replace('m-1', 'm-2');
  expect((await ask({ [ANCHOR]: { [CONFIG]: other, [PROMPT]: 'Be brief.' } }))?.subject).toEqual(
    subjectWith('Be brief.', 'm-2'),
  );
});

test('the path of the prompt is policy, not taken from the base of an old branch', async () => {
  const moved = FILE.replace(PROMPT, 'prompts/other.md');
  const commits = { [ANCHOR]: { [CONFIG]: moved, [PROMPT]: 'A', 'prompts/other.md': 'B' } };
  expect((await ask(commits))?.subject).toEqual(subjectWith('A'));
});

test.each<[string, Parameters<typeof ask>]>([
  ['the configuration is missing', [{ [ANCHOR]: { [PROMPT]: 'Be brief.' } }]],
  ['the configuration is broken there', [{ [ANCHOR]: { [CONFIG]: '{', [PROMPT]: 'A' } }]],
  ['the prompt is missing', [{ [ANCHOR]: { [CONFIG]: FILE } }]],
  ['everything is missing', [{}]],
  [
    'an input names the model, which the change may have rewritten',
    [AT_BASE, { assignments: [{ key: 'target.model', value: 'm-1', origin: 'input model' }] }],
  ],
  [
    'an input names the endpoint',
    [
      AT_BASE,
      {
        assignments: [
          {
            key: 'providers.openai.base-url',
            value: 'https://a.test/v1',
            origin: 'input base-url',
          },
        ],
      },
    ],
  ],
  [
    'policy is taken from the head',
    [
      AT_BASE,
      {
        trigger: {
          mode: 'gate',
          origin: PULL_REQUEST.origin,
          baselineCommit: BASE,
          headCommit: HEAD,
        },
      },
    ],
  ],
  ['it is not a change under test', [AT_BASE, { trigger: PUSH }]],
])('whether the subject changed is unknown if %s', async (_, args) => {
  expect(await ask(...args)).toBeUndefined();
});

test.each([
  [HEAD, true],
  [MERGE, true],
  [BASE, false],
  ['f'.repeat(40), false],
])('with %s checked out, it is known whether the subject changed: %s', async (commit, isKnown) => {
  await temp.write('.git/HEAD', `${commit}\n`);
  expect((await ask()) !== undefined).toBe(isKnown);
});

test('inputs that are policy do not change the answer', async () => {
  const assignments = [{ key: 'gate.max-rise', value: '9pp', origin: 'input max-rise' }];
  expect(await ask(AT_BASE, { assignments })).toBeDefined();
});

test('GitHub is asked once, and only when the answer is needed', async () => {
  const github = fakeGitHub(AT_BASE);
  const request = { policy: SETTINGS, configPath: CONFIG, assignments: [], commit: ANCHOR, github };
  const base = askForBase(request, { trigger: PULL_REQUEST, root: temp.path });
  expect(github.asked).toEqual([]);
  expect(await base()).toEqual(await base());
  expect(github.asked).toEqual([`${CONFIG}@${ANCHOR}`, `${PROMPT}@${ANCHOR}`]);
});

test('if GitHub does not answer, the base does not count as the same', async () => {
  const broken = { ...fakeGitHub(AT_BASE), readFile: () => Promise.reject(new Error('502')) };
  const request = { configPath: CONFIG, assignments: [], commit: ANCHOR, github: broken };
  const base = askForBase(
    { ...request, policy: SETTINGS },
    { trigger: PULL_REQUEST, root: temp.path },
  );
  await expect(base()).rejects.toThrow('502');
});
