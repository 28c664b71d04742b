/** An object that is like another one but for some of its parts, for tests of what a caller asks and does. */

/** The object with other parts in the place of its own. What it does otherwise it does as itself, with its own state. */
export function unlike<T extends object>(original: T, parts: Partial<T>): T {
  return new Proxy(original, {
    get(target, key) {
      if (Object.hasOwn(parts, key)) return Reflect.get(parts, key);
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
