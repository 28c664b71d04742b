/** Words of a text, whatever language it is in. */

/** Whether the word stands in the text by itself: no letter, digit, `_` or `$` is beside it. */
export function hasWord(text: string, word: string): boolean {
  return indexOfWord(text, word) >= 0;
}

/** Where the word first stands in the text by itself; -1 where it does not. */
export function indexOfWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordChar(text[at - 1]) && !isWordChar(text[at + word.length])) return at;
  }
  return -1;
}

function isWordChar(char: string | undefined): boolean {
  if (char === undefined) return false;
  const isLetter = (char >= "a" && char <= "z") || (char >= "A" && char <= "Z");
  return isLetter || (char >= "0" && char <= "9") || char === "_" || char === "$";
}
