/** The README's pictures, which the tests take on their way when WEAKSPOT_PICTURES=1; Debian's pngquant makes them small. */

import { join } from "node:path";
import type { Page } from "playwright-core";
import { runOrThrow } from "../../support/run-program.ts";
import { projectRoot } from "../support/project.ts";

/** Saves what the page shows as docs/images/NAME.png, when pictures are wanted. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (process.env.WEAKSPOT_PICTURES !== "1") return;
  const path = join(projectRoot, `docs/images/${name}.png`);
  await page.screenshot({ path });
  await runOrThrow("pngquant", ["--quality", "70-95", "--ext", ".png", "--force", path]);
}
