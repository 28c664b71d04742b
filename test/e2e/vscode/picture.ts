/** The README's pictures, which the tests take on their way when WEAKSPOT_PICTURES=1. */

import { join } from "node:path";
import type { Page } from "playwright-core";
import { projectRoot } from "../support/project.ts";

/** Saves what the page shows as docs/images/NAME.png, when pictures are wanted. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (process.env.WEAKSPOT_PICTURES !== "1") return;
  await page.screenshot({ path: join(projectRoot, `docs/images/${name}.png`) });
}
