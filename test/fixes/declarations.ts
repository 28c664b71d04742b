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
  /** Only for these: others can't be said so, or not built. */
  readonly only?: "functions" | "objects";
  /** Only where all uses are plain, the link is closed, and whoever defines the symbol can say the same. */
  readonly isOdd?: boolean;
  /** What the definition says as well, before its type. */
  readonly definedWith?: string;
  /** Only with -std=gnu2x. */
  readonly isC23?: boolean;
  /** An asm label stands right behind the declarator, before any attribute. */
  readonly isLabel?: boolean;
  /** In each function that uses it, and nowhere else. */
  readonly isInBlock?: boolean;
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
  { label: "with others", share: 4, declaration: "extern TN __attribute__((unused, weak));\n" },
  { label: "comment above", share: 4, declaration: "/* Somebody else has it.\n */\nextern TN W; /* or not */\n" },
  { label: "in a macro", share: 3, declaration: "#define DECLARE_S extern TN W\nDECLARE_S;\n" },
  { label: "by a maker", share: 6, declaration: "#define MAKE_S(symbol) extern TM W\nMAKE_S(S);\n" },
  {
    label: "by a maker of two steps",
    share: 2,
    declaration: "#define MAKE_S(symbol, more) extern TM more\nMAKE_S(S, W);\n",
  },
  { label: "attribute macro", share: 3, declaration: "#define MAYBE_S W\nextern TN MAYBE_S;\n" },
  { label: "hidden", share: 3, declaration: 'extern TN __attribute__((weak, visibility("hidden")));\n', isOdd: true },
  {
    label: "visibility pushed",
    share: 2,
    declaration: "#pragma GCC visibility push(hidden)\nextern TN W;\n#pragma GCC visibility pop\n",
    isOdd: true,
  },
  { label: "cold", share: 3, declaration: "extern TN __attribute__((cold)) W;\n", only: "functions" },
  {
    label: "section",
    share: 3,
    declaration: 'extern TN __attribute__((weak, section(".text.hooks")));\n',
    only: "functions",
  },
  {
    label: "convention",
    share: 4,
    declaration: "extern __attribute__((ms_abi)) TN W;\n",
    only: "functions",
    isOdd: true,
    definedWith: "__attribute__((ms_abi)) ",
  },
  {
    label: "convention by a macro",
    share: 4,
    declaration: "#define FAR_S __attribute__((ms_abi))\nextern FAR_S TN W;\n",
    only: "functions",
    isOdd: true,
    definedWith: "__attribute__((ms_abi)) ",
  },
  {
    label: "thread-local by a macro",
    share: 6,
    declaration: "#define PER_THREAD_S __thread\nextern PER_THREAD_S TN W;\n",
    only: "objects",
    isOdd: true,
    definedWith: "__thread ",
  },
  {
    label: "renamed by a macro",
    share: 5,
    declaration: '#define LABEL_S __asm__("real_S")\nextern TN LABEL_S W;\n',
    isOdd: true,
    isLabel: true,
  },
  { label: "C23", share: 8, declaration: "[[gnu::weak]] extern TN;\n", isC23: true },
  {
    label: "C23, with others",
    share: 8,
    declaration: "[[gnu::weak, gnu::unused]] extern TN;\n",
    isC23: true,
    place: "file",
  },
  { label: "in blocks", share: 5, declaration: "", only: "functions", isOdd: true, isInBlock: true, place: "file" },
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

/** What decides which ways of declaring there are. */
export interface DeclarationOptions {
  readonly isFunction: boolean;
  readonly isUsedInHeader: boolean;
  /** Ways that want a closed link, plain uses, and a definition in C. */
  readonly allowsOdd: boolean;
  readonly isC23: boolean;
}

export interface Declared extends Pick<Specimen, "label" | "declaration" | "place" | "fileText"> {
  readonly definedWith: string;
  /** What stands at the beginning of each function that uses it; "" where the file or header declares it. */
  readonly inBlock: string;
}

/** A weak declaration, and what the C file says besides. */
export function declare(
  name: string,
  type: string,
  declarator: string,
  { isFunction, isUsedInHeader, allowsOdd, isC23 }: DeclarationOptions,
  choice: Choice,
): Declared {
  const styles = STYLES.filter(
    ({ isLate, only, isOdd, isC23: wantsC23, isInBlock, isLabel }) =>
      (isLate !== true || !isUsedInHeader) &&
      (only === undefined || (only === "functions") === isFunction) &&
      (isOdd !== true || allowsOdd) &&
      (wantsC23 !== true || isC23) &&
      (isInBlock !== true || !isUsedInHeader) &&
      (isLabel !== true || !declarator.includes("__attribute__")),
  );
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
    definedWith: style.definedWith ?? "",
    inBlock: style.isInBlock === true ? write("\textern TN W;\n\n") : "",
  };
}
