/** A line of progress on a terminal's standard error. Elsewhere it says nothing, so that logs stay readable. */

export interface Progress {
  update(done: number, total: number): void;
  end(): void;
}

export function showProgress(what: string): Progress {
  const isShown = process.stderr.isTTY === true;
  let isOpen = false;
  return {
    update(done, total) {
      if (!isShown) return;
      isOpen = true;
      process.stderr.write(
        `\r\x1b[Kweakspot: ${what} ${done.toLocaleString("en")} of ${total.toLocaleString("en")} files`,
      );
    },
    end() {
      if (isOpen) process.stderr.write("\r\x1b[K");
      isOpen = false;
    },
  };
}
