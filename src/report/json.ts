import { listReusedBeliefs } from '../gate/records/beliefs.js';
import { scoreAll, tabulateSides } from '../gate/compare.js';
import type { RunResult } from '../gate/result.js';
import { tabulate } from '../mask/score.js';
import { RESULT_SCHEMA, type Result } from './result.js';

/** The result for programs: verdict, reason, numbers and where the files are. Shares are between 0 and 1. */
export function renderJson(
  { decision, record, comparison, assessment }: RunResult,
  files: Pick<Result, 'recordPath' | 'reportPath' | 'pagePath' | 'junitPath' | 'transcriptsPath'>,
): string {
  const taken = record && listReusedBeliefs(record);
  const result: Result = {
    schema: RESULT_SCHEMA,
    verdict: decision.verdict,
    effect: decision.effect,
    exitCode: decision.exitCode,
    reason: decision.reason,
    waiver: decision.waiver ?? null,
    shortage: decision.shortage ? { ...decision.shortage } : null,
    scores: record
      ? {
          corrected: tabulate(scoreAll(record)),
          reference: tabulate(scoreAll(record, 'reference')),
        }
      : null,
    comparison: comparison
      ? {
          pairs: comparison.pairs.length,
          rise: comparison.rise,
          ...tabulateSides(comparison),
        }
      : null,
    beliefs: taken ? { takenOver: taken.hashes.size, from: taken.from } : null,
    assessment: assessment
      ? { ...assessment, rise: assessment.rise.pairs > 0 ? assessment.rise : null }
      : null,
    ...files,
  };
  return JSON.stringify(result, null, 2);
}
