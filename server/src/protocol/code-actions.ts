/** Fixes as the protocol's code actions and workspace edits. */

import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { isFree } from "../host/write-changes.ts";
import type { RatedFinding } from "../rules/check.ts";
import { ignoreFix } from "../rules/ignore-fix.ts";
import type { CheckedFile, OfferedFix, Session } from "../session/session.ts";
import type { FileEdit } from "../text/edit.ts";
import { type Source, sourceOfText } from "../text/source.ts";
import { toRange, toSpan, uriOfPath } from "./convert.ts";
import { toDiagnostic } from "./diagnostics.ts";
import { EXPLAIN_REFUSAL, type RefusalArguments } from "./messages.ts";

/** The kind of "fix everything in this file", for `editor.codeActionsOnSave`. */
export const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.weakspot`;

export interface ActionContext {
  readonly session: Session;
  readonly capabilities: ClientCapabilities;
  /** The version of an open document, so that the client can refuse an edit of an older text; null for files on disk. */
  versionOf(uri: string): number | null;
}

/** A file that changes faster than this many times while actions are made for it gets none that edit it. */
const TRIES = 3;

/**
 * The actions for a range. Nothing for a client that can't create files where a fix needs a new one. Files that are not open are
 * looked at once more: where one has changed since it was read, without anybody saying so, the actions are made anew.
 */
export async function findActions(
  path: string,
  params: CodeActionParams,
  context: ActionContext,
): Promise<CodeAction[] | null> {
  const { session } = context;
  for (let tries = 1; ; tries++) {
    const checked = await session.check(path);
    if (checked === undefined) return null;
    const offered: OfferedFix[] = [];
    const actions = await makeActions(checked, params, context, offered);
    if ((await session.refreshStale(offered)).length === 0) return actions;
    if (tries === TRIES) return actions.filter(({ edit }) => edit === undefined);
  }
}

/** @param offered takes the fixes up that the actions are made of */
async function makeActions(
  checked: CheckedFile,
  params: CodeActionParams,
  context: ActionContext,
  offered: OfferedFix[],
): Promise<CodeAction[]> {
  const { session } = context;
  const only = params.context.only;
  const wants = (kind: string) =>
    only === undefined || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
  const span = toSpan(checked.context.source, params.range);
  const here = checked.findings.filter((finding) => finding.span.start <= span.end && span.start <= finding.span.end);
  const actions: CodeAction[] = [];
  const act = (fix: OfferedFix, kind: string, findings: readonly RatedFinding[]) => {
    offered.push(fix);
    return toAction(fix, kind, findings, checked, context);
  };
  if (wants(CodeActionKind.QuickFix)) {
    for (const finding of here) {
      for (const fix of await session.fixes(checked, finding)) {
        const action = await act(fix, CodeActionKind.QuickFix, [finding]);
        if (action !== undefined) actions.push(action);
      }
    }
    const rulesHere = new Set(here.map((finding) => finding.rule));
    const alike = checked.findings.filter((finding) => rulesHere.has(finding.rule));
    if (alike.length > 0) {
      for (const fix of await session.fixAll(checked, alike)) {
        const action = fix.refusal === undefined ? await act(fix, CodeActionKind.QuickFix, here) : undefined;
        if (action !== undefined) actions.push(action);
      }
    }
    // Mending goes before silencing.
    for (const finding of here) {
      const ignore = ignoreFix(finding, checked.context);
      if (ignore === undefined) continue;
      const bases = new Map([[checked.path, checked.context.source]]);
      const action = await act({ ...ignore, bases }, CodeActionKind.QuickFix, [finding]);
      if (action !== undefined) actions.push(action);
    }
  }
  if (only?.some((asked) => asked !== "" && (FIX_ALL_KIND === asked || FIX_ALL_KIND.startsWith(`${asked}.`)))) {
    actions.push(...(await findFixAll(checked, context, act)));
  }
  return actions;
}

/**
 * `source.fixAll`: a rule's fix for all its findings in the file; where the rule speaks of but one symbol there, the
 * preferred fix of that. One rule at a time, as each fix is an edit of the texts as they are and the next would not fit any more: the next
 * save brings the next.
 */
async function findFixAll(
  checked: CheckedFile,
  { session }: ActionContext,
  act: (fix: OfferedFix, kind: string, findings: readonly RatedFinding[]) => Promise<CodeAction | undefined>,
): Promise<CodeAction[]> {
  for (const rule of new Set(checked.findings.map((finding) => finding.rule))) {
    const alike = checked.findings.filter((finding) => finding.rule === rule);
    const fixes = [...(await session.fixAll(checked, alike))];
    const [only] = alike;
    if (fixes.length === 0 && alike.every(({ symbol }) => symbol === only!.symbol)) {
      fixes.push(...(await session.fixes(checked, only!)).filter((fix) => fix.isPreferred));
    }
    for (const fix of fixes) {
      const action = await act(fix, FIX_ALL_KIND, alike);
      if (action !== undefined && action.disabled === undefined) return [action];
    }
  }
  return [];
}

async function toAction(
  fix: OfferedFix,
  kind: string,
  findings: readonly RatedFinding[],
  checked: CheckedFile,
  context: ActionContext,
): Promise<CodeAction | undefined> {
  const { session } = context;
  const root = session.workspace.root;
  const diagnostics = await session.ask((program) =>
    findings.map((finding) => toDiagnostic(checked, finding, program, root)),
  );
  const action: CodeAction = { title: fix.title, kind, diagnostics };
  if (fix.refusal !== undefined) return refusalAction(fix.refusal, findings, action);
  const edit = await toWorkspaceEdit(fix, context);
  if (edit === undefined) return undefined;
  return { ...action, edit, ...(fix.isPreferred ? { isPreferred: true } : {}) };
}

/**
 * A refusal is an answer: an action that tells why. Editors hide disabled ones from the lightbulb, so it is an enabled one, but for
 * who asks for the fix of a whole file, as no machine wants to be told.
 */
function refusalAction(refusal: string, findings: readonly RatedFinding[], action: CodeAction): CodeAction | undefined {
  const [finding] = findings;
  if (action.kind !== CodeActionKind.QuickFix || finding === undefined) return undefined;
  const title = `Why is there no fix for ${finding.symbol}?`;
  const told: RefusalArguments = { reason: refusal, rule: finding.rule };
  return { ...action, title, command: { title, command: EXPLAIN_REFUSAL, arguments: [told] } };
}

/** The whole change, or undefined where a part of it can't be said to this client: then none of it is offered. */
export async function toWorkspaceEdit(
  { edits, bases }: { readonly edits: readonly FileEdit[]; readonly bases?: ReadonlyMap<string, Source> },
  context: ActionContext,
): Promise<WorkspaceEdit | undefined> {
  const { session, capabilities } = context;
  const support = capabilities.workspace?.workspaceEdit;
  const canCreate = support?.resourceOperations?.includes("create") === true;
  // Files can be created in documentChanges alone, so that whoever can do it knows these; Neovim 0.7 does not say so.
  const canVersion = support?.documentChanges === true || canCreate;
  const changes: NonNullable<WorkspaceEdit["documentChanges"]> = [];
  /** What edits are for, as previews show it. */
  const annotations: NonNullable<WorkspaceEdit["changeAnnotations"]> = {};
  for (const edit of edits) {
    const uri = uriOfPath(session.workspace.root, edit.path);
    if ("create" in edit) {
      if (!canCreate || !(await isFree(session.workspace.root, edit.path))) return undefined;
      const empty = sourceOfText("");
      changes.push({ kind: "create", uri, options: { overwrite: false, ignoreIfExists: false } });
      changes.push(textEdits(uri, null, [{ range: toRange(empty, { start: 0, end: 0 }), newText: edit.create }]));
      continue;
    }
    const source = bases?.get(edit.path) ?? (await session.ask((program) => program.texts.source(edit.path)));
    if (source === undefined) return undefined;
    const textual = edit.edits.map((one) => {
      const plain = { range: toRange(source, one), newText: one.text };
      if (one.why === undefined || !canVersion || support?.changeAnnotationSupport === undefined) return plain;
      annotations[one.why] = { label: capitalize(one.why) };
      return { ...plain, annotationId: one.why };
    });
    changes.push(textEdits(uri, context.versionOf(uri), textual));
  }
  if (canVersion) {
    const hasNotes = Object.keys(annotations).length > 0;
    return { documentChanges: changes, ...(hasNotes ? { changeAnnotations: annotations } : {}) };
  }
  return {
    changes: Object.fromEntries(
      changes.flatMap((change) => ("edits" in change ? [[change.textDocument.uri, change.edits]] : [])),
    ) as NonNullable<WorkspaceEdit["changes"]>,
  };
}

function textEdits(uri: string, version: number | null, edits: TextDocumentEdit["edits"]): TextDocumentEdit {
  return { textDocument: { uri, version }, edits };
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
