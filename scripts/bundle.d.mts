import type { BuildOptions } from "esbuild";

/** esbuild's options; `outdir` is relative to the project's top. */
export const bundleOptions: BuildOptions;

/** The same for packages. */
export const releaseOptions: BuildOptions;
