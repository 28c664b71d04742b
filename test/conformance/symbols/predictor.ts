/** A process of its own that predicts objects, one after the other, as its parent asks for them. */

import { createExpander } from "../../../server/src/host/expand-file.ts";
import { predictObject } from "../../../server/src/host/object-prediction.ts";
import type { Predicted } from "./compare.ts";

export interface PredictorOptions {
  readonly root: string;
  readonly configuration: string;
  readonly build: string | undefined;
}

export interface Prediction {
  readonly source: string;
  /** undefined where there is no such text. */
  readonly symbols: readonly Predicted[] | undefined;
  /** The preprocessor's errors. */
  readonly problems: readonly string[];
  readonly milliseconds: number;
}

const options = JSON.parse(process.argv[2] ?? "{}") as PredictorOptions;
const expander = createExpander(options);

process.on("message", (source: string) => {
  const start = process.cpuUsage();
  const predicted = predictObject(expander, source);
  const spent = process.cpuUsage(start);
  const symbols = predicted?.symbols.map(({ name, role, binding, isReferenced }) => ({
    name,
    role,
    binding,
    isReferenced,
  }));
  const problems = predicted?.problems ?? [];
  const answer: Prediction = { source, symbols, problems, milliseconds: (spent.user + spent.system) / 1000 };
  process.send?.(answer);
});
