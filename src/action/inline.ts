import type { Config } from '../config/config.js';
import { type Assignment, parseConfig } from '../config/parse.js';
import { joinPolicyAndSubject } from '../config/policy.js';
import type { Tree } from '../config/tree.js';
import { parseYaml } from '../config/yaml.js';
import { type ConnectOptions, connectModels } from '../edges/connect.js';
import type { GitHub } from '../edges/github.js';
import { runner } from '../edges/runner.js';
import { RunError, UsageError } from '../errors.js';
import type { BaselineLookup } from '../gate/baseline.js';
import { isRecordable } from '../gate/decide.js';
import type { BaselinePort } from '../ports.js';
import type { Prepared, Sources } from '../prepare.js';
import { describePace, reportTenths } from '../progress.js';
import { run } from '../run.js';
import type { Occasion } from './event.js';

/** What it takes to measure the base: policy as it is in force, and what changes with the commit. */
export interface InlineRequest {
  readonly prepared: Prepared;
  /** The settings of the file that are policy in this run. */
  readonly policy: Tree;
  readonly configPath: string;
  readonly assignments: readonly Assignment[];
  readonly keyFor: Sources['keyFor'];
  readonly occasion: Occasion;
  /** The commit that the tested tree departs from. */
  readonly commit: string;
  readonly github: GitHub;
  readonly connection: Omit<ConnectOptions, 'config' | 'keys'>;
}

/** Looks for a record and, where there is none, measures the base in this job. Nothing of it is stored. */
export function measuringBase(baselines: BaselinePort, request: InlineRequest): BaselinePort {
  return {
    find: async (suite) => {
      const lookup = await baselines.find(suite);
      return lookup.status === 'absent' ? measureBase(request) : lookup;
    },
    save: (record) => baselines.save(record),
  };
}

async function measureBase(request: InlineRequest): Promise<BaselineLookup> {
  const { prepared, occasion, commit, connection } = request;
  const config = await readConfigAt(request);
  const path = config.target.systemPromptPath;
  const prompt = path === undefined ? '' : await request.github.readFile(path, commit);
  if (prompt === undefined) return { status: 'absent' };
  const key = request.keyFor(config.target.provider, config);
  const needsKey = config.target.provider.apiKeyEnv !== 'none';
  if (needsKey && 'missing' in key) throw new UsageError([key.missing]);
  const own = 'key' in key ? [[config.target.provider.name, key.key] as const] : [];

  runner.info(`No baseline is recorded: measuring ${commit.slice(0, 12)} first.`);
  const keys = new Map([...prepared.keys, ...own]);
  const { model, readings, close } = connectModels({ ...connection, config, keys });
  const { now } = connection;
  const text = prompt.trim();
  try {
    const { record, decision } = await run(
      {
        ...prepared,
        config,
        mode: 'record',
        promptUnderTest: text === '' ? undefined : text,
        origin: { ...occasion.origin, commit },
      },
      {
        model,
        readings,
        baselines: { find: () => Promise.resolve({ status: 'absent' }), save: refuseToSave },
        now,
        onProgress: reportTenths(runner.info, describePace(model, now)),
      },
    );
    if (!record || !isRecordable(decision.verdict)) {
      throw new RunError(`the base ${commit.slice(0, 12)} could not be measured well enough`);
    }
    return { status: 'found', record, distance: 0, older: [], isInline: true };
  } finally {
    await close();
  }
}

/** Policy of this run with the subject of the base. */
async function readConfigAt(request: InlineRequest): Promise<Config> {
  const { configPath, commit, policy, github, assignments } = request;
  const text = await github.readFile(configPath, commit);
  const file =
    text === undefined ? { settings: {} } : parseYaml(text, `${configPath} at the baseline`);
  if ('problem' in file) throw new UsageError([file.problem]);
  const { settings } = joinPolicyAndSubject(policy, file.settings);
  const { config, problems } = parseConfig({ settings, origin: configPath }, assignments);
  if (problems.length > 0) throw new UsageError(problems);
  return config;
}

function refuseToSave(): Promise<string> {
  return Promise.reject(new RunError('what was measured for a comparison is not recorded'));
}
