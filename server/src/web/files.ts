/** The files of the workspace in memory: what the client sends stands where the server reads. */

import { fs } from "memfs";

/** What the client says of one file; paths are absolute, with forward slashes. */
export type FileNews =
  | { readonly kind: "write"; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: "delete"; readonly path: string }
  /** Answered by the same number when all before it is done. */
  | { readonly kind: "flush"; readonly number: number };

/** Takes one piece of news. What can't be done, such as deleting what is not there, is let be. */
export function takeNews(news: FileNews, answer: (number: number) => void): void {
  switch (news.kind) {
    case "write":
      fs.mkdirSync(news.path.slice(0, news.path.lastIndexOf("/")) || "/", { recursive: true });
      fs.writeFileSync(news.path, Buffer.from(news.bytes));
      return;
    case "delete":
      fs.rmSync(news.path, { recursive: true, force: true });
      return;
    case "flush":
      answer(news.number);
  }
}
