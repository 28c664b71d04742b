/** Says once on stderr what is missing in what a command knows of a tree's links. */

import type { Session } from "../session/session.ts";
import { tell } from "./output.ts";

export async function tellModelProblems(session: Session): Promise<void> {
  for (const { path, line, message } of await session.ask((program) => program.links.problems())) {
    tell(`${path}:${line}: ${message}`);
  }
}
