import { elapsed } from '../edges/model/call-limits.js';
import { runner } from '../edges/github/runner.js';
import { RunError, UsageError } from '../base/errors.js';
import type { BaselineLookup } from '../gate/records/baseline.js';
import { isRecordable } from '../gate/decide.js';
import { toSubject } from '../gate/records/fingerprint.js';
import { type BaseSubject, skipUnchangedSubject } from '../gate/shortcut.js';
import type { BaselinePort } from '../ports.js';
import type { Prepared, Sources } from '../session/prepare.js';
import { describePace, reportTenths } from '../session/progress.js';
import { type Connecting, knownBaseline, runSession } from '../session/session.js';
import { type BaseRequest, readBase } from './context/base.js';
import type { RunTrigger } from './context/event.js';

/** What it takes to measure the base: what it is, and the means of this run. */
export interface InlineRequest extends BaseRequest {
  readonly prepared: Prepared;
  readonly keyFor: Sources['keyFor'];
  readonly trigger: RunTrigger;
  readonly connecting: Connecting;
  readonly base: () => Promise<BaseSubject | undefined>;
}

/** Looks for a record and, where none is found, measures the base in this job. Nothing of it is stored. */
export function withInlineBaseline(baselines: BaselinePort, request: InlineRequest): BaselinePort {
  return {
    findRecord: async (suite) => {
      const lookup = await baselines.findRecord(suite);
      const isMissing = lookup.status === 'absent' || lookup.status === 'unreached';
      if (!isMissing || (await isSettled(request))) return lookup;
      const measured = await measureBase(request);
      return measured.status === 'found' ? measured : lookup;
    },
    save: (record) => baselines.save(record),
  };
}

/** Whether the run would ask nothing even without a record; then there is nothing to measure the base for. */
async function isSettled({ prepared, base, connecting }: InlineRequest): Promise<boolean> {
  const { config, promptUnderTest } = prepared;
  if (config.fresh) return false;
  const subject = toSubject(config.target, promptUnderTest);
  const context = { config, now: connecting.now() };
  return (
    skipUnchangedSubject({ status: 'absent' }, await base(), { subject }, context) !== undefined
  );
}

async function measureBase(request: InlineRequest): Promise<BaselineLookup> {
  const { prepared, trigger, commit, connecting } = request;
  const base = await readBase(request);
  if (!base) return { status: 'absent' };
  const { config, prompt } = base;
  const key = request.keyFor(config.target.provider, config);
  const needsKey = config.target.provider.apiKeyEnv !== 'none';
  if (needsKey && 'missing' in key) throw new UsageError([key.missing]);
  const own = 'key' in key ? [[config.target.provider.name, key.key] as const] : [];

  runner.info(`No baseline is recorded: measuring ${commit.slice(0, 12)} first.`);
  const keys = new Map([...prepared.keys, ...own]);
  const { record, decision } = await runSession(
    {
      ...prepared,
      config,
      keys,
      mode: 'record',
      promptUnderTest: prompt,
      origin: { ...trigger.origin, commit },
    },
    {
      ...connecting,
      baselines: knownBaseline({ status: 'absent' }),
      progress: (model) => reportTenths(runner.info, describePace(model, elapsed)),
    },
  );
  if (!record || !isRecordable(decision.verdict)) {
    throw new RunError(`the base ${commit.slice(0, 12)} could not be measured well enough`);
  }
  return { status: 'found', record, distance: 0, older: [], isInline: true };
}
