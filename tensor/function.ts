/**
 * Functions with a gradient written by the user.
 *
 * @module
 */

import { AutogradError, expand, isFloat, type Node, scalar, type Shape } from "../kernels/mod.ts";
import { called } from "./calls.ts";
import { clone } from "./conversion.ts";
import { checkGradient, type Edge, GradFn, releasedError } from "./grad_fn.ts";
import { asUser, isGradEnabled, noGrad } from "./grad_mode.ts";
import { Tensor } from "./tensor.ts";
import type { Variable } from "./variable.ts";

/** What `forward` leaves for `backward`. Other values can be set as attributes: `ctx.alpha = 0.5`. */
export class FunctionContext {
  /** Anything that is not a tensor. */
  [attribute: string]: unknown;
  /** For each input, whether it needs a gradient. */
  readonly needsInputGrad: readonly boolean[];
  #tensors: readonly Tensor[] = [];
  #saved: { variable: Variable; edge: Edge | undefined }[] | undefined;
  #constants: ReadonlySet<Tensor> = new Set();
  #materialize = true;

  /** @ignore */
  constructor(needsInputGrad: readonly boolean[]) {
    this.needsInputGrad = needsInputGrad;
  }

  /** Saves inputs, outputs or intermediate tensors for `backward`. */
  saveForBackward(...tensors: Tensor[]): void {
    this.#tensors = tensors;
  }

  /** What `saveForBackward` saved. */
  get savedTensors(): Tensor[] {
    if (this.#saved === undefined) return [...this.#tensors];
    return this.#saved.map(({ variable, edge }) => Tensor.of(variable, edge));
  }

  /** Declares outputs through which no gradient flows. */
  markNonDifferentiable(...outputs: Tensor[]): void {
    this.#constants = new Set(outputs);
  }

  /** Whether `backward` is given zeros, rather than null, for outputs that no gradient reached; it is by default. */
  setMaterializeGrads(value: boolean): void {
    this.#materialize = value;
  }

  /**
   * Whether a gradient flows through this output.
   *
   * @ignore
   */
  isDifferentiable(output: Tensor): boolean {
    return isFloat(output.dtype) && !this.#constants.has(output);
  }

  /**
   * Whether missing gradients are given as zeros.
   *
   * @ignore
   */
  get materializesGrads(): boolean {
    return this.#materialize;
  }

  /** For the library: `forward` is over. Links what was saved to the graph, outputs to the function that made them. */
  seal(outputs: readonly Tensor[], fn: GradFn): void {
    this.#saved = this.#tensors.map((t) => {
      const index = outputs.indexOf(t);
      return { variable: t.variable, edge: index < 0 ? t.edge : { fn, index } };
    });
    this.#tensors = [];
  }
}

/** What `backward` returns: a gradient, or null, for each argument of `forward`. */
export type FunctionGradients = Tensor | null | readonly (Tensor | null)[];

/** The static side of a subclass of `Function`. */
export interface FunctionType<A extends unknown[], R extends Tensor | readonly Tensor[]> {
  /** The class's name. */
  readonly name: string;
  /** Computes the outputs. */
  forward(context: FunctionContext, ...inputs: A): R;
  /** Computes the gradients of the inputs from those of the outputs. */
  backward(context: FunctionContext, ...gradients: Tensor[]): FunctionGradients;
}

/**
 * A differentiable function of your own: a subclass has a static `forward` and a static `backward`, and is called with `apply`.
 *
 * @example
 * ```ts
 * import { autograd, tensor, type Tensor } from "@tensaur/tensaur";
 *
 * class Exp extends autograd.Function {
 *   static forward(ctx: autograd.FunctionContext, x: Tensor): Tensor {
 *     const y = x.exp();
 *     ctx.saveForBackward(y);
 *     return y;
 *   }
 *   static backward(ctx: autograd.FunctionContext, grad: Tensor): Tensor {
 *     return grad.mul(ctx.savedTensors[0]!);
 *   }
 * }
 *
 * const x = tensor([0.5, 1], { requiresGrad: true });
 * Exp.apply(x).sum().backward();
 * console.log(x.grad); // tensor([1.6487, 2.7183])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function}
 */
export abstract class Function {
  /** Runs `forward` and records that its gradient is `backward`. */
  static apply<A extends unknown[], R extends Tensor | readonly Tensor[]>(this: FunctionType<A, R>, ...inputs: A): R {
    const recorded = isGradEnabled();
    const edges = inputs.map((x) => recorded && x instanceof Tensor ? x.edge : undefined);
    const context = new FunctionContext(edges.map((edge) => edge !== undefined));
    const result = called(this.name, inputs, () => noGrad(() => this.forward(context, ...inputs)), "custom");
    if (edges.every((edge) => edge === undefined)) return result;

    const outputs: readonly Tensor[] = result instanceof Tensor ? [result] : result;
    const fn = new CustomFunction(this, edges, context, inputs, outputs.map((output) => output.node));
    context.seal(outputs, fn);
    const linked = outputs.map((output, outputIndex) => {
      const { node } = inputs.includes(output) ? noGrad(() => clone(output)) : output;
      return context.isDifferentiable(output) ? new Tensor(node, { gradFn: fn, outputIndex }) : new Tensor(node);
    });
    return (result instanceof Tensor ? linked[0]! : linked) as Tensor | readonly Tensor[] as R;
  }
}

/** An application of a user's function. */
class CustomFunction extends GradFn {
  #type: Pick<FunctionType<unknown[], Tensor>, "backward">;
  #context: FunctionContext | undefined;
  #inputs: readonly (Shape | undefined)[];
  #outputs: readonly Pick<Node, "shape" | "dtype" | "device">[];

  constructor(
    type: Pick<FunctionType<unknown[], Tensor>, "name" | "backward">,
    next: readonly (Edge | undefined)[],
    context: FunctionContext,
    inputs: readonly unknown[],
    outputs: readonly Node[],
  ) {
    super(type.name, next);
    this.#type = type;
    this.#context = context;
    this.#inputs = inputs.map((x) => x instanceof Tensor ? x.node.shape : undefined);
    this.#outputs = outputs.map(({ shape, dtype, device }) => ({ shape, dtype, device }));
  }

  override get name(): string {
    return `${this.operation}Backward`;
  }

  override apply(grads: readonly (Tensor | undefined)[]): (Tensor | undefined)[] {
    const context = this.#context;
    if (context === undefined) throw releasedError(this.operation);
    return asUser(() => this.#backward(context, grads));
  }

  #backward(context: FunctionContext, grads: readonly (Tensor | undefined)[]): (Tensor | undefined)[] {
    const given = this.#outputs.map(({ shape, dtype, device }, i) =>
      grads[i] ?? (context.materializesGrads ? new Tensor(expand(scalar(0, dtype, device), shape)) : null)
    );
    const result = this.#type.backward(context, ...given as Tensor[]);
    const gradients: readonly (Tensor | null)[] = result === null || result instanceof Tensor ? [result] : result;
    if (gradients.length !== this.next.length) {
      throw new AutogradError(
        `Cannot go backward through ${this.operation}: its backward returned ${gradients.length} gradients ` +
          `for ${this.next.length} inputs. Return null for inputs that have none`,
      );
    }
    return gradients.map((grad, i) => {
      const shape = this.#inputs[i];
      return grad === null || shape === undefined ? undefined : checkGradient(this.operation, i, grad, shape);
    });
  }

  override release(): void {
    this.#context = undefined;
  }
}
