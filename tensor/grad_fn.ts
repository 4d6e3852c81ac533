/**
 * The nodes of the autograd graph: one for each recorded operation, and one where gradients of a leaf gather.
 *
 * @module
 */

import { AutogradError, isFloat, type Node, sameShape, type Shape } from "../kernels/mod.ts";
import { checkResults, isAnomalyEnabled, originNow } from "./anomaly.ts";
import { noteShared } from "./elements.ts";
import { isGradEnabled } from "./grad_mode.ts";
import { operations } from "./operations.ts";
import { Tensor } from "./tensor.ts";
import type { Variable } from "./variable.ts";

/** Where a gradient flows next: an input of `fn`'s function, seen as output `index` of that function. */
export interface Edge {
  /** The function that made the input. */
  readonly fn: GradFn;
  /** Which of its outputs the input is. */
  readonly index: number;
}

/** Vector-Jacobian product with respect to one input, written in tensor operations so that it can be differentiated again. */
export type Vjp = (grad: Tensor, inputs: readonly Tensor[], output: Tensor) => Tensor;

let nextId = 0;

/** What runs before a function's gradients are used; it may replace them in the list. */
export type GradHook = (grads: (Tensor | undefined)[]) => void;

/**
 * A recorded function: what flowed in, and how gradients flow back.
 *
 * @example
 * ```ts
 * import { type GradFn, ones } from "@tensaur/tensaur";
 *
 * const fn: GradFn | null = ones([2], { requiresGrad: true }).exp().gradFn;
 * console.log(fn?.operation); // exp
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.graph.Node.name.html}
 */
export abstract class GradFn {
  /** Grows in the order of recording, so that descending ids are a topological order. */
  readonly id: number = nextId++;
  /** The line that recorded it, where anomalies were searched for. */
  readonly origin: string | undefined = originNow();
  /** Called with the gradients of the outputs before they are used. */
  readonly hooks: Set<GradHook> = new Set();
  /**
   * Outputs that keep their gradient, by index.
   *
   * @ignore
   */
  readonly retained: Map<number, Tensor> = new Map();

  /** @ignore */
  constructor(
    /** As PyTorch names it, without "Backward0". */
    readonly operation: string,
    /** Where the gradients of the inputs go; undefined for inputs that need none. */
    readonly next: readonly (Edge | undefined)[],
  ) {}

  /** PyTorch's name, such as "MulBackward0". */
  get name(): string {
    return `${this.operation[0]!.toUpperCase()}${this.operation.slice(1)}Backward0`;
  }

  /**
   * Gradients of the inputs from those of the outputs; only inputs that are `wanted` need one.
   *
   * @ignore
   */
  abstract apply(grads: readonly (Tensor | undefined)[], wanted: readonly boolean[]): (Tensor | undefined)[];

  /**
   * Drops what was saved for the backward pass.
   *
   * @ignore
   */
  abstract release(): void;
}

/** Where the gradient of a leaf arrives; the engine adds it to the leaf's `grad`. */
export class AccumulateGrad extends GradFn {
  /** Called with the leaf once its `grad` is up to date. */
  readonly afterwards: Set<(leaf: Tensor) => void> = new Set();

  constructor(
    /** The leaf. */
    readonly leaf: Tensor,
  ) {
    super("AccumulateGrad", []);
  }

  override get name(): string {
    return "AccumulateGrad";
  }

  override apply(): (Tensor | undefined)[] {
    return [];
  }

  override release(): void {}
}

/** The error of a backward pass through what an earlier one released. */
export function releasedError(operation: string): AutogradError {
  return new AutogradError(
    `Cannot go backward through ${operation} a second time: what it saved was released by the first backward(). ` +
      "Pass { retainGraph: true } to the first call",
  );
}

/** `grad`, if it has the shape of input `i`, whose gradient it is meant to be. */
export function checkGradient(operation: string, i: number, grad: Tensor, shape: Shape): Tensor {
  if (sameShape(grad.shape, shape)) return grad;
  throw new AutogradError(
    `Cannot use the gradient of ${operation} with respect to input ${i}: its shape is [${grad.shape.join(", ")}], ` +
      `the input's [${shape.join(", ")}]`,
  );
}

