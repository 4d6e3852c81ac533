/**
 * The tensor that a user holds: a handle on a node of the lazy graph, with its place in the autograd graph.
 *
 * Operations are functions in `functional/`; `methods.ts` puts them on the prototype, so that this file depends on none of them.
 *
 * @module
 */

import {
  AutogradError,
  type DeviceName,
  donate,
  type DType,
  isFloat,
  type Node,
  numel,
  release,
  sameShape,
} from "../kernels/mod.ts";
import { type Elements, isShared } from "./elements.ts";
import { AccumulateGrad, type Edge, type GradFn } from "./grad_fn.ts";
import { asUser, enableGrad, isGradEnabled, noGrad, noteParameterWrite } from "./grad_mode.ts";
import type { TensorMethods } from "./methods.ts";
import { type Size, sizeOf } from "./size.ts";
import { composed, type TensorInit, type Variable, type ViewStep } from "./variable.ts";

/** The operations, as methods. */
export interface Tensor extends TensorMethods {}

/**
 * An n-dimensional array on a device: made by `tensor`, `zeros`, `randn` and their kin, or by an operation. Operations are recorded, and
 * run when a value is read or an optimizer steps; they are functions, and methods: {@linkcode TensorMethods}.
 *
 * ```ts
 * import { tensor } from "@tensaur/tensaur";
 *
 * console.log(tensor([[1, 2], [3, 4]]).mul(2).sum()); // tensor(20)
 * ```
 *
 * @throws {AutogradError} where gradients forbid what is asked: writing in place to a leaf that requires one, say
 * @see {@link https://pytorch.org/docs/stable/tensors.html}
 */
export class Tensor {
  /** Gradient accumulated by `backward()`; null until then. */
  grad: Tensor | null = null;
  #elements: Elements;
  #variable: Variable;
  #requiresGrad: boolean;
  #accumulator: AccumulateGrad | undefined;
  #size: Size | undefined;
  #base: Tensor | undefined;
  #step: ViewStep | undefined;
  /** The version of the base's elements that `#variable` was made from. */
  #seen = 0;
  /** Has the elements in the shape that views of this handle know, since `become` gave it another one. */
  #former: Tensor | undefined;
  /** Whether the view was made where operations were recorded, and so has a history when made again. */
  #recorded = true;

  /**
   * Wraps a node. Users create tensors with `tensor`, `zeros`, `randn`, …
   *
   * @ignore
   */
  constructor(node: Node, init: TensorInit = {}) {
    this.#variable = { node, gradFn: init.gradFn, outputIndex: init.outputIndex ?? 0 };
    this.#requiresGrad = init.requiresGrad ?? false;
    this.#elements = { node, version: 0, learned: this.#requiresGrad, common: false };
  }

  /**
   * A new handle on what a handle stood for, linked to where its gradient goes.
   *
   * @ignore
   */
  static of(variable: Variable, edge: Edge | undefined): Tensor {
    return new Tensor(variable.node, { gradFn: edge?.fn, outputIndex: edge?.index ?? 0 });
  }

