/** Where the project is, for tests that build it or read its files. */
import { fileURLToPath } from "node:url";

/** The project's top folder. */
export const projectRoot = fileURLToPath(new URL("../../..", import.meta.url));
