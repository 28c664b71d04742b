/**
 * Whether the description that a generator was given, CMakeLists.txt or meson.build, links a source whatever the build is
 * configured to be. It understands no such language: any word that chooses something makes it unknown.
 */

import { baseName } from "../../text/path.ts";

const DESCRIPTION = /(?:^|\/)(?:CMakeLists\.txt|meson\.build)$|\.cmake$/;

/** What chooses, in CMake and in Meson (cmake-language(7), cmake-generator-expressions(7); Meson's syntax). */
const CHOICE =
  /\b(?:if|elseif|foreach|while|option|function|macro|GLOB|GLOB_RECURSE|get_option|when|if_true|dependency|find_package|cmake_dependent_option)\b|\$[<{]|\$(?:ENV|CACHE)\{/;

/** False where it is not known. Descriptions that are not among the build files say nothing. */
export function isUnconditional(
  path: string,
  buildFiles: readonly string[],
  readText: (path: string) => string | undefined,
): boolean {
  const descriptions = buildFiles.filter((file) => DESCRIPTION.test(file));
  const name = baseName(path);
  const naming = descriptions.filter((file) => readText(file)?.includes(name) === true);
  return naming.length > 0 && descriptions.every((file) => !CHOICE.test(withoutComments(readText(file) ?? "")));
}

function withoutComments(text: string): string {
  return text.replaceAll(/#.*/g, "");
}
