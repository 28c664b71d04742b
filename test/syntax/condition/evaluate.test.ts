import assert from "node:assert/strict";
import { conditionOf } from "../../../server/src/syntax/condition/condition.ts";
import {
  type Answer,
  decide as decideCondition,
  type Knowledge,
  knowledgeOf,
} from "../../../server/src/syntax/condition/evaluate.ts";
import { configurationValue, parseConfiguration } from "../../../server/src/syntax/kbuild/configuration.ts";
import { VALUE_M, VALUE_N, VALUE_Y } from "../../../server/src/syntax/kbuild/guard.ts";

const configuration = parseConfiguration(
  'CONFIG_SMP=y\nCONFIG_EXT4=m\n# CONFIG_OFF is not set\nCONFIG_HZ=250\nCONFIG_BASE=0x1000\nCONFIG_NAME="(none)"\n',
);

function decide(condition: string, more: Partial<Knowledge> = {}): Answer {
  return decideCondition(conditionOf(condition), { ...knowledgeOf(configurationValue(configuration)), ...more });
}

/** Each condition with its answer. */
function check(answer: Answer, ...conditions: string[]): void {
  for (const condition of conditions) assert.equal(decide(condition), answer, condition);
}

describe("conditions of facts", () => {
  it("asks for what is built in as the preprocessor does", () => {
    check("yes", "", "CONFIG_SMP", "defined(CONFIG_SMP)", "!defined(CONFIG_OFF)", "!CONFIG_OFF");
    check("no", "CONFIG_OFF", "defined(CONFIG_OFF)", "!CONFIG_SMP", "defined(CONFIG_NEVER_HEARD_OF)");
  });

  it("knows that a module defines the name with _MODULE and no other", () => {
    check("no", "defined(CONFIG_EXT4)", "CONFIG_EXT4", "defined(CONFIG_SMP_MODULE)");
    check("yes", "defined(CONFIG_EXT4_MODULE)", "CONFIG_EXT4 || CONFIG_EXT4_MODULE");
  });

  it("takes IS_ENABLED and its kin for what kconfig.h makes of them", () => {
    check(
      "yes",
      "IS_ENABLED(CONFIG_SMP)",
      "IS_ENABLED(CONFIG_EXT4)",
      "IS_BUILTIN(CONFIG_SMP)",
      "IS_MODULE(CONFIG_EXT4)",
    );
    check(
      "no",
      "IS_ENABLED(CONFIG_OFF)",
      "IS_BUILTIN(CONFIG_EXT4)",
      "IS_MODULE(CONFIG_SMP)",
      "IS_REACHABLE(CONFIG_OFF)",
    );
    check("unknown", "IS_ENABLED(SOMETHING)", "IS_REACHABLE(CONFIG_EXT4)");
    assert.equal(decide("IS_REACHABLE(CONFIG_EXT4)", { isDefined: () => true }), "yes");
    assert.equal(decide("IS_REACHABLE(CONFIG_EXT4)", { isDefined: () => false }), "no");
  });

  it("counts with numbers", () => {
    check(
      "yes",
      "CONFIG_HZ == 250",
      "CONFIG_HZ > 100 && CONFIG_HZ <= 1000",
      "CONFIG_BASE == 010000",
      "1000 % CONFIG_HZ == 0",
    );
    check("no", "CONFIG_HZ < 100UL", "CONFIG_OFF > 0", "CONFIG_HZ == 0x100", "(1 << 2) != 4");
    check("unknown", "1 / CONFIG_OFF", "1 << CONFIG_BASE", "CONFIG_NAME == 1", "08");
  });

  it("leaves open what other macros say, unless the rest decides", () => {
    check(
      "unknown",
      "defined(MODULE)",
      "BITS_PER_LONG == 64",
      "GCC_VERSION >= 40000 && CONFIG_SMP",
      "!arch_thing",
      "f(a, b)",
    );
    check("no", "CONFIG_OFF && BITS_PER_LONG == 64", "f(a, (b)) && !CONFIG_SMP");
    check("yes", "CONFIG_SMP || defined(MODULE)", "defined(X) ? CONFIG_SMP : 1", "CONFIG_OFF ? X : CONFIG_SMP");
  });

  it("asks what is known of other macros", () => {
    const isDefined = (name: string) => (name === "MODULE" ? true : undefined);
    assert.equal(decide("defined(MODULE)", { isDefined }), "yes");
    assert.equal(decide("!defined(MODULE)", { isDefined }), "no");
    assert.equal(decide("defined(OTHER)", { isDefined }), "unknown");
  });

  it("binds operators as C does", () => {
    check(
      "yes",
      "CONFIG_SMP || CONFIG_OFF && CONFIG_OFF",
      "!(CONFIG_OFF || !CONFIG_SMP)",
      "1 + 2 * 3 == 7",
      "-1 < 0",
      "~0 == -1",
    );
    check("no", "(CONFIG_SMP || CONFIG_OFF) && CONFIG_OFF");
  });

  it("decides nothing that is cut off or no expression", () => {
    check(
      "unknown",
      "CONFIG_SMP &&",
      "(CONFIG_SMP",
      "CONFIG_SMP)",
      "&& 1",
      "IS_ENABLED(CONFIG_SMP",
      "1 2",
      "@",
      "a ? b",
    );
    check("unknown", "(".repeat(100000), `${"(".repeat(1000)}1${")".repeat(1000)}`, "!".repeat(100000));
  });

  it("answers for many configurations where the symbol's possible values agree", () => {
    const bool = { possible: () => VALUE_N | VALUE_Y };
    assert.equal(decideCondition(conditionOf("CONFIG_A"), bool), "unknown");
    assert.equal(decideCondition(conditionOf("IS_MODULE(CONFIG_A)"), bool), "no");
    assert.equal(decideCondition(conditionOf("defined(CONFIG_A)"), { possible: () => VALUE_N | VALUE_M }), "no");
    assert.equal(decideCondition(conditionOf("IS_ENABLED(CONFIG_A)"), { possible: () => VALUE_Y | VALUE_M }), "yes");
    assert.equal(decideCondition(conditionOf("CONFIG_A"), { possible: () => VALUE_N }), "no");
  });
});
