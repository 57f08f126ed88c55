import { type FileSettings, readSettings } from '../../../src/action/context/settings.js';
import { type Assignment, parseConfig } from '../../../src/config/parse.js';
import type { RunTrigger } from '../../../src/action/context/event.js';
import { useTempFolder } from '../../edges/temp.js';
import { type Commits, fakeGitHub } from '../fake-github.js';
import { BASE, HEAD, MERGE, PULL_REQUEST, PUSH } from '../triggers.js';

const CONFIG = '.github/mask-gate.yml';
const CANARY = 'canary-2c8a';

const AT_BASE = `
suite: support-bot
target: { model: gpt-5-mini, system-prompt: prompts/a.md }
judge: { model: gpt-5 }
providers:
  lab: { base-url: https://lab.example.com/v1, api-key-env: LAB_KEY }
gate: { max-rise: 5pp }
`;

const temp = useTempFolder();

/** The settings with this file in the checkout and these files at commits. */
async function read(
  head: string | undefined,
  commits: Commits,
  trigger: Pick<RunTrigger, 'policyCommit'> = PULL_REQUEST,
): Promise<FileSettings> {
  if (head !== undefined) await temp.write(CONFIG, head);
  return readSettings({ configPath: CONFIG, root: temp.path }, trigger, fakeGitHub(commits));
}

