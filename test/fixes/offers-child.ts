/**
 * Lists what is offered for each finding of a tree, or applies what is offered and not preferred, a fix for each symbol, as
 * somebody would who takes them one after the other in an editor. A program of its own, bundled with the product.
 */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gatherChanges } from "../../server/src/session/pending-changes.ts";
import { type OfferedFix, openSession, type Session } from "../../server/src/session/session.ts";
import type { Offer } from "./product.ts";

async function list(session: Session): Promise<Offer[]> {
  const offers: Offer[] = [];
  for (const file of await session.checkAll(() => true)) {
    for (const finding of file.findings) {
      const fixes = await session.fixes(file, finding);
      offers.push({
        rule: finding.rule,
        file: file.path,
        symbol: finding.symbol,
        fixes: fixes.map(({ title, isPreferred, refusal }) => ({ title, preferred: isPreferred, refusal })),
      });
    }
  }
  return offers;
}

async function applyOthers(session: Session, root: string): Promise<{ symbol: string; title: string }[]> {
  const changes = gatherChanges(session);
  const applied: { symbol: string; title: string }[] = [];
  const done = new Set<string>();
  for (const { path } of await session.checkAll(() => true)) {
    for (let file = await session.check(path); file !== undefined; file = await session.check(path)) {
      let fix: OfferedFix | undefined;
      for (const finding of file.findings) {
        if (finding.rule !== "weak-reference" || done.has(finding.symbol)) continue;
        done.add(finding.symbol);
        fix = (await session.fixes(file, finding)).find((one) => !one.isPreferred && one.refusal === undefined);
        if (fix === undefined) continue;
        if (await changes.add(fix)) applied.push({ symbol: finding.symbol, title: fix.title });
        break;
      }
      if (fix === undefined) break;
    }
  }
  for (const { path, after } of changes.list()) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), after);
  }
  return applied;
}

async function main(): Promise<void> {
  const [mode, root] = process.argv.slice(2);
  const session = openSession(root!, {
    onFailure: (rule, path, error) => fail(`${rule.id} failed on ${path}: ${String(error)}`),
  });
  try {
    await session.workspace.current;
    const answer = mode === "apply" ? await applyOthers(session, root!) : await list(session);
    process.stdout.write(JSON.stringify(answer));
  } finally {
    await session.dispose();
  }
}

function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 3;
}

main().catch((error: unknown) => fail(String(error)));
