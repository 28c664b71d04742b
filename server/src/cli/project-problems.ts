/** Says on stderr what is wrong in a tree's own file of settings. */

import { PROJECT_FILE, type Project } from "../session/project-settings.ts";
import { tell } from "./output.ts";

export function tellProjectProblems({ problems }: Project): void {
  for (const { line, message } of problems) tell(`${PROJECT_FILE}:${line}: ${message}`);
}
