/**
 * How tensors are computed, for people.
 *
 * @module
 */

import { explain as explainNodes, explained as explainedNodes, type Explanation, type Node } from "../kernels/mod.ts";
import { tensorsOf } from "./require_tensor.ts";
import type { Tensor } from "./tensor.ts";

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
 * @throws {ValueError} for anything but tensors
 * @see {@link https://pytorch.org/docs/stable/profiler.html}
 */
export function explain(tensors: Tensor | readonly Tensor[], options: ExplainOptions = {}): string {
  return explainNodes(nodesOf("explain", tensors), options);
}

/** For the library: what `explain` prints, as data. */
export function explained(tensors: Tensor | readonly Tensor[]): Explanation {
  return explainedNodes(nodesOf("explained", tensors));
}

function nodesOf(operation: string, tensors: Tensor | readonly Tensor[]): Node[] {
  return tensorsOf(operation, "tensors", tensors).map((x) => x.node);
}
