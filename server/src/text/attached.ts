/**
 * What was concluded of an object, kept with it for the next one who asks: the tree of a text, the lines of it. It goes when the
 * object goes.
 *
 * A WeakMap says the same, but what it holds outlives V8's collections of young objects, whose collector takes a map's values
 * for used whatever became of the keys. Of a document that somebody types in, each key would leave a tree to be copied into the
 * old generation; there they cost every tenth key as much as all the rest.
 */

export interface Attached<K extends object, V> {
  get(object: K): V | undefined;
  set(object: K, value: V): void;
}

/** Makes a place for one kind of conclusion. The objects must not be frozen. */
export function createAttached<K extends object, V>(): Attached<K, V> {
  const key = Symbol("attached");
  type Holder = { [key]?: V };
  return {
    get: (object) => (object as Holder)[key],
    set(object, value) {
      // Not enumerable: who copies the object's properties makes another object, of which nothing is concluded yet.
      Object.defineProperty(object, key, { value, configurable: true, writable: true });
    },
  };
}
