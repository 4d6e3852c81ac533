/**
 * What a tensor's handle stands for at one moment, and how views follow what they show.
 *
 * @module
 */

import type { Node } from "../kernels/mod.ts";
import type { GradFn } from "./grad_fn.ts";
import type { Tensor } from "./tensor.ts";

/**
 * How a view comes from its base. `apply` makes the view of the base's present value; `write` gives the base's new value once the
 * view has become `value`. Both are differentiable compositions of operations.
 */
export interface ViewStep {
  /** base -> view */
  readonly apply: (base: Tensor) => Tensor;
  /** (base, new value of the view) -> new value of the base; undefined where the view repeats elements and cannot be written. */
  readonly write: ((base: Tensor, value: Tensor) => Tensor) | undefined;
}

/** What a handle stands for at one moment: a node, and how it was computed. */
export interface Variable {
  /** The elements. */
  readonly node: Node;
  /** The operation that made them, where recorded. */
  readonly gradFn: GradFn | undefined;
  /** Which output of `gradFn` this is. */
  readonly outputIndex: number;
}

/** Options of the constructor, which only the library calls. */
export interface TensorInit {
  /** Whether a leaf gathers a gradient. */
  readonly requiresGrad?: boolean;
  /** The operation that made it. */
  readonly gradFn?: GradFn | undefined;
  /** Which of its outputs it is. */
  readonly outputIndex?: number;
}

/** `inner` of what `outer` shows. */
export function composed(outer: ViewStep, inner: ViewStep): ViewStep {
  return {
    apply: (base) => inner.apply(outer.apply(base)),
    write: outer.write && inner.write &&
      ((base, value) => outer.write!(base, inner.write!(outer.apply(base), value))),
  };
}
