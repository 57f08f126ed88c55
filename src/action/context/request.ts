import path from 'node:path';
import { assignInputs } from '../../config/assignments.js';
import type { Assignment } from '../../config/parse.js';
import { SETTINGS } from '../../config/settings.js';
import { normalisePath } from '../../config/values.js';
import type { Repository } from '../../edges/github/api.js';
import { readEventPayload, readInputs, readVariable, runner } from '../../edges/github/runner.js';
import { type Problem, UsageError } from '../../base/errors.js';
import { findKeyProblem } from '../../base/keys.js';
import { type RunTrigger, readTrigger } from './event.js';
import type { ApprovalTrigger, ReportTrigger } from './fork-run.js';

/** What the workflow asks for: inputs and event, read once. Each is checked by itself. */
export interface ActionRequest<T = RunTrigger> {
  readonly inputs: Readonly<Record<string, string>>;
  /** The token for GitHub's API, never empty. */
  readonly token: string;
  readonly assignments: readonly Assignment[];
  readonly trigger: T;
  readonly repository: Repository;
  readonly apiUrl: string;
  /** The checkout. */
  readonly root: string;
  readonly configPath: string;
  /** The file of the workflow in this repository, where the runner names one. */
  readonly workflow?: string;
  readonly policyFromHead: boolean;
  /** Whether a check run is wanted in addition to that of the job. */
  readonly checkRun: boolean;
  /** The folder for results, absolute. */
  readonly output: string;
  /** What is wrong with the inputs; reported together with what is wrong with the configuration. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the inputs and the event of this step and masks the keys in the log.
 *
 * @throws UsageError when the event is none that can be gated, recorded or reported
 */
export function readRequest(): ActionRequest<RunTrigger | ReportTrigger | ApprovalTrigger> {
  const inputs = { ...defaults(), ...withoutEmpty(readInputs()) };
  for (const key of KEYS) runner.mask(inputs[key] ?? '');
  const bad = badKeys(inputs);
  // Nothing may be asked with one of these.
  if (bad.length > 0) throw new UsageError(bad);
  const { assignments, problems } = assignInputs(inputs, (name) => `input ${name}`);
  const all = [...problems, ...unknownInputs(inputs), ...badChoices(inputs), ...noToken(inputs)];
  const token = inputs['github-token'] ?? '';
  const policyFromHead = inputs['policy-from'] === 'head';
  const trigger = readTrigger(readFacts(), { mode: inputs['mode'] ?? '', policyFromHead });
  if ('problem' in trigger) throw new UsageError([...all, trigger.problem]);
  if (token === '') throw new UsageError(all);
  const root = readVariable('GITHUB_WORKSPACE') ?? '.';
  const workflow = readWorkflow();
  return {
    inputs,
    token,
    assignments,
    trigger,
    ...readPlace(),
    root,
    configPath: normalisePath(inputs['config'] ?? ''),
    ...(workflow !== undefined && { workflow }),
    policyFromHead,
    checkRun: inputs['check-run'] === 'true',
    output: path.resolve(root, inputs['output'] ?? ''),
    problems: all,
  };
}

const KEYS = ['api-key', 'judge-api-key', 'hf-token', 'github-token'];

function badKeys(inputs: Readonly<Record<string, string>>): readonly Problem[] {
  return KEYS.flatMap((name) => {
    const message = findKeyProblem(inputs[name] ?? '');
    return message === undefined ? [] : [{ where: `input ${name}`, message }];
  });
}

/** Which repository of which GitHub. */
function readPlace(): Pick<ActionRequest, 'repository' | 'apiUrl'> {
  const [owner = '', repo = ''] = (readVariable('GITHUB_REPOSITORY') ?? '').split('/');
  const apiUrl = readVariable('GITHUB_API_URL') ?? 'https://api.github.com';
  return { repository: { owner, repo }, apiUrl };
}

/** `owner/name/.github/workflows/gate.yml@refs/pull/7/merge`; a workflow of another repository is not looked at. */
function readWorkflow(): string | undefined {
  const place = `${readVariable('GITHUB_REPOSITORY') ?? ''}/`;
  const [file = ''] = (readVariable('GITHUB_WORKFLOW_REF') ?? '').split('@');
  return file.startsWith(place) ? file.slice(place.length) : undefined;
}

/** What the end of the job needs, when nothing else is known any more. */
export function readAccess(): Pick<ActionRequest, 'token' | 'repository' | 'apiUrl'> {
  const token = readInputs()['github-token'] ?? '';
  runner.mask(token);
  const isSound = findKeyProblem(token) === undefined;
  return { token: isSound ? token : '', ...readPlace() };
}

/** The runner fills in defaults from action.yml by itself; the same ones hold where it did not. */
function defaults(): Readonly<Record<string, string>> {
  const entries = SETTINGS.flatMap(({ name, default: value }) =>
    value === undefined || value.startsWith('${{') ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}

function withoutEmpty(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== ''));
}

function unknownInputs(inputs: Readonly<Record<string, string>>): readonly Problem[] {
  const known = SETTINGS.map(({ name }) => name);
  return Object.keys(inputs)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      where: `input ${name}`,
      message: `is unknown; known inputs are ${known.join(', ')}`,
    }));
}

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'policy-from': ['base', 'head'],
  'check-run': ['true', 'false'],
};

function badChoices(inputs: Readonly<Record<string, string>>): readonly Problem[] {
  return Object.entries(CHOICES).flatMap(([name, choices]) => {
    const value = inputs[name] ?? '';
    if (choices.includes(value)) return [];
    const message = `must be ${choices.join(' or ')} (found "${value}")`;
    return [{ where: `input ${name}`, message }];
  });
}

function noToken(inputs: Readonly<Record<string, string>>): readonly Problem[] {
  if (inputs['github-token']) return [];
  return [
    { where: 'input github-token', message: 'is empty; leave it out, or pass ${{ github.token }}' },
  ];
}

function readFacts(): Parameters<typeof readTrigger>[0] {
  return {
    eventName: readVariable('GITHUB_EVENT_NAME') ?? '',
    payload: readEventPayload(),
    sha: readVariable('GITHUB_SHA') ?? '',
    ref: readVariable('GITHUB_REF') ?? '',
    runId: readVariable('GITHUB_RUN_ID') ?? '',
    runAttempt: readVariable('GITHUB_RUN_ATTEMPT') ?? '',
  };
}
