/** Random conditions of C, each with what it comes to by itself: an expression of JavaScript over the same macros. */

export interface RandomCondition {
  /** As a line of #if says it, in one of the many ways to write it. */
  readonly text: string;
  /** The same in JavaScript, a number; `$.X` is the value of the macro X, undefined where it is not defined. */
  readonly script: string;
}

export interface Assignment {
  readonly [name: string]: number | undefined;
}

type Random = (limit: number) => number;

/**
 * A condition over the macros.
 * @param isSimple only what can be counted exactly: macros by themselves, defined or compared with a small number
 */
export function randomCondition(
  random: Random,
  macros: readonly string[],
  depth: number,
  isSimple: boolean,
): RandomCondition {
  const inner = () => randomCondition(random, macros, depth - 1, isSimple);
  const name = macros[random(macros.length)]!;
  const kind = depth <= 0 ? random(4) : random(isSimple ? 9 : 11);
  switch (kind) {
    case 0:
      return {
        text: pick(random, [`defined(${name})`, `defined ${name}`, `defined ( ${name} )`]),
        script: isSet(name),
      };
    case 1:
      return { text: pick(random, [name, `(${name})`, `/* ${name} */ ${name}`]), script: valueText(name) };
    case 2: {
      const operator = pick(random, COMPARISONS);
      const number = random(4);
      const script = `+(${valueText(name)} ${operator} ${number})`;
      if (random(2) === 0) return { text: `${name}${operator}${number}`, script };
      return { text: `${number} ${turned(operator)} ${name}`, script };
    }
    case 3:
      return constant(random(3));
    case 4:
      return negated(random, inner, name);
    case 5:
    case 6: {
      const [left, right] = [inner(), inner()];
      const text = `${parenthesized(left)} &&${pick(random, [" ", "\t", " \\\n  "])}${parenthesized(right)}`;
      return { text, script: `+((${left.script}) !== 0 && (${right.script}) !== 0)` };
    }
    case 7: {
      const [left, right] = [inner(), inner()];
      return {
        text: `${parenthesized(left)}||${parenthesized(right)}`,
        script: `+((${left.script}) !== 0 || (${right.script}) !== 0)`,
      };
    }
    case 8: {
      const [test, held, other] = [inner(), inner(), inner()];
      return {
        text: `${parenthesized(test)} ? ${parenthesized(held)} : ${parenthesized(other)}`,
        script: `((${test.script}) !== 0 ? (${held.script}) : (${other.script}))`,
      };
    }
    default: {
      const [left, right] = [inner(), inner()];
      const operator = pick(random, [...COMPARISONS, "+", "-", "*", "&", "|", "^"]);
      return {
        text: `${parenthesized(left)} ${operator} ${parenthesized(right)}`,
        script: `+((${left.script}) ${operator} (${right.script}))`,
      };
    }
  }
}

const COMPARISONS = ["==", "!=", "<", ">", "<=", ">="] as const;

function turned(operator: string): string {
  return operator.startsWith("<") ? operator.replace("<", ">") : operator.replace(">", "<");
}

function negated(random: Random, inner: () => RandomCondition, name: string): RandomCondition {
  const one = random(2) === 0 ? { text: name, script: valueText(name) } : inner();
  return { text: `!${pick(random, ["", " "])}${parenthesized(one)}`, script: `+((${one.script}) === 0)` };
}

function parenthesized({ text }: RandomCondition): string {
  return /^\w+$/.test(text) ? text : `(${text})`;
}

function isSet(name: string): string {
  return `+($.${name} !== undefined)`;
}

function valueText(name: string): string {
  return `($.${name} ?? 0)`;
}

function pick<T>(random: Random, all: readonly T[]): T {
  return all[random(all.length)]!;
}

/** What the condition comes to. */
export function compile({ script }: RandomCondition): (assignment: Assignment) => boolean {
  const value = new Function("$", `return ${script};`) as (assignment: Assignment) => number;
  return (assignment) => value(assignment) !== 0;
}

/** Every way to define these macros as one of the values; undefined leaves one out. */
export function assignments(macros: readonly string[], values: readonly (number | undefined)[]): readonly Assignment[] {
  let all: Assignment[] = [{}];
  for (const macro of macros) all = all.flatMap((one) => values.map((value) => ({ ...one, [macro]: value })));
  return all;
}

function constant(number: number): RandomCondition {
  return { text: String(number), script: String(number) };
}
