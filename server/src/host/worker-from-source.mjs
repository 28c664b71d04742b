// Runs a worker's TypeScript entry, named by its first argument, in tests and development. tsx registers itself in the main
// thread only, so each worker registers it by hand. The shipped bundles never load this file.
import { register } from "tsx/esm/api";

register();
await import(process.argv[2]);
