/**
 * A reporter of progress that speaks at every tenth of the way, for logs that people read afterwards.
 *
 * @param say gets one short line
 */
export function reportTenths(say: (line: string) => void): (done: number, total: number) => void {
  let told = 0;
  return (done, total) => {
    const tenth = Math.floor((done * 10) / total);
    // A second round, as when a run is confirmed.
    if (tenth < told) told = 0;
    if (tenth <= told) return;
    told = tenth;
    say(`${done} of ${total} examples (${Math.floor((done * 100) / total)} %)`);
  };
}
