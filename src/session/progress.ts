import { MINUTE_MS } from '../base/units.js';

/** How far a run is, as people are shown. */
export interface Progress {
  readonly report: (done: number, total: number) => void;
  /** To be called at the end, however it ends. */
  readonly end: () => void;
}

/**
 * A reporter of progress that speaks at every tenth of the way, for logs that people read afterwards.
 *
 * @param say gets one short line
 * @param detail what else there is to say at that point
 */
export function reportTenths(
  say: (line: string) => void,
  detail: (share: number) => string = () => '',
): Progress {
  let told = 0;
  const report = (done: number, total: number): void => {
    const tenth = Math.floor((done * 10) / total);
    // A second round, as when a run is confirmed.
    if (tenth < told) told = 0;
    if (tenth <= told) return;
    told = tenth;
    say(
      `${done} of ${total} examples (${Math.floor((done * 100) / total)} %)${detail(done / total)}`,
    );
  };
  return { report, end: () => undefined };
}

/** What may be asked of a model's account while a run is under way. */
interface ProgressCount {
  usage(): Readonly<Record<string, { readonly calls: number; readonly cost: number | null }>>;
}

/**
 * Says how many calls were made so far, how fast, and for how much money, if all of it is priced.
 *
 * @param elapsed milliseconds of a clock that only goes forward
 * @returns a text to be put after the number of examples, given the share of them that is done
 */
export function describePace(
  account: ProgressCount,
  elapsed: () => number,
): (share: number) => string {
  const start = elapsed();
  return (share) => {
    const roles = Object.values(account.usage());
    const calls = roles.reduce((sum, role) => sum + role.calls, 0);
    const minutes = Math.max(1, elapsed() - start) / MINUTE_MS;
    const cost = roles.reduce((sum, role) => sum + (role.cost ?? NaN), 0);
    const money = Number.isNaN(cost) ? '' : `, $${cost.toFixed(3)}`;
    const left = Math.ceil((minutes * 60 * (1 - share)) / share);
    const time = share < 1 ? `, about ${left} s left` : '';
    return `, ${calls} calls, ${Math.round(calls / minutes)} a minute${money}${time}`;
  };
}
