/**
 * How tensors are computed, for people.
 *
 * @module
 */

import { explain as explainNodes, explained as explainedNodes, type Explanation, type Node } from "../kernels/mod.ts";
import { Tensor } from "./tensor.ts";

/** What `explain` prints. */
export interface ExplainOptions {
  /** Also the text of each kernel, as the device takes it. */
  readonly text?: boolean;
}

/**
 * The graph of operations that have not run yet behind these tensors, and the kernels that they become: how many, what each computes,
 * and how much it reads. Runs nothing.
 *
 * @example
 * ```ts
 * import { explain, ones } from "@tensaur/tensaur";
 *
 * const text = explain(ones([2]).add(1).exp());
 * console.log(text.includes("1 kernel on"), text.includes("map exp")); // true true
 * ```
 *
 * @throws {TypeError} for anything but tensors
 * @see {@link https://pytorch.org/docs/stable/profiler.html}
 */
export function explain(tensors: Tensor | readonly Tensor[], options: ExplainOptions = {}): string {
  return explainNodes(nodesOf(tensors), options);
}

/** For the library: what `explain` prints, as data. */
export function explained(tensors: Tensor | readonly Tensor[]): Explanation {
  return explainedNodes(nodesOf(tensors));
}

function nodesOf(tensors: Tensor | readonly Tensor[]): Node[] {
  const list: unknown[] = Array.isArray(tensors) ? tensors : [tensors];
  return list.map((x) => {
    if (x instanceof Tensor) return x.node;
    const given = typeof x === "function" ? "a function: call it, and give what it returns" : `${typeof x}`;
    throw new TypeError(`Cannot explain ${given}. Give a tensor that was not read yet, or a list of them`);
  });
}
