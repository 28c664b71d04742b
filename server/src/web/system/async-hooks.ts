/**
 * `node:async_hooks` in the browser, which has no such thing: nothing is known of the request that is being answered, so that one
 * that is taken back is computed to its end, and its answer thrown away.
 */

export class AsyncLocalStorage<T> {
  run<R>(_store: T, work: () => R): R {
    return work();
  }

  getStore(): T | undefined {
    return undefined;
  }
}
