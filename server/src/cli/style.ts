/** Colours of the report in a terminal that has them. It knows no findings. */

/** Marks a text for what it is; returns it as it is where there is no colour. */
export type Style = (what: StyleName, text: string) => string;

export type StyleName = "error" | "warning" | "information" | "hint" | "place" | "fix" | "aside";

export const PLAIN: Style = (_, text) => text;

/** Parameters of Select Graphic Rendition (ECMA-48, 8.3.117): of the sixteen colours alone, which each theme sets for itself. */
const CODES: Readonly<Record<StyleName, string>> = {
  error: "1;31",
  warning: "1;33",
  information: "1;34",
  hint: "1;36",
  place: "1",
  fix: "32",
  aside: "2",
};

const COLOURED: Style = (what, text) => `\x1b[${CODES[what]}m${text}\x1b[0m`;

/**
 * The style for an output: colours on a terminal, unless NO_COLOR (no-color.org) or TERM=dumb forbids them; FORCE_COLOR asks for them
 * in a pipe.
 */
export function styleFor(isTerminal: boolean, environment: NodeJS.ProcessEnv): Style {
  const { NO_COLOR = "", FORCE_COLOR = "", TERM } = environment;
  if (FORCE_COLOR !== "" && FORCE_COLOR !== "0") return COLOURED;
  return isTerminal && NO_COLOR === "" && FORCE_COLOR !== "0" && TERM !== "dumb" ? COLOURED : PLAIN;
}
