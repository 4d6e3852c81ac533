/**
 * Writes expressions as WGSL statements. A value used more than once, or not changing in the loop that uses it, gets a name in the
 * outermost block where its operands are known; so common subexpressions are computed once and invariants leave their loops.
 *
 * Every expression can be written for one element (`scalar`) or for four neighbouring ones (`vector`): a variable that has a vector form
 * makes what depends on it vary, and everything else is spread over the four.
 *
 * @module
 */

import type { DType } from "../../ir/dtype.ts";
import { type Expr, walk } from "../../ir/expr.ts";
import { exact } from "./exact.ts";
import { isContiguous } from "./lanes.ts";
import { fromStorage, type Module } from "./module.ts";
import { spell, splat } from "./operations.ts";
import { addends, structure } from "./order.ts";
import { literal, storageType, valueType, type Width } from "./types.ts";

interface Block {
  readonly header: string;
  readonly lines: string[];
  /** What is known here, for one and for four elements. */
  readonly names: Record<Width, Map<Expr, string>>;
  /** Names of sums that others go on from. */
  readonly sums: Map<string, string>;
}

/** What a loop variable or accumulator is called. */
interface Bound {
  readonly name: string;
  readonly depth: number;
  /** Its values for four neighbouring elements, where they differ. */
  readonly vector: string | undefined;
  /** The four are consecutive, and the first a multiple of four. */
  readonly aligned: boolean;
}

/** How a variable is bound for four elements. */
export interface Lanes {
  readonly vector?: string | undefined;
  readonly aligned?: boolean;
}

const LONGEST_INLINE = 90;
/** The elements of a vec4. */
export const components = ["x", "y", "z", "w"] as const;

/** Writes the body of a shader's entry point. */
export class Writer {
  readonly #blocks: Block[] = [newBlock("")];
  readonly #variables = new Map<number, Bound>();
  readonly #accumulators = new Map<number, Bound>();
  readonly #uses = new Map<Expr, number>();
  readonly #depths = new Map<Expr, number>();
  readonly #varies = new Map<Expr, boolean>();
  #names = 0;

  constructor(readonly module: Module) {}

  /** The finished lines. */
  get lines(): readonly string[] {
    return this.#blocks[0]!.lines;
  }

  /** Announces the expressions to be written next, so that those used twice are recognised. */
  announce(roots: Iterable<Expr>): void {
    const all = [...roots];
    this.#uses.clear();
    for (const root of all) this.#use(root);
    walk(all, (e) => e.args.forEach((a) => this.#use(a)));
  }

  #use(e: Expr): void {
    this.#uses.set(e, (this.#uses.get(e) ?? 0) + 1);
  }

  /** Adds a statement to the innermost block. */
  line(text: string): void {
    this.#top.lines.push(text);
  }

  /** A name not yet taken. */
  fresh(prefix = "t"): string {
    return `${prefix}${this.#names++}`;
  }

  /** Opens a block: a loop or a condition. */
  open(header: string): void {
    this.#blocks.push(newBlock(header));
  }

  /** Closes the innermost block and forgets what was bound in it. */
  close(): void {
    const { header, lines } = this.#blocks.pop()!;
    this.line(`${header} {`.trimStart());
    for (const line of lines) this.line(`  ${line}`);
    this.line("}");
    for (const bound of [this.#variables, this.#accumulators]) {
      for (const [slot, { depth }] of bound) if (depth >= this.#blocks.length) bound.delete(slot);
    }
    this.#forget();
  }

  /** Closes several blocks. */
  closeAll(count: number): void {
    for (let i = 0; i < count; i++) this.close();
  }

  get #top(): Block {
    return this.#blocks[this.#blocks.length - 1]!;
  }

  #forget(): void {
    this.#depths.clear();
    this.#varies.clear();
  }

  /** Says what loop variable `slot` is called in the innermost block. */
  bindVariable(slot: number, name: string, lanes: Lanes = {}): void {
    this.#variables.set(slot, this.#bound(name, lanes));
    this.#forget();
  }

  /** Says what accumulator `slot` is called in the innermost block. */
  bindAccumulator(slot: number, name: string, lanes: Lanes = {}): void {
    this.#accumulators.set(slot, this.#bound(name, lanes));
    this.#forget();
  }

  #bound(name: string, { vector, aligned }: Lanes): Bound {
    return { name, depth: this.#blocks.length - 1, vector, aligned: aligned ?? false };
  }

  /** The innermost block that `e` depends on. */
  #depth(e: Expr): number {
    let depth = this.#depths.get(e);
    if (depth === undefined) {
      depth = this.#leaf(e)?.depth ?? 0;
      for (const a of e.args) depth = Math.max(depth, this.#depth(a));
      this.#depths.set(e, depth);
    }
    return depth;
  }

  /** Whether `e` differs between the four elements. */
  #varying(e: Expr): boolean {
    let varies = this.#varies.get(e);
    if (varies === undefined) {
      varies = this.#leaf(e)?.vector !== undefined || e.args.some((a) => this.#varying(a));
      this.#varies.set(e, varies);
    }
    return varies;
  }

