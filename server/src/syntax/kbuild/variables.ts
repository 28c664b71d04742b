/** The variables of a run of make, of which what a scope assigns is taken back at its end. It knows nothing of what they hold. */

import type { MakeVariable } from "./make.ts";

export interface Variables {
  get(name: string): MakeVariable | undefined;
  has(name: string): boolean;
  set(name: string, variable: MakeVariable): void;
  delete(name: string): void;
  /** The names of all, in no order. */
  keys(): Iterable<string>;
  /** Does some work and takes back what it assigned, at a cost of that alone: a recipe is one of thousands of such scopes. */
  inScope<T>(work: () => T): T;
}

export function createVariables(): Variables {
  const known = new Map<string, MakeVariable>();
  /** What variables were before the scope that is open assigned them. */
  let before: Map<string, MakeVariable | undefined> | undefined;

  function note(name: string): void {
    if (before?.has(name) === false) before.set(name, known.get(name));
  }

  return {
    get: (name) => known.get(name),
    has: (name) => known.has(name),
    keys: () => known.keys(),
    set(name, variable) {
      note(name);
      known.set(name, variable);
    },
    delete(name) {
      note(name);
      known.delete(name);
    },
    inScope(work) {
      const outer = before;
      const own = new Map<string, MakeVariable | undefined>();
      before = own;
      try {
        return work();
      } finally {
        before = outer;
        for (const [name, variable] of own) {
          note(name);
          if (variable === undefined) known.delete(name);
          else known.set(name, variable);
        }
      }
    },
  };
}
