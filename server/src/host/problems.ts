/** What went wrong with a file or a directory, in words for the user. It decides nothing. */

/** A file or directory that could not be taken into account, and why. */
export interface FileProblem {
  /** Relative to the root. */
  readonly path: string;
  readonly reason: string;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "no permission",
  EIO: "the disk could not read it",
  ELOOP: "a symbolic link",
  ENAMETOOLONG: "its path is too long",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
};

/** Why reading failed: the system's reason in words. */
export function describeFailure(error: unknown): string {
  const code = errorCode(error);
  return reasons[code ?? ""] ?? (error instanceof Error ? error.message : String(error));
}

/** The system's code of an error, `ENOENT`. */
function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** True when the error says that nothing lies at the path any more, or something else than a file. */
export function isGone(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "EISDIR" || code === "ENXIO";
}
