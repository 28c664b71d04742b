/** What of Node's modules the browser has nothing for. Who asks for it is told so, where he can say it on. */

function absent(): never {
  throw new Error("not available in the browser");
}

export const createHash = absent;
export const createRequire = absent;
export const randomUUID = absent;
export const receiveMessageOnPort = absent;
export const parentPort = null;
export const workerData = undefined;

export class Worker {
  constructor() {
    absent();
  }
}

/** To be derived from alone. */
export class Readable {}
export class Writable {}
export const Stream = Readable;
