/** The version that the command, the server and the cache name. */

import manifest from "../../package.json" with { type: "json" };

export const VERSION: string = manifest.version;
