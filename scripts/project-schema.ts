/** The JSON schema of weakspot.json, generated from the rules and the manifest's settings, which say the same of the same keys. */

import { rules } from "../server/src/rules/registry.ts";
import { SEVERITIES } from "../server/src/session/shared-settings.ts";

const globs = (description: string) => ({ type: "array", items: { type: "string", minLength: 1 }, description });

const severities = {
  type: "object",
  additionalProperties: false,
  description: "The severity of each rule, where it is not the default.",
  properties: Object.fromEntries(
    rules.map(({ id, severity, docs }) => [id, { enum: SEVERITIES, default: severity, description: docs.summary }]),
  ),
};

/** The schema, as schemas/weakspot.schema.json holds it. */
export function renderProjectSchema(): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Weakspot: the settings of a project",
    description:
      "weakspot.json at the top of a tree, read by the editor and by the command. Settings of the editor and options of the command go before it.",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      rules: severities,
      overrides: {
        type: "array",
        description: "Severities for some paths. Of several that hold a path and name a rule the last one counts.",
        items: {
          type: "object",
          additionalProperties: false,
          required: ["files", "rules"],
          properties: { files: globs("Glob patterns of paths, relative to the file's folder."), rules: severities },
        },
      },
      exclude: globs("Glob patterns of files and folders that are not read, relative to the file's folder."),
      linkUnits: {
        type: "array",
        description: "The links of a tree that is no kernel. The first whose pattern matches a file counts.",
        items: {
          type: "object",
          additionalProperties: false,
          required: ["name", "files"],
          properties: {
            name: { type: "string", minLength: 1, description: "What the link is called in answers." },
            files: globs("Glob patterns of the sources, headers and linker scripts that are part of it."),
            closed: {
              type: "boolean",
              default: false,
              description:
                "Nothing else is linked: no C library, no shared library, and nothing is loaded later. Only then are fixes offered that count on it.",
            },
          },
        },
      },
      includeFolders: {
        type: "array",
        items: { type: "string", minLength: 1 },
        description: "Folders below the file's own in which every file finds headers.",
      },
      kernel: {
        type: "object",
        additionalProperties: false,
        properties: {
          config: {
            type: "string",
            description: "The configuration that answers are narrowed to: a file below this one's folder.",
          },
          arch: { type: "string", description: "The architecture that answers are narrowed to, as in make ARCH=…" },
        },
      },
      fallbackForm: {
        enum: ["c", "asm"],
        default: "c",
        description: "The form of weak fallback definitions of objects.",
      },
    },
  };
}