/** An operation of one output with a vjp for each input. */
class Operation extends GradFn {
  #saved: { inputs: readonly Variable[]; output: Node; vjps: readonly (Vjp | undefined)[] } | undefined;

  constructor(operation: string, inputs: readonly Tensor[], output: Node, vjps: readonly (Vjp | undefined)[]) {
    super(operation, inputs.map((t, i) => vjps[i] === undefined ? undefined : t.edge));
    // Variables, not handles: a handle written in place later no longer stands for what went into the operation.
    this.#saved = { inputs: inputs.map((t) => t.variable), output, vjps };
  }

  override apply(grads: readonly (Tensor | undefined)[], wanted: readonly boolean[]): (Tensor | undefined)[] {
    const saved = this.#saved;
    if (saved === undefined) throw releasedError(this.operation);
    const inputs = saved.inputs.map((variable, i) => Tensor.of(variable, this.next[i]));
    const output = new Tensor(saved.output, { gradFn: this });
    return inputs.map((input, i) => {
      if (!wanted[i]) return undefined;
      return checkGradient(this.operation, i, saved.vjps[i]!(grads[0]!, inputs, output), input.shape);
    });
  }

  override release(): void {
    this.#saved = undefined;
  }
}

/**
 * The tensor that `node` computes from `inputs`, recorded for differentiation where that is on and an input requires it. `vjps` has one
 * entry for each input, undefined where the operation is not differentiable.
 */
export function record(
  operation: string,
  node: Node,
  inputs: readonly Tensor[],
  vjps: readonly (Vjp | undefined)[],
): Tensor {
  for (const input of inputs) if (input.node === node) noteShared(node);
  operations.observe?.({
    name: operation,
    inputs: inputs.map((input) => input.node),
    attributes: undefined,
    outputs: [node],
  });
  if (isAnomalyEnabled()) checkResults(operation, [node], inputs.map((input) => input.node));
  if (!isGradEnabled() || !isFloat(node.dtype)) return new Tensor(node);
  let needed = false;
  for (let i = 0; i < inputs.length; i++) if (vjps[i] !== undefined && inputs[i]!.requiresGrad) needed = true;
  return needed ? new Tensor(node, { gradFn: new Operation(operation, inputs, node, vjps) }) : new Tensor(node);
}

/** Gradient of the input of a function with several outputs, from those gradients of its outputs that arrived. */
export type JointVjp = (
  grads: readonly (Tensor | undefined)[],
  input: Tensor,
  outputs: readonly Tensor[],
) => Tensor;

/** A function of one input with several outputs. */
class Decomposition extends GradFn {
  #saved: { input: Variable; outputs: readonly Node[]; vjp: JointVjp } | undefined;

  constructor(operation: string, input: Tensor, outputs: readonly Node[], vjp: JointVjp) {
    super(operation, [input.edge]);
    this.#saved = { input: input.variable, outputs, vjp };
  }

  override apply(grads: readonly (Tensor | undefined)[]): (Tensor | undefined)[] {
    const saved = this.#saved;
    if (saved === undefined) throw releasedError(this.operation);
    const input = Tensor.of(saved.input, this.next[0]);
    const outputs = saved.outputs.map((node, outputIndex) => new Tensor(node, { gradFn: this, outputIndex }));
    return [checkGradient(this.operation, 0, saved.vjp(grads, input, outputs), input.shape)];
  }

  override release(): void {
    this.#saved = undefined;
  }
}

/** The tensors that `nodes` compute together from `input`, recorded for differentiation where that is on and the input requires it. */
export function recordJointly(operation: string, nodes: readonly Node[], input: Tensor, vjp: JointVjp): Tensor[] {
  if (isAnomalyEnabled()) checkResults(operation, nodes, [input.node]);
  if (!isGradEnabled() || !input.requiresGrad) return nodes.map((node) => new Tensor(node));
  const gradFn = new Decomposition(operation, input, nodes, vjp);
  return nodes.map((node, outputIndex) => new Tensor(node, { gradFn, outputIndex }));
}
