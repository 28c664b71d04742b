/** The names of links that a build's commands make, as link units. It knows names only. */

import { baseName } from "../../text/path.ts";
import { type LinkUnit, unitText } from "../kbuild/link-unit.ts";
import type { Link } from "./link.ts";

/** Each unit once. */
export function uniqueUnits(units: readonly LinkUnit[]): readonly LinkUnit[] {
  const byText = new Map(units.map((unit) => [unitText(unit), unit]));
  return [...byText.values()];
}

/** The unit of a link's name, whose first word is its kind. */
export function unitNamed(unit: string): LinkUnit {
  const kind = unit.startsWith("library ") ? "library" : "target";
  return { kind, name: unit.slice(kind.length + 1), architecture: undefined };
}

/** Whether the link makes the program that a description calls so. */
export function makesProgram({ unit }: Link, name: string): boolean {
  return baseName(unit.slice("target ".length)) === name;
}
