import assert from "node:assert/strict";
import { findLanguage, readFacts } from "../../../server/src/linkage/facts/extract.ts";
import { isBuildFile } from "../../../server/src/linkage/facts/file-kinds.ts";
import { createTexts } from "../../../server/src/linkage/facts/texts.ts";
import { createIndex } from "../../../server/src/linkage/index/stored-index.ts";
import { wordSignature } from "../../../server/src/linkage/index/word-signature.ts";
import { makeLinks } from "../../../server/src/linkage/links/make-links.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { smallTree } from "../../support/small-tree.ts";

const HEADER = "include/asm-generic/vmlinux.lds.h";

const files: Readonly<Record<string, string>> = {
  ...smallTree().files,
  "arch/x86/kernel/vmlinux.lds.S": "#include <asm-generic/vmlinux.lds.h>\nSECTIONS { NOTES }\n",
  [HEADER]: "#define NOTES .notes : { __start_notes = .; *(.note.*) }\n",
};

describe("what the scripts of a kernel assign in every build", () => {
  const index = createIndex();
  const texts = createTexts();
  for (const [path, text] of Object.entries(files)) {
    const source = sourceOfText(text);
    if (path !== HEADER) texts.supply(path, source);
    if (findLanguage(path) === undefined) continue;
    index.replaceFile(path, readFacts(path, source), wordSignature(source.codes, source.length));
  }
  index.setComplete(true);
  const links = makeLinks(index, texts, Object.keys(files).filter(isBuildFile));

  it("is concluded again once a header that they include was read", () => {
    assert.equal(links.isAssignedEverywhere("__start_notes"), "no");
    assert.deepEqual(texts.takeMissing(), [HEADER]);
    texts.supply(HEADER, sourceOfText(files[HEADER]!));
    assert.equal(links.isAssignedEverywhere("__start_notes"), "yes");
    assert.equal(links.isAssignedEverywhere("__stop_notes"), "no");
  });
});
