import type { BuildOptions } from "esbuild";

/** esbuild's options for the command and its threads; `outdir` is relative to the project's top. */
export const bundleOptions: BuildOptions;

/** The extension's client where there is Node. */
export const clientOptions: BuildOptions;

/** The server as a browser's worker. */
export const webServerOptions: BuildOptions;

/** The extension's client where there is no Node. */
export const webClientOptions: BuildOptions;

/** What all of dist/ is made by. */
export const allBundles: readonly BuildOptions[];

/** A bundle for packages: without maps; the command's names are kept, so that what a stack trace in a report says can be read. */
export function forRelease(options: BuildOptions): BuildOptions;
