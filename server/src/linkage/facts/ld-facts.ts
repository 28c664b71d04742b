/**
 * What a linker script says of symbols: those it assigns and provides, those it refers to, and the files it includes. It
 * reads the tree alone: no other file, no other script, no macro from elsewhere.
 */

import { conditionOf, joinAll, UNTOLD } from "../../syntax/condition/condition.ts";
import { isIdentifier, looksLikeMacro } from "../../syntax/ld/characters.ts";
import { conditionAt } from "../../syntax/ld/directives.ts";
import { isPlace } from "../../syntax/ld/places.ts";
import type {
  LdAssignment,
  LdExpression,
  LdFragment,
  LdInclude,
  LdMacroCall,
  LdScript,
  LdStatement,
} from "../../syntax/ld/tree.ts";
import type { FileFacts, IncludeFact, SymbolFact } from "./facts.ts";
import { scriptMakers } from "./script-makers.ts";

type Reference = FileFacts["references"][number];

/** Where the walk through a script stands. */
interface Place {
  readonly inMacro: string | undefined;
  readonly parameters: readonly string[];
  /** The macros of the file whose body provides what the call's argument assigns, as `PROVIDE32(etext = .)` does. */
  readonly providers: ReadonlyMap<string, "PROVIDE" | "PROVIDE_HIDDEN" | "HIDDEN">;
  readonly provider: "PROVIDE" | "PROVIDE_HIDDEN" | "HIDDEN" | undefined;
  readonly outputSection: string | undefined;
  /** In a section with ONLY_IF_RO or ONLY_IF_RW, whose input decides whether it is there. */
  readonly isConstrained: boolean;
}

interface Findings {
  readonly script: LdScript;
  readonly symbols: SymbolFact[];
  readonly includes: IncludeFact[];
}

/** How much of an assigned value is kept, in UTF-16 units. */
const LONGEST_VALUE = 80;

/**
 * The facts of one linker script. Symbols that a macro's body assigns have `inMacro`; of a name that the body pastes
 * together the parts stay as written, `__start_##name`; a name that is a macro's parameter or call alone gives no fact.
 */
export function factsOfLinkerScript(script: LdScript): FileFacts {
  const findings: Findings = { script, symbols: [], includes: [] };
  const providers = findProviders(script);
  const top: Place = {
    inMacro: undefined,
    parameters: [],
    providers,
    provider: undefined,
    outputSection: undefined,
    isConstrained: false,
  };
  collect(findings, script.statements, top);
  for (const branch of script.branches) collectFragment(findings, branch, top);
  for (const macro of script.macros) {
    collectFragment(findings, macro.body, { ...top, inMacro: macro.name, parameters: macro.parameters ?? [] });
  }
  for (const header of script.headers) {
    findings.includes.push({
      path: header.path,
      angled: header.angled,
      start: header.pathSpan.start,
      end: header.pathSpan.end,
      condition: conditionAt(script.conditions, header.start),
    });
  }
  const made = scriptMakers(script, (macro) => {
    const inMacro: Findings = { script, symbols: [], includes: [] };
    // Without its parameters, so that what is assigned to one of them counts.
    collectFragment(inMacro, macro.body, { ...top, inMacro: macro.name });
    return inMacro.symbols;
  });
  findings.symbols.sort((a, b) => a.start - b.start);
  findings.includes.sort((a, b) => a.start - b.start);
  return {
    language: "ld",
    symbols: findings.symbols,
    includes: findings.includes,
    macros: [],
    ...made,
    exports: [],
    references: findReferences(script),
  };
}

/** Walks statements, those within blocks included; the depth is that of the blocks, which the parser has bounded. */
function collect(findings: Findings, statements: readonly LdStatement[], place: Place): void {
  for (const statement of statements) {
    switch (statement.kind) {
      case "assignment":
        addAssignment(findings, statement, place);
        break;
      case "include":
        addInclude(findings, statement);
        break;
      case "macro-call":
        collectCall(findings, statement, place);
        break;
      case "output-section":
        collect(findings, statement.statements, {
          ...place,
          outputSection: statement.name.text,
          isConstrained: statement.constraint !== undefined,
        });
        break;
      case "sections":
      case "overlay":
      case "section-group":
        collect(findings, statement.statements, place);
        break;
      case "memory":
        for (const region of statement.regions) if (region.kind === "include") addInclude(findings, region);
        break;
      default:
        break;
    }
  }
}

function collectFragment(findings: Findings, fragment: LdFragment, place: Place): void {
  collect(findings, fragment.statements, place);
}

