/** What the process that runs VS Code and the tests inside of it tell each other through files. Types only. */

/** `context.json`, beside the bundle of the tests. */
export interface HostContext {
  /** Address of mocha's module. */
  readonly mocha: string;
  /** Where to write the results. */
  readonly results: string;
}

export interface HostResult {
  /** Titles of the suites around the test, outermost first, then its own. */
  readonly titles: readonly string[];
  readonly state: "passed" | "failed" | "pending";
  /** Milliseconds. */
  readonly duration: number;
  /** Of a failed test. */
  readonly message?: string;
  readonly stack?: string;
}
