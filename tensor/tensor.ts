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
  type Shape,
} from "../kernels/mod.ts";
import { AccumulateGrad, type Edge, type GradFn } from "./grad_fn.ts";
import { asUser, isGradEnabled, noteParameterWrite, setGradEnabled } from "./grad_mode.ts";
import type { TensorMethods } from "./methods.ts";

/**
 * How a view comes from its base. `apply` makes the view of the base's present value; `write` gives the base's new value once the
 * view has become `value`. Both are differentiable compositions of operations.
 */
export interface ViewStep {
  /** base -> view */
  readonly apply: (base: Tensor) => Tensor;
  /** (base, new value of the view) -> new value of the base; undefined where the view repeats elements and cannot be written. */
  readonly write: ((base: Tensor, value: Tensor) => Tensor) | undefined;
  /** `detach`: a write changes the base's elements and leaves its history alone. */
  readonly detached?: boolean;
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

/** Nodes that several tensors hold without one being a view of the other: a reshape to the same shape inside an operation, say. */
const shared = new WeakSet<Node>();

/** For the library: another tensor holds the node, so a write in place must not take its memory. */
export function noteShared(node: Node): void {
  shared.add(node);
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

/** The methods that are operations; see `methods.ts`. */
export interface Tensor extends TensorMethods {}

/** An n-dimensional array on a device. */
export class Tensor {
  /** Gradient accumulated by `backward()`; null until then. */
  grad: Tensor | null = null;
  /** How often the elements were written in place. */
  #version = 0;
  #variable: Variable;
  #requiresGrad: boolean;
  #accumulator: AccumulateGrad | undefined;
  #base: Tensor | undefined;
  #step: ViewStep | undefined;
  /** The base's version that `#variable` was made from. */
  #seen = 0;
  /** Whether the view was made where operations were recorded, and so has a history when made again. */
  #recorded = true;

  /** For the library: wraps a node. Users create tensors with `tensor`, `zeros`, `randn`, … */
  constructor(node: Node, init: TensorInit = {}) {
    this.#variable = { node, gradFn: init.gradFn, outputIndex: init.outputIndex ?? 0 };
    this.#requiresGrad = init.requiresGrad ?? false;
  }

  /** For the library: a new handle on what a handle stood for, linked to where its gradient goes. */
  static of(variable: Variable, edge: Edge | undefined): Tensor {
    return new Tensor(variable.node, { gradFn: edge?.fn, outputIndex: edge?.index ?? 0 });
  }

  /** For the library: makes this handle a view of `base`, so that a write through either shows in both. */
  asViewOf(base: Tensor, step: ViewStep): this {
    if (base === this) return this;
    if (base.#base !== undefined) {
      const outer = base.#step!, root = base.#base;
      this.asViewOf(root, {
        apply: (b) => step.apply(outer.apply(b)),
        write: outer.write && step.write && ((b, value) => outer.write!(b, step.write!(outer.apply(b), value))),
        detached: (outer.detached ?? false) || (step.detached ?? false),
      });
      return this;
    }
    this.#base = base;
    this.#step = step;
    this.#seen = base.#version;
    this.#recorded = isGradEnabled();
    return this;
  }

  /** For the library: what this handle stands for now. */
  get variable(): Variable {
    if (this.#base !== undefined && this.#seen !== this.#base.#version) this.#refresh(this.#base, this.#step!);
    return this.#variable;
  }

  /** Makes the view again, as it was made first: whatever happens to be going on now must not show in it. */
  #refresh(base: Tensor, step: ViewStep): void {
    using _mode = setGradEnabled(this.#recorded);
    using _recording = asUser();
    this.#variable = step.apply(base).#variable;
    this.#seen = base.#version;
  }

  /** For the library: the node of the lazy graph. */
  get node(): Node {
    return this.variable.node;
  }

  /** For the library: where the gradient of this tensor goes. */
  get edge(): Edge | undefined {
    const { gradFn, outputIndex } = this.variable;
    if (gradFn !== undefined) return { fn: gradFn, index: outputIndex };
    if (!this.#requiresGrad) return undefined;
    this.#accumulator ??= new AccumulateGrad(this);
    return { fn: this.#accumulator, index: 0 };
  }

  /**
   * For the library: the end of every in-place operation. `value` has this tensor's shape and dtype, was computed out of place and is
   * held by nobody else; this handle, its base and every other view of it now show it.
   */
  assign(value: Tensor, operation: string): this {
    const root = this.#base ?? this;
    const step = this.#step;
    const recorded = isGradEnabled();
    if (recorded) this.#checkWritable(root, value, operation);
    const before = root.#variable;
    let next = value.variable;
    if (step !== undefined) {
      if (step.write === undefined) {
        throw new AutogradError(
          `Cannot apply ${operation} in place to an expanded tensor: several of its elements are one element in memory. Call clone() first`,
        );
      }
      next = step.write(root.#snapshot(), value).variable;
    }
    // Unrecorded, a write changes the elements and leaves the history alone.
    root.#variable = recorded && !step?.detached ? next : { ...before, node: next.node };
    root.#version++;
    if (!recorded) {
      if (!shared.has(before.node)) donate(next.node, before.node);
      if (root.#requiresGrad || this.#requiresGrad) noteParameterWrite();
    }
    return this;
  }

  #checkWritable(root: Tensor, value: Tensor, operation: string): void {
    const detached = this.#step?.detached ?? false;
    if (root.#requiresGrad && root.isLeaf && !detached) {
      throw new AutogradError(
        `Cannot apply ${operation} in place to a ${this === root ? "" : "view of a "}leaf that requires grad: ` +
          "wrap the update in noGrad(() => …), or use the out-of-place form",
      );
    }
    if (detached && value.requiresGrad) {
      throw new AutogradError(
        `Cannot apply ${operation} in place to a detached tensor with values that require grad: ` +
          "the tensor it was detached from would not know of them. Call clone() first",
      );
    }
  }

  #snapshot(): Tensor {
    return Tensor.of(this.#variable, this.edge);
  }

  /** Forgets how the elements were computed and stops requiring a gradient, in place. */
  detach_(): this {
    if (this.#base !== undefined) {
      throw new AutogradError("Cannot detach a view in place: use detach() for a new tensor, or detach its base");
    }
    this.#variable = { node: this.#variable.node, gradFn: undefined, outputIndex: 0 };
    this.#requiresGrad = false;
    return this;
  }

  /** Extents of the axes; prints as `torch.Size([…])` in a template. */
  get shape(): Size {
    return sizeOf(this.node.shape);
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
    return (this.#base ?? this).#version;
  }

  /** The tensor that this one is a view of; null if it is none. */
  get base(): Tensor | null {
    return this.#base ?? null;
  }
}

/** A shape as users see it: a read-only list that prints as PyTorch prints it. */
export type Size = readonly number[] & { numel(): number };

class SizeList extends Array<number> {
  // Mapping a shape gives a plain list.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  numel(): number {
    return numel(this);
  }

  override toString(): string {
    return `torch.Size([${this.join(", ")}])`;
  }

  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}

const sizes = new WeakMap<Shape, Size>();

function sizeOf(shape: Shape): Size {
  let size = sizes.get(shape);
  if (size === undefined) {
    const list = new SizeList(shape.length);
    shape.forEach((extent, i) => list[i] = extent);
    size = Object.freeze(list) as unknown as Size;
    sizes.set(shape, size);
  }
  return size;
}