describe('on a pull request', () => {
  test('policy comes from the base and the subject from the head', async () => {
    const head = AT_BASE.replace('gpt-5-mini', 'gpt-5-nano')
      .replace('5pp', '50pp')
      .replace('prompts/a.md', 'prompts/b.md')
      .replace('lab.example.com', 'evil.example.com');
    const read1 = await read(head, { [BASE]: { [CONFIG]: AT_BASE } });
    const { config } = parseConfig(read1, []);
    expect(config.target.model).toBe('gpt-5-nano');
    expect(config.gate.maxRise).toBe(0.05);
    expect(config.target.systemPromptPath).toBe('prompts/a.md');
    expect(read1.problems).toEqual([]);
    expect(read1.deferred).toEqual([
      { key: 'gate.max-rise', from: '5pp', to: '50pp' },
      {
        key: 'providers.lab.base-url',
        from: 'https://lab.example.com/v1',
        to: 'https://evil.example.com/v1',
      },
      { key: 'target.system-prompt', from: 'prompts/a.md', to: 'prompts/b.md' },
    ]);
    expect(JSON.stringify(read1.settings)).not.toContain('evil');
    expect(read1.origin).toBe(`${CONFIG}, policy from the base`);
  });

  test('the policy is read at its commit, not at the tip', async () => {
    const github = fakeGitHub({ [BASE]: { [CONFIG]: AT_BASE }, [HEAD]: { [CONFIG]: 'suite: x' } });
    await temp.write(CONFIG, 'suite: x');
    await readSettings({ configPath: CONFIG, root: temp.path }, PULL_REQUEST, github);
    expect(github.asked).toEqual([`${CONFIG}@${BASE}`]);
  });

  test('a file that the head did not change defers nothing', async () => {
    const { deferred, problems } = await read(AT_BASE, { [BASE]: { [CONFIG]: AT_BASE } });
    expect(deferred).toEqual([]);
    expect(problems).toEqual([]);
  });

  test.each([
    ['', 'openai'],
    ['\n  provider: lab', 'lab'],
  ])('the key is for the provider that the base names: %j', async (line, expected) => {
    const base = `target:\n  model: m${line}\njudge: { model: j }\n`;
    const head = 'target:\n  model: m\n  provider: other\njudge: { model: j }\n';
    const settings = await read(head, { [BASE]: { [CONFIG]: base } });
    expect(settings.targetProvider).toBe(expected);
    expect(parseConfig(settings, []).config.target.provider.name).toBe('other');
  });

  test('broken YAML in the head is a problem, and the message quotes nothing', async () => {
    const { problems, settings } = await read(`gate: "${CANARY}\n`, {
      [BASE]: { [CONFIG]: AT_BASE },
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.where).toBe(CONFIG);
    expect(problems[0]?.message).toMatch(/not valid YAML, line \d/);
    expect(JSON.stringify(problems)).not.toContain(CANARY);
    expect(settings).toMatchObject({ gate: { 'max-rise': '5pp' } });
  });

  test('broken YAML at the base is a problem, and the head does not replace it', async () => {
    const { problems, settings } = await read(AT_BASE, {
      [BASE]: { [CONFIG]: `gate: "${CANARY}\n` },
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.where).toBe(`${CONFIG} at the base`);
    expect(JSON.stringify(problems)).not.toContain(CANARY);
    expect(settings).toEqual({ target: { model: 'gpt-5-mini' } });
  });

  test('broken YAML on both sides is two problems', async () => {
    const { problems } = await read('a: "', { [BASE]: { [CONFIG]: 'b: [' } });
    expect(problems.map(({ where }) => where)).toEqual([CONFIG, `${CONFIG} at the base`]);
  });

  test('a head without the file keeps the policy and has no subject', async () => {
    const settings = await read(undefined, { [BASE]: { [CONFIG]: AT_BASE } });
    expect(settings.problems).toEqual([]);
    const { config, problems } = parseConfig(settings, []);
    expect(config.suite).toBe('support-bot');
    expect(problems.map(({ where }) => where)).toEqual(['target.model']);
    expect(settings.deferred.every(({ to }) => to === undefined)).toBe(true);
  });

  test('a file outside the checkout is a problem', async () => {
    const { problems } = await readSettings(
      { configPath: '../mask-gate.yml', root: temp.path },
      PULL_REQUEST,
      fakeGitHub({}),
    );
    expect(problems.map(({ where }) => where)).toEqual(['config']);
  });
});

describe('on a pull request without a configuration at the base', () => {
  test('inputs and defaults decide, and no endpoint comes from the head', async () => {
    const head = `
target: { model: m, provider: evil, temperature: 0 }
judge: { model: lenient, provider: evil }
providers:
  evil: { base-url: https://evil.example.com/v1 }
  openai: { base-url: https://evil.example.com/v1, headers: { x-steal: "1" } }
gate: { max-rise: 100pp, on-regressed: pass }
`;
    const settings = await read(head, { [BASE]: {} });
    expect(settings.settings).toEqual({ target: { model: 'm', provider: 'evil', temperature: 0 } });
    expect(settings.targetProvider).toBe('openai');
    const { config, problems } = parseConfig(settings, [
      { key: 'judge.model', value: 'j', origin: 'input judge-model' },
      { key: 'gate.max-rise', value: '3pp', origin: 'input max-rise' },
    ]);
    expect(problems.map(({ where }) => where)).toEqual(['providers.evil']);
    expect(config.judge.provider.baseUrl).toBe('https://api.openai.com/v1');
    expect(config.gate).toMatchObject({ maxRise: 0.03, on: { regressed: 'fail' } });
    expect(settings.deferred.map(({ key }) => key)).toEqual([
      'gate.max-rise',
      'gate.on-regressed',
      'judge.model',
      'judge.provider',
      'providers.evil.base-url',
      'providers.openai.base-url',
      'providers.openai.headers.x-steal',
    ]);
  });
});

describe('a configuration that is missing from some of its places', () => {
  const WORKFLOW = '.github/workflows/gate.yml';
  const workflow = (config?: string, uses = 'owner/mask-gate@v1'): string =>
    `jobs: { honesty: { steps: [{ uses: ${uses}, with: { ${config === undefined ? '' : `config: "${config}"`} } }] } }`;
  const INPUTS = ['target.model', 'judge.model'].map((key) => ({
    key,
    value: 'm',
    origin: `input ${key}`,
  }));

  /** The expected message: a keyword for the usual hints, or its words. */
  async function explain(
    commits: Commits,
    { disk = AT_BASE, configPath = CONFIG, assignments = [] as readonly Assignment[] } = {},
  ): Promise<readonly string[]> {
    if (disk !== '') await temp.write(configPath, disk);
    const where = { configPath, root: temp.path, assignments, workflow: WORKFLOW };
    const { firstDay, problems, hints } = await readSettings(
      where,
      PULL_REQUEST,
      fakeGitHub(commits),
    );
    return [
      ...(firstDay ? ['first day'] : []),
      ...problems.map(({ where: place, message }) => `${place}: ${message}`),
      ...hints.map(({ where: place, message }) => `hint ${place}: ${message}`),
    ];
  }

  test.each<[string, Commits, RegExp]>([
    ['only the head has it', { [BASE]: {}, [HEAD]: { [CONFIG]: '' } }, /^first day$/],
    ['only GitHub’s merge has it', { [BASE]: {}, [MERGE]: { [CONFIG]: '' } }, /^first day$/],
    [
      'the base has the workflow already',
      { [BASE]: { [WORKFLOW]: workflow() }, [HEAD]: { [CONFIG]: '' } },
      /^first day$/,
    ],
    [
      'the workflow at the base names another one',
      { [BASE]: { [WORKFLOW]: workflow('./evals/gate.yml') }, [HEAD]: { [CONFIG]: '' } },
      /^input config: is ".github\/mask-gate.yml", .* names "evals\/gate.yml"/,
    ],
    [
      'the workflow at the base computes the path',
      { [BASE]: { [WORKFLOW]: workflow('${{ matrix.x }}') }, [HEAD]: { [CONFIG]: '' } },
      /^first day$/,
    ],
    [
      'the workflow at the base does not use this Action',
      { [BASE]: { [WORKFLOW]: workflow('x.yml', 'other/action@v1') }, [HEAD]: { [CONFIG]: '' } },
      /^first day$/,
    ],
    [
      'the workflow at the base cannot be read',
      { [BASE]: { [WORKFLOW]: '- list' }, [HEAD]: { [CONFIG]: '' } },
      /^first day$/,
    ],
    [
      'only the disk has it',
      { [BASE]: {}, [HEAD]: {} },
      /^input config: .* in the repository neither at the base nor in this pull request/,
    ],
  ])('%s', async (_, commits, words) => {
    expect(await explain(commits)).toEqual([expect.stringMatching(words)]);
  });

  test('the disk alone does not have it', async () => {
    for (const base of [{}, { [CONFIG]: AT_BASE }]) {
      const said = await explain({ [BASE]: base, [HEAD]: { [CONFIG]: AT_BASE } }, { disk: '' });
      expect(said[0]).toMatch(/^input config: .* in the commit under test but not in the checkout/);
    }
  });

  test('the head has removed it', async () => {
    const said = await explain({ [BASE]: { [CONFIG]: AT_BASE }, [HEAD]: {} }, { disk: '' });
    expect(said[0]).toContain(`hint ${CONFIG}: is not in this pull request any more`);
  });

  test('it exists nowhere, so inputs decide', async () => {
    expect(await explain({ [BASE]: {}, [HEAD]: {} }, { disk: '' })).toEqual([]);
  });

  test('inputs that are complete are policy, and a file that the head adds does not change that', async () => {
    const commits = { [BASE]: {}, [HEAD]: { [CONFIG]: '' } };
    expect(await explain(commits, { assignments: INPUTS })).toEqual([]);
    expect(await explain(commits, { assignments: INPUTS.slice(1) })).toEqual(['first day']);
  });

  test('the head names another prompt file, and the message says so if there are problems', async () => {
    const said = await explain(
      { [BASE]: { [CONFIG]: AT_BASE }, [HEAD]: { [CONFIG]: AT_BASE } },
      { disk: AT_BASE.replace('prompts/a.md', 'prompts/b.md') },
    );
    expect(said).toEqual([
      expect.stringMatching(/^hint target.system-prompt: is "prompts\/b.md" .*\("prompts\/a.md"\)/),
    ]);
  });
});

describe('where the checkout is trusted', () => {
  test('its file is policy, and nothing else is read', async () => {
    const github = fakeGitHub({});
    await temp.write(CONFIG, 'target: { model: m, provider: lab }\n');
    const settings = await readSettings({ configPath: CONFIG, root: temp.path }, PUSH, github);
    expect(settings).toEqual({
      settings: { target: { model: 'm', provider: 'lab' } },
      policy: { target: { model: 'm', provider: 'lab' } },
      origin: CONFIG,
      targetProvider: 'lab',
      deferred: [],
      problems: [],
      hints: [],
    });
    expect(github.asked).toEqual([]);
  });

  test('it may have no file', async () => {
    expect(await read(undefined, {}, PUSH)).toMatchObject({ settings: {}, problems: [] });
  });

  test.each(['a: "', '- list', 'a: 1\na: 2'])('a broken file is a problem: %j', async (text) => {
    const { problems, settings } = await read(text, {}, PUSH);
    expect(problems).toHaveLength(1);
    expect(settings).toEqual({});
  });
});
