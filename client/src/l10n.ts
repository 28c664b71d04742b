/**
 * Words for people in the language of VS Code, for modules that must not know its API: activate.ts hands its translations over. The
 * messages are the keys, as VS Code's own are; l10n/bundle.l10n.json lists them.
 */

type Translate = (message: string, ...values: (string | number)[]) => string;

let translate: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));

export const l10n = {
  /** The message in the user's language, with `{0}`, `{1}` … replaced by the values. It must be written out where this is called. */
  t: (message: string, ...values: (string | number)[]): string => translate(message, ...values),
};

/** Has all messages translated by this from now on. */
export function translateBy(translation: Translate): void {
  translate = translation;
}
