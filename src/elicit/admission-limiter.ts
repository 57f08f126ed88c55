/** Lets tasks begin in the order in which they ask, as long as not too much is open. */
export interface AdmissionLimiter {
  /** Runs a task of some weight once there is room for it; one that is heavier than all the room runs alone. */
  run<Value>(weight: number, task: () => Promise<Value>): Promise<Value>;
}

/**
 * Keeps the number of calls that wait for their turn small, however large the dataset is: memory hangs on what is
 * open, not on what is planned.
 *
 * @param room what may be open at once, in the unit of the weights
 */
export function createAdmissionLimiter(room: number): AdmissionLimiter {
  let used = 0;
  const waiting: { readonly weight: number; readonly begin: () => void }[] = [];
  const admit = (): void => {
    for (
      let [next] = waiting;
      next && (used === 0 || used + next.weight <= room);
      [next] = waiting
    ) {
      used += next.weight;
      waiting.shift();
      next.begin();
    }
  };
  return {
    run: async (weight, task) => {
      await new Promise<void>((begin) => {
        waiting.push({ weight, begin });
        admit();
      });
      try {
        return await task();
      } finally {
        used -= weight;
        admit();
      }
    },
  };
}
