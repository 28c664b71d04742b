/** Makes a tree that fails as small as it gets by leaving out symbols, uses and peculiarities. */

import { join } from "node:path";
import { keepSpecimens, specimensOf, type TreeSpec } from "./layout.ts";
import { type Failure, type Outcome, type TrialOptions, tryTree } from "./trial.ts";

export interface Reduced {
  readonly spec: TreeSpec;
  readonly failure: Failure;
  readonly outcome: Outcome;
}

/** How many smaller trees are tried. */
const ATTEMPTS = 40;

/** The smallest tree that is found to fail in the same manner with the same build. */
export async function reduce(spec: TreeSpec, failure: Failure, options: TrialOptions): Promise<Reduced | undefined> {
  let attempts = 0;
  const attempt = async (smaller: TreeSpec): Promise<Reduced | undefined> => {
    if (attempts++ >= ATTEMPTS || specimensOf(smaller).length === 0) return undefined;
    const outcome = await tryTree(smaller, {
      ...options,
      folder: join(options.folder, `reduced-${attempts}`),
      variants: failure.variant === undefined ? [] : [failure.variant],
      phases:
        failure.phase === "preferred"
          ? ["preferred"]
          : failure.phase === "offered"
            ? ["preferred", "offered"]
            : ["naive"],
    }).catch(() => undefined);
    const same = outcome?.failures.find((one) => one.kind === failure.kind && one.phase === failure.phase);
    return outcome === undefined || same === undefined || outcome.broken.length > 0
      ? undefined
      : { spec: smaller, failure: same, outcome };
  };
  let best: Reduced | undefined;
  const take = async (smaller: TreeSpec): Promise<boolean> => {
    const found = await attempt(smaller);
    if (found !== undefined) best = found;
    return found !== undefined;
  };
  const now = () => best?.spec ?? spec;

  for (const name of failure.symbols) {
    if (await take(keepSpecimens(spec, (specimen) => specimen.name === name))) break;
  }
  if (best === undefined && failure.symbols.length > 1)
    await take(keepSpecimens(spec, ({ name }) => failure.symbols.includes(name)));
  // Halves, then what is left one by one.
  for (
    let size = Math.ceil(specimensOf(now()).length / 2);
    size >= 1 && specimensOf(now()).length > 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    const names = specimensOf(now()).map(({ name }) => name);
    for (let from = 0; from < names.length; from += size) {
      const out = new Set(names.slice(from, from + size));
      if (out.size < specimensOf(now()).length) await take(keepSpecimens(now(), ({ name }) => !out.has(name)));
    }
  }
  for (const specimen of specimensOf(now())) {
    for (const use of specimen.uses) {
      const one = specimensOf(now()).find(({ name }) => name === specimen.name);
      if (one !== undefined && one.uses.length > 1) await take(withoutUse(now(), specimen.name, use.id));
    }
  }
  const changes: ((known: TreeSpec) => TreeSpec)[] = [
    (known) => ({
      ...known,
      groups: known.groups.map((group) => ({ ...group, newline: "\n", endsOpen: false, isDeep: false })),
    }),
    (known) => ({ ...known, groups: known.groups.map((group) => ({ ...group, reach: "program" })) }),
    (known) => ({ ...known, groups: known.groups.map((group) => ({ ...group, when: undefined })) }),
    (known) => ({ ...known, isOptimized: false }),
    (known) => ({ ...known, definesWithHeaders: false }),
    (known) => ({ ...known, listing: 0 }),
    (known) => ({ ...known, kind: known.kind === "kernel" ? "kernel" : "make" }),
  ];
  for (const change of changes) {
    const smaller = change(now());
    if (JSON.stringify(smaller) !== JSON.stringify(now())) await take(smaller);
  }
  return best;
}

function withoutUse(spec: TreeSpec, name: string, id: string): TreeSpec {
  return {
    ...spec,
    groups: spec.groups.map((group) => ({
      ...group,
      specimens: group.specimens.map((specimen) =>
        specimen.name === name ? { ...specimen, uses: specimen.uses.filter((use) => use.id !== id) } : specimen,
      ),
    })),
  };
}
