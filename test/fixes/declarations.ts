/** The ways of declaring a symbol weak. */

import type { Choice } from "./choose.ts";
import type { Specimen } from "./specimen.ts";

interface Style {
  readonly label: string;
  readonly share: number;
  /** T is the type with its blank, N the declarator, S the name, W the weak attribute. */
  readonly declaration: string;
  readonly fileText?: string;
  readonly place?: "file";
  /** What stands in the header before it must not use the symbol: compilers may have taken it for strong by then. */
  readonly isLate?: boolean;
}

const STYLES: readonly Style[] = [
  { label: "behind", share: 40, declaration: "extern TN W;\n" },
  { label: "before", share: 10, declaration: "extern W TN;\n" },
  { label: "in the middle", share: 8, declaration: "extern T@W @N;\n" },
  { label: "first", share: 4, declaration: "W extern TN;\n" },
  { label: "pragma", share: 5, declaration: "extern TN;\n#pragma weak S\n" },
  { label: "pragma before", share: 3, declaration: "#pragma weak S\nextern TN;\n" },
  { label: "twice", share: 4, declaration: "extern TN;\nextern TN W;\n" },
  { label: "again in the file", share: 4, declaration: "extern TN W;\n", fileText: "extern TN;\n" },
  { label: "weak in the file alone", share: 4, declaration: "extern TN;\n", fileText: "extern TN W;\n", isLate: true },
  { label: "in a file", share: 10, declaration: "extern TN W;\n", place: "file" },
  { label: "with others", share: 4, declaration: "extern TN __attribute__((used, weak));\n" },
  { label: "comment above", share: 4, declaration: "/* Somebody else has it.\n */\nextern TN W; /* or not */\n" },
  { label: "in a macro", share: 3, declaration: "#define DECLARE_S extern TN W\nDECLARE_S;\n" },
  { label: "by a maker", share: 6, declaration: "#define MAKE_S(symbol) extern TM W\nMAKE_S(S);\n" },
  {
    label: "by a maker of two steps",
    share: 2,
    declaration: "#define MAKE_S(symbol, more) extern TM more\nMAKE_S(S, W);\n",
  },
  { label: "attribute macro", share: 3, declaration: "#define MAYBE_S W\nextern TN MAYBE_S;\n" },
  { label: "spread over lines", share: 4, declaration: "extern T\nN\n\tW;\n" },
];

const SPELLINGS = [
  "__attribute__((weak))",
  "__attribute__((weak))",
  "__weak",
  "__weak",
  "__attribute__((__weak__))",
  "__attribute((weak))",
];

/** A weak declaration, and what the C file says besides. */
export function declare(
  name: string,
  type: string,
  declarator: string,
  { isFunction, isUsedInHeader }: { readonly isFunction: boolean; readonly isUsedInHeader: boolean },
  choice: Choice,
): Pick<Specimen, "label" | "declaration" | "place" | "fileText"> {
  const styles = STYLES.filter(({ isLate }) => isLate !== true || !isUsedInHeader);
  let at = choice.below(styles.reduce((sum, { share }) => sum + share, 0));
  const style = styles.find(({ share }) => (at -= share) < 0)!;
  const weak = choice.one(SPELLINGS);
  const blank = type.endsWith("*") ? type : `${type} `;
  const write = (text: string) =>
    text.replaceAll(/@W @|\b(?:TN|TM|T|N|S|W)\b|_S\b/g, (word) => {
      switch (word) {
        case "TN":
          return blank + declarator;
        case "TM":
          return blank + declarator.replace(name, "symbol");
        case "T":
          return blank.trimEnd();
        case "N":
          return declarator;
        case "S":
          return name;
        case "_S":
          return `_${name}`;
        case "@W @":
          return `${weak} `;
        default:
          return weak;
      }
    });
  // A header's function is declared without extern as often as with it.
  const plainStart = isFunction && choice.percent(40);
  const declaration = write(style.declaration.replace("T@W @N", "TMIDN"))
    .replace(/\bTMIDN\b/, `${blank}${weak} ${declarator}`)
    .replaceAll(plainStart ? /^extern /gm : /^$/g, "");
  return {
    label: `${type}, ${style.label}`,
    declaration,
    place: style.place ?? "header",
    fileText: write(style.fileText ?? ""),
  };
}