/** A macro's arguments may assign: `PROVIDE32(etext = .)`, `ARM_CPU_KEEP(a = .;)`. */
function collectCall(findings: Findings, call: LdMacroCall, place: Place): void {
  const provider = place.providers.get(call.name.text);
  for (const argument of call.arguments ?? []) collectFragment(findings, argument, { ...place, provider });
}

function addAssignment(findings: Findings, assignment: LdAssignment, place: Place): void {
  const { target, value } = assignment;
  if (target.text === "." || target.text === "" || place.parameters.includes(target.text)) return;
  // A macro that stands for the name: only its expansion knows what is assigned.
  if (target.text.includes("(")) return;
  // PROVIDE(x) in a macro's body, whose argument brings the whole assignment.
  if (place.inMacro !== undefined && value.kind === "missing") return;
  const { source, conditions } = findings.script;
  const provide = assignment.provide || place.provider?.startsWith("PROVIDE") === true;
  const hidden = assignment.hidden || place.provider?.endsWith("HIDDEN") === true;
  const quote = target.quoted ? 1 : 0;
  const constant = constantText(value);
  findings.symbols.push({
    name: target.text,
    kind: "unknown",
    role: provide ? "provide" : "assignment",
    binding: "strong",
    scope: "file",
    start: target.start + quote,
    end: target.end - quote,
    condition: place.isConstrained
      ? joinAll([conditionOf(conditionAt(conditions, target.start)), UNTOLD]).text
      : conditionAt(conditions, target.start),
    words: [],
    valueText: shortText(source.slice(value.start, Math.min(value.end, value.start + LONGEST_VALUE * 4))),
    ...(hidden ? { visibility: "hidden" } : {}),
    ...(place.inMacro === undefined ? {} : { inMacro: place.inMacro }),
    ...(constant === undefined ? {} : { constantValue: constant }),
    ...(isPlace(value) ? { isPlace: true } : {}),
    ...(place.outputSection === undefined ? {} : { outputSection: place.outputSection }),
  });
}

/** The text of a value that is a number and nothing else, in parentheses or not. */
function constantText(value: LdExpression): string | undefined {
  let expression = value;
  while (expression.kind === "parenthesized") expression = expression.inner;
  return expression.kind === "number" ? expression.text : undefined;
}

function shortText(text: string): string {
  const line = text
    .replace(/\/\*[\s\S]*?(?:\*\/|$)|\\\r?\n/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line;
}

function addInclude(findings: Findings, include: LdInclude): void {
  if (include.path.text === "") return;
  const quote = include.path.quoted ? 1 : 0;
  findings.includes.push({
    path: include.path.text,
    angled: false,
    start: include.path.start + quote,
    end: include.path.end - quote,
    condition: conditionAt(findings.script.conditions, include.start),
  });
}

/** Macros whose body is PROVIDE, HIDDEN or PROVIDE_HIDDEN of a parameter: the argument brings the assignment. */
function findProviders(script: LdScript): Place["providers"] {
  const providers = new Map<string, "PROVIDE" | "PROVIDE_HIDDEN" | "HIDDEN">();
  for (const macro of script.macros) {
    const [statement] = macro.body.statements;
    if (statement?.kind !== "assignment" || statement.keyword === undefined) continue;
    if (statement.value.kind !== "missing") continue;
    const keyword = statement.keyword.text as "PROVIDE" | "PROVIDE_HIDDEN" | "HIDDEN";
    const isOfParameter = statement.target.pasted || (macro.parameters?.includes(statement.target.text) ?? false);
    // Of two definitions, that which provides the symbol as written tells more than one that renames it.
    if (isOfParameter && !(statement.target.pasted && providers.has(macro.name))) providers.set(macro.name, keyword);
  }
  return providers;
}

/**
 * The symbols that the script refers to without assigning them there. In an unpreprocessed script names in capitals that
 * it does not assign are macros rather than symbols.
 */
function findReferences(script: LdScript): Reference[] {
  const assigned = new Set<string>();
  const macros = new Set(script.macros.map((macro) => macro.name));
  const parameters = new Map(script.macros.map((macro) => [macro.name, macro.parameters ?? []]));
  for (const use of script.uses) if (use.role === "symbol" && use.isDefinition) assigned.add(use.text);
  const references: Reference[] = [];
  for (const use of script.uses) {
    if (use.role !== "symbol" || use.isDefinition || use.text === ".") continue;
    if (script.preprocessed) {
      if (macros.has(use.text) || use.text.includes("#") || !/[A-Za-z_]/.test(use.text)) continue;
      if (!assigned.has(use.text) && isIdentifier(use.text) && looksLikeMacro(use.text)) continue;
      if (use.inMacro !== undefined && parameters.get(use.inMacro)?.includes(use.text)) continue;
    }
    references.push({ name: use.text, start: use.start, end: use.end });
  }
  return references;
}
