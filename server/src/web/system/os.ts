/** `node:os` in the browser, as far as the server asks for it. */

export const availableParallelism = (): number => 1;
/** Nobody is at home in a browser: nothing is kept. */
export const homedir = (): string => "";
export const platform = (): string => "browser";
export const tmpdir = (): string => "/tmp";
