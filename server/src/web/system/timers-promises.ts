/** `node:timers/promises` in the browser. */

export const setTimeout = <T>(milliseconds?: number, value?: T): Promise<T | undefined> =>
  new Promise((resolve) => globalThis.setTimeout(() => resolve(value), milliseconds));

/** The next turn of the event loop: a message to oneself comes after what waits, and sooner than a timer. */
export const setImmediate = <T>(value?: T): Promise<T | undefined> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    Object.assign(port1, {
      onmessage: () => {
        port1.close();
        resolve(value);
      },
    });
    port2.postMessage(undefined);
  });
