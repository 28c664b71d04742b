/**
 * How far long work has come, on standard error: a line that is written over on a terminal; elsewhere, so that logs stay readable,
 * a line every few seconds, and none for work that is short.
 */

export interface Progress {
  update(done: number, total: number): void;
  end(): void;
}

/** Where standard error is no terminal, in milliseconds: a log that says nothing for minutes looks like one that hangs. */
const SILENT = 5000;

export interface ProgressOptions {
  readonly write?: (text: string) => void;
  readonly isTerminal?: boolean;
  /** The time, in milliseconds from anywhere. */
  readonly now?: () => number;
}

export function showProgress(what: string, options: ProgressOptions = {}): Progress {
  const {
    write = (text) => process.stderr.write(text),
    isTerminal = process.stderr.isTTY === true,
    now = () => performance.now(),
  } = options;
  let isOpen = false;
  let last = now();
  return {
    update(done, total) {
      const text = `weakspot: ${what} ${done.toLocaleString("en")} of ${total.toLocaleString("en")} files`;
      if (isTerminal) {
        isOpen = true;
        write(`\r\x1b[K${text}`);
      } else if (now() - last >= SILENT) {
        last = now();
        write(`${text}\n`);
      }
    },
    end() {
      if (isOpen) write("\r\x1b[K");
      isOpen = false;
    },
  };
}