  #leaf(e: Expr): Bound | undefined {
    return e.op === "var" ? this.#variables.get(e.slot) : e.op === "acc" ? this.#accumulators.get(e.slot) : undefined;
  }

  /** `e` for one element. */
  scalar(e: Expr): string {
    return this.#value(e, 1);
  }

  /** `e` for four neighbouring elements. */
  vector(e: Expr): string {
    return this.#varying(e) ? this.#value(e, 4) : splat(e.dtype, this.scalar(e), 4);
  }

  /** `e` with so many elements. */
  value(e: Expr, width: Width): string {
    return width === 1 ? this.scalar(e) : this.vector(e);
  }

  #value(e: Expr, width: Width): string {
    if (e.op === "const") return literal(e.dtype, e.value);
    if (e.op === "scalar") return this.module.scalar(e.slot, e.dtype);
    const leaf = this.#leaf(e);
    if (leaf !== undefined) return width === 1 ? leaf.name : leaf.vector!;
    const depth = this.#depth(e);
    const home = this.#blocks[depth]!;
    let text = home.names[width].get(e);
    if (text === undefined) {
      text = this.#compute(e, width);
      const named = (this.#uses.get(e) ?? 0) > 1 || depth < this.#blocks.length - 1 || text.length > LONGEST_INLINE;
      if (named) text = this.#name(text, home);
      home.names[width].set(e, text);
    }
    return text;
  }

  #name(text: string, block: Block): string {
    const name = this.fresh();
    block.lines.push(`let ${name} = ${unwrap(text)};`);
    return name;
  }

  #compute(e: Expr, width: Width): string {
    if (e.op === "load") return width === 1 ? this.#load(e) : this.#loadVector(e);
    if (e.op === "check") {
      const checked = this.module.helper("checked", width);
      return `${checked}(${this.value(e.args[0]!, width)}, ${e.value}i, ${this.module.flag(e.slot)})`;
    }
    if (e.op === "add" && e.dtype === "int32") return this.#sum(e, width);
    const args = exact(e, e.args.map((a) => this.value(a, width)), width, this.module);
    return spell(e, args, width, this.module.helper);
  }

  /** A sum of integers, in an order that does not depend on when its terms were made: what changes least first, so that it leaves loops. */
  #sum(e: Expr, width: Width): string {
    const terms = addends(e).map((term) => ({
      term,
      varies: width === 4 && this.#varying(term),
      depth: this.#depth(term),
    })).sort((a, b) =>
      Number(a.varies) - Number(b.varies) || a.depth - b.depth || structure(a.term) - structure(b.term)
    );
    let sum = "", known = 0;
    terms.forEach(({ term, depth, varies }, i) => {
      const before = terms[i - 1];
      const text = this.#value(term, varies ? 4 : 1);
      if (before === undefined) sum = text;
      else {
        // What varies may be known further out than what does not, which comes before it.
        const partial = i > 1 && (known < depth || before.varies !== varies);
        if (partial) sum = this.#partialSum(sum, this.#blocks[known]!);
        if (varies && !before.varies) sum = splat("int32", sum, 4);
        sum = `${sum} + ${text}`;
      }
      known = Math.max(known, depth);
    });
    return `(${sum})`;
  }

  #partialSum(text: string, block: Block): string {
    let name = block.sums.get(text);
    if (name === undefined) block.sums.set(text, name = this.#name(text, block));
    return name;
  }

  #load(e: Expr): string {
    return fromStorage(e.dtype, this.element(e.slot, this.scalar(e.args[0]!)), 1);
  }

  /** The stored element of a binding at an index. */
  element(slot: number, index: string): string {
    return `${this.module.buffer(slot)}[${unwrap(index)}]`;
  }

  #loadVector(e: Expr): string {
    const [index] = e.args as [Expr];
    const array = this.module.buffer(e.slot);
    if (this.contiguous(index) && this.module.vectors.has(e.slot)) {
      return fromStorage(e.dtype, `${array}[${this.scalar(index)} >> 2u]`, 4);
    }
    const elements = this.positions(index).map((i) => `${array}[${i}]`);
    return fromStorage(e.dtype, `${storageType(e.dtype, 4)}(${elements.join(", ")})`, 4);
  }

  /** Whether the four elements lie side by side. */
  contiguous(index: Expr): boolean {
    return isContiguous(index, (e) => this.#leaf(e)?.aligned ?? false, (e) => this.#varying(e));
  }

  /** The four positions of an index that varies. */
  positions(index: Expr): string[] {
    if (this.contiguous(index)) {
      const first = this.named(this.scalar(index));
      return [first, `${first} + 1`, `${first} + 2`, `${first} + 3`];
    }
    const all = this.named(this.vector(index));
    return components.map((c) => `${all}.${c}`);
  }

  /** A name for a text, in the innermost block. */
  named(text: string): string {
    return /^\w+$/.test(text) ? text : this.#name(text, this.#top);
  }

  /** A variable in the innermost block. */
  declare(name: string, dtype: DType, width: Width, value: string): void {
    this.line(`var ${name}: ${valueType(dtype, width)} = ${splat(dtype, value, width)};`);
  }
}

function newBlock(header: string): Block {
  return { header, lines: [], names: { 1: new Map(), 4: new Map() }, sums: new Map() };
}

/** Without the parentheses around the whole. */
export function unwrap(text: string): string {
  if (!text.startsWith("(")) return text;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i === text.length - 1 ? text.slice(1, -1) : text;
  }
  return text;
}
