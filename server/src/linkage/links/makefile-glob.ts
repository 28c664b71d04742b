/** Patterns of file names, as `$(wildcard …)` takes them: `*`, `?` and `[…]`, none of which matches a slash (glob(7)). */
export function matchesGlob(path: string, pattern: string): boolean {
  let made = compiled.get(pattern);
  if (made === undefined) {
    const text = pattern.replaceAll(/\[!?[^\]]*\]|[\\^$.|?*+(){}[\]]/g, (sign) => {
      if (sign === "*") return "[^/]*";
      if (sign === "?") return "[^/]";
      return sign.length > 1 ? sign.replace("[!", "[^") : `\\${sign}`;
    });
    if (compiled.size > MOST_KEPT) compiled.clear();
    compiled.set(pattern, (made = readPattern(text)));
  }
  return made?.test(path) ?? false;
}

const MOST_KEPT = 1000;
const compiled = new Map<string, RegExp | undefined>();

/** undefined for a range that is none: `[z-a]`. */
function readPattern(text: string): RegExp | undefined {
  try {
    return new RegExp(`^${text}$`);
  } catch {
    return undefined;
  }
}