  /**
   * Makes this handle a view of `base`, so that a write through either shows in both.
   *
   * @ignore
   */
  asViewOf(base: Tensor, step: ViewStep): this {
    if (base === this) return this;
    const root = base.#root;
    if (root !== undefined) return this.asViewOf(root, composed(base.#step!, step));
    this.#base = base;
    this.#step = step;
    this.#seen = base.#elements.version;
    this.#recorded = isGradEnabled();
    return this;
  }

  /** The tensor whose elements this view shows; undefined where this is no view. */
  get #root(): Tensor | undefined {
    const base = this.#base;
    return base === undefined ? undefined : base.#former ?? base;
  }

  /**
   * The end of operations that give a handle another shape in place: from here on it shows what `view` does, which is a view of it or of
   * new elements. Other views keep their shapes and, unless the elements are new, share them as before.
   *
   * @ignore
   */
  become(view: Tensor, operation: string): this {
    if (this.#requiresGrad && this.isLeaf) {
      throw new AutogradError(
        `Cannot apply ${operation} in place to a leaf that requires grad: its gradient has its shape. Use ${
          operation.slice(0, -1)
        }`,
      );
    }
    if (this.#base === undefined) {
      this.#former = this.#snapshot();
      this.#former.#elements = this.#elements;
    }
    this.#base = view.#root;
    this.#step = view.#step;
    this.#variable = view.#variable;
    this.#seen = view.#seen;
    this.#recorded = view.#recorded;
    return this;
  }

  /** The same elements without their history: no gradient flows through. A write to either shows in both. */
  detach(): Tensor {
    const detached = new Tensor(this.node);
    const root = this.#root;
    if (root !== undefined) return detached.asViewOf(root.detach(), this.#step!);
    detached.#elements = this.#elements;
    this.#elements.common = true;
    return detached;
  }

  /**
   * What this handle stands for now.
   *
   * @ignore
   */
  get variable(): Variable {
    const base = this.#root;
    if (base !== undefined) {
      if (this.#seen !== base.#elements.version) this.#refresh(base, this.#step!);
    } else if (this.#variable.node !== this.#elements.node) {
      this.#variable = { ...this.#variable, node: this.#elements.node };
    }
    return this.#variable;
  }

  /** Makes the view again, as it was made first: whatever happens to be going on now must not show in it. */
  #refresh(base: Tensor, step: ViewStep): void {
    const mode = this.#recorded ? enableGrad : noGrad;
    this.#variable = mode(() => asUser(() => step.apply(base))).#variable;
    this.#seen = base.#elements.version;
  }

  /**
   * The node of the lazy graph.
   *
   * @ignore
   */
  get node(): Node {
    return this.variable.node;
  }

  /**
   * Where the gradient of this tensor goes.
   *
   * @ignore
   */
  get edge(): Edge | undefined {
    const { gradFn, outputIndex } = this.variable;
    if (gradFn !== undefined) return { fn: gradFn, index: outputIndex };
    if (!this.#requiresGrad) return undefined;
    this.#accumulator ??= new AccumulateGrad(this);
    return { fn: this.#accumulator, index: 0 };
  }

  /**
   * The end of every in-place operation. `value` has this tensor's shape and dtype, was computed out of place and is held by nobody
   * else; this handle, its base and every other view of it now show it.
   *
   * @ignore
   */
  assign(value: Tensor, operation: string): this {
    const root = this.#root ?? this;
    const recorded = isGradEnabled();
    if (recorded) this.#checkWritable(root, operation);
    const before = root.variable;
    let next = value.variable;
    if (this.#step !== undefined) {
      if (this.#step.write === undefined) {
        throw new AutogradError(
          `Cannot apply ${operation} in place to an expanded tensor: several of its elements are one element in memory. Call clone() first`,
        );
      }
      next = this.#step.write(root.#snapshot(), value).variable;
    }
    if (!recorded && (root.#elements.learned || this.#requiresGrad)) noteParameterWrite();
    // Unrecorded, a write changes the elements and leaves the history alone.
    root.#variable = recorded ? next : { ...before, node: next.node };
    root.#elements.node = next.node;
    root.#elements.version++;
    if (!recorded && !isShared(before.node)) donate(next.node, before.node);
    return this;
  }

  #checkWritable(root: Tensor, operation: string): void {
    const leaf = [this, root].find((x) => x.#requiresGrad && x.isLeaf);
    if (leaf === undefined) return;
    throw new AutogradError(
      `Cannot apply ${operation} in place to a ${leaf === this ? "" : "view of a "}leaf that requires grad: ` +
        "wrap the update in noGrad(() => …), or use the out-of-place form",
    );
  }

  #snapshot(): Tensor {
    return Tensor.of(this.variable, this.edge);
  }

  /** Forgets how the elements were computed and stops requiring a gradient, in place. */
  detach_(): this {
    if (this.#base !== undefined) {
      throw new AutogradError("Cannot detach a view in place: use detach() for a new tensor, or detach its base");
    }
    this.#variable = { node: this.node, gradFn: undefined, outputIndex: 0 };
    this.#requiresGrad = false;
    return this;
  }

  /** Frees the memory now, rather than when the tensor is collected; unless others, such as its base, have the same elements. */
  [Symbol.dispose](): void {
    if (this.#base !== undefined || this.#elements.common || isShared(this.node)) return;
    release(this.node);
  }

  /** Extents of the axes; prints as `torch.Size([…])` in a template. */
  get shape(): Size {
    const { shape } = this.node;
    if (this.#size === undefined || !sameShape(this.#size, shape)) this.#size = sizeOf(shape);
    return this.#size;
  }

  /** Number of axes. */
  get ndim(): number {
    return this.node.shape.length;
  }

  /** Element type. */
  get dtype(): DType {
    return this.node.dtype;
  }

  /** Where the elements are. */
  get device(): DeviceName {
    return this.node.device;
  }

  /** Number of elements. */
  numel(): number {
    return numel(this.node.shape);
  }

  /** Whether gradients flow to this tensor. Settable on leaves. */
  get requiresGrad(): boolean {
    return this.#requiresGrad || this.variable.gradFn !== undefined;
  }

  set requiresGrad(value: boolean) {
    if (!value && this.variable.gradFn !== undefined) {
      throw new AutogradError("Cannot switch requiresGrad off on a tensor that an operation made: use detach()");
    }
    if (value && !isFloat(this.dtype)) {
      throw new AutogradError(`Cannot require a gradient for ${this.dtype}: only floating-point tensors have one`);
    }
    this.#requiresGrad = value;
    if (value) (this.#root ?? this).#elements.learned = true;
  }

  /** The operation that made this tensor, where gradients are recorded; null for a leaf. */
  get gradFn(): GradFn | null {
    return this.variable.gradFn ?? null;
  }

  /** Whether no recorded operation made this tensor. */
  get isLeaf(): boolean {
    return this.variable.gradFn === undefined;
  }

  /** How often the elements were written in place. */
  get version(): number {
    return (this.#root ?? this).#elements.version;
  }

  /** The tensor that this one is a view of; null if it is none. */
  get base(): Tensor | null {
    return this.#root ?? null;
  }

  /** The view of another tensor of the base's shape that this one is of its base. @ignore */
  viewOf(other: Tensor): Tensor {
    return this.#step?.apply(other) ?? other;
  }
}
