/**
 * Changes to the index that wait for their turn: they are made in slices of a few milliseconds, so that requests get through
 * in between, and not at all while somebody needs the index to stand still. It knows nothing of what the changes do.
 */

export interface ChangeQueue {
  /** Queues a change. Changes are made in the order in which they came. */
  push(change: () => void): void;
  /** How many changes are waiting. */
  readonly length: number;
  /** Runs `work` while no change is made. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Forgets all changes. */
  clear(): void;
}

/** Changes are made for this long before others get their turn. */
const SLICE_MILLISECONDS = 4;

/**
 * @param onChanged called after each slice in which a change was made
 * @param onEmpty called when the last change has been made
 */
export function createChangeQueue(onChanged: () => void, onEmpty: () => void): ChangeQueue {
  let changes: (() => void)[] = [];
  let isScheduled = false;
  let holders = 0;

  function schedule(): void {
    if (isScheduled || holders > 0 || changes.length === 0) return;
    isScheduled = true;
    setImmediate(makeSome);
  }

  function makeSome(): void {
    isScheduled = false;
    if (holders > 0) return;
    const start = performance.now();
    let count = 0;
    while (count < changes.length && performance.now() - start < SLICE_MILLISECONDS) changes[count++]!();
    changes.splice(0, count);
    if (count > 0) onChanged();
    if (changes.length > 0) schedule();
    else if (count > 0) onEmpty();
  }

  return {
    push(change) {
      changes.push(change);
      schedule();
    },
    get length() {
      return changes.length;
    },
    async hold(work) {
      holders++;
      try {
        return await work();
      } finally {
        holders--;
        schedule();
      }
    },
    clear() {
      changes = [];
    },
  };
}
