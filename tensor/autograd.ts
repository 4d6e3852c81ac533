/**
 * Backpropagation: from the outputs' gradients, through the recorded functions in reverse, to the tensors that asked for a gradient.
 *
 * @module
 */

import { AutogradError, expand, hold, type Node, sameShape, scalar } from "../kernels/mod.ts";
import { checkedGradients } from "./anomaly.ts";
import { clone, toDtype } from "./conversion.ts";
import { AccumulateGrad, type Edge, type GradFn } from "./grad_fn.ts";
import { asBackward, asUser, enableGrad, noGrad } from "./grad_mode.ts";
import { requireTensor, tensorsOf } from "./require_tensor.ts";
import { Tensor } from "./tensor.ts";

/** Options of `backward`. */
export interface BackwardOptions {
  /** Keep what the graph saved, so that it can be gone through again; by default if `createGraph`. */
  readonly retainGraph?: boolean;
  /** Record the backward pass itself, for gradients of gradients. */
  readonly createGraph?: boolean;
  /** Accumulate into these tensors only; by default into every leaf. */
  readonly inputs?: Tensor | readonly Tensor[];
}

/** Options of `grad`. */
export interface GradOptions {
  /** Gradients of the outputs; by default 1 for outputs of one element. */
  readonly gradOutputs?: Tensor | null | readonly (Tensor | null)[];
  /** Keep what the graph saved, so that it can be gone through again; by default if `createGraph`. */
  readonly retainGraph?: boolean;
  /** Record the backward pass itself, for gradients of gradients. */
  readonly createGraph?: boolean;
  /** Give null, rather than an error, for an input that the outputs do not depend on. */
  readonly allowUnused?: boolean;
  /** Give zeros, rather than null, for an input that the outputs do not depend on. */
  readonly materializeGrads?: boolean;
}

/** A gradient for each input, in a list of as many. */
export type GradientsOf<I, G> = I extends readonly Tensor[] ? { -readonly [K in keyof I]: G } : [G];

/**
 * Adds the gradients of `tensors` with respect to the graph's leaves to their `grad`.
 *
 * @example
 * ```ts
 * import { tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([1, 2], { requiresGrad: true });
 * x.mul(x).sum().backward();
 * console.log(x.grad); // tensor([2., 4.])
 * ```
 *
 * @param gradients Gradients of the tensors themselves; 1 by default where a tensor has one element.
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.backward.html}
 */
export function backward(
  tensors: Tensor | readonly Tensor[],
  gradients?: Tensor | null | readonly (Tensor | null)[],
  options: BackwardOptions = {},
): void {
  const outputs = tensorsOf("backward", "tensors", tensors);
  const inputs = options.inputs === undefined
    ? undefined
    : tensorsOf("backward", "inputs", options.inputs).map((t, i) => ({ leaf: t, ...edgeOf(t, i) }));
  if (inputs?.length === 0) {
    throw new AutogradError("Cannot accumulate into no inputs: leave the option out for all leaves");
  }
  propagate(outputs, listOf(gradients ?? []), options, {
    wants: inputs === undefined ? (fn) => fn instanceof AccumulateGrad : (fn) => inputs.some((edge) => edge.fn === fn),
    arrive(fn, grads, hooked) {
      if (inputs === undefined) accumulate((fn as AccumulateGrad).leaf, grads[0]!, hooked);
      for (const { leaf, index } of inputs?.filter((edge) => edge.fn === fn) ?? []) {
        if (grads[index] !== undefined) accumulate(leaf, grads[index], hooked);
      }
      if (fn instanceof AccumulateGrad) runAfterwards(fn);
    },
  });
}

/**
 * The gradients of `outputs`, summed, with respect to `inputs`, in a list; no tensor's `grad` changes.
 *
 * @example
 * ```ts
 * import { autograd, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor(2, { requiresGrad: true });
 * const [first] = autograd.grad(x.pow(3), x, { createGraph: true });
 * const [second] = autograd.grad(first, x);
 * console.log(first.item(), second.item()); // 12 12
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.grad.html}
 */
export function grad<I extends Tensor | readonly Tensor[] | []>(
  outputs: Tensor | readonly Tensor[],
  inputs: I,
  options?: GradOptions & { readonly allowUnused?: false },
): GradientsOf<I, Tensor>;
/** The same, with null for inputs that the outputs do not depend on. */
export function grad<I extends Tensor | readonly Tensor[] | []>(
  outputs: Tensor | readonly Tensor[],
  inputs: I,
  options: GradOptions,
): GradientsOf<I, Tensor | null>;
export function grad<I extends Tensor | readonly Tensor[] | []>(
  outputs: Tensor | readonly Tensor[],
  inputs: I,
  options: GradOptions = {},
): GradientsOf<I, Tensor | null> {
  const targets = tensorsOf("grad", "inputs", inputs);
  const edges = targets.map(edgeOf);
  const results: (Tensor | null)[] = targets.map(() => null);
  propagate(tensorsOf("grad", "outputs", outputs), listOf(options.gradOutputs ?? []), options, {
    wants: (fn) => edges.some((edge) => edge.fn === fn),
    arrive(fn, grads, hooked) {
      edges.forEach((edge, i) => {
        const grad = edge.fn === fn ? grads[edge.index] : undefined;
        if (grad !== undefined) results[i] = keep(grad, hooked);
      });
    },
  });
  return results.map((result, i) => {
    if (result !== null) return result;
    if (options.materializeGrads) return new Tensor(filled(0, targets[i]!));
    if (options.allowUnused) return null;
    throw new AutogradError(
      `Cannot differentiate with respect to input ${i}: the outputs do not depend on it. Pass { allowUnused: true } for null instead`,
    );
  }) as GradientsOf<I, Tensor | null>;
}

/** What a backward pass is for. */
interface Purpose {
  /** Whether gradients that reach this function are asked for. */
  wants(fn: GradFn): boolean;
  /** Takes the finished gradients of a function's outputs; `hooked`: a hook has seen them and may have kept them. */
  arrive(fn: GradFn, grads: readonly (Tensor | undefined)[], hooked: boolean): void;
}

/** Goes backward from the outputs, with the gradients given for them or those that they start with. */
function propagate(
  outputs: readonly Tensor[],
  seeds: readonly (Tensor | null)[],
  options: { readonly retainGraph?: boolean; readonly createGraph?: boolean },
  purpose: Purpose,
): void {
  const { createGraph = false, retainGraph = createGraph } = options;
  const starts = outputs.map(startOf);
  const gradients = outputs.map((output, i) => seed(output, seeds[i] ?? null));
  if (createGraph) enableGrad(() => asUser(() => send(starts, gradients, retainGraph, purpose)));
  else noGrad(() => asBackward(() => send(starts, gradients, retainGraph, purpose)));
}

/** Sends gradients back along the graph: the heart of it all. */
function send(
  starts: readonly Edge[],
  gradients: readonly Tensor[],
  retainGraph: boolean,
  purpose: Purpose,
): void {
  const arrived = new Map<GradFn, (Tensor | undefined)[]>();
  const give = ({ fn, index }: Edge, grad: Tensor) => {
    const grads = arrived.get(fn) ?? [];
    grads[index] = grads[index]?.add(grad) ?? grad;
    arrived.set(fn, grads);
  };
  starts.forEach((edge, i) => give(edge, gradients[i]!));

  // Functions come after all that they depend on, so one walk finds what leads to something wanted, and one back goes through it.
  const order = dependencies(starts);
  const useful = new Set<GradFn>();
  const isUseful = (edge: Edge | undefined) => edge !== undefined && useful.has(edge.fn);
  for (const fn of order) if (purpose.wants(fn) || fn.next.some(isUseful)) useful.add(fn);

  for (const fn of order.reverse()) {
    const grads = arrived.get(fn);
    if (grads === undefined || !useful.has(fn)) continue;
    arrived.delete(fn);
    const hooked = runHooks(fn, grads);
    if (purpose.wants(fn)) purpose.arrive(fn, grads, hooked);
    const wanted = fn.next.map(isUseful);
    if (!wanted.includes(true)) continue;
    const given = checkedGradients(fn, grads, () => fn.apply(grads, wanted));
    given.forEach((grad, i) => grad && wanted[i] && give(fn.next[i]!, grad));
    if (!retainGraph) fn.release();
  }
}

/** All functions that gradients can reach from `starts`, in the order of recording. */
function dependencies(starts: readonly Edge[]): GradFn[] {
  const found = new Set(starts.map((edge) => edge.fn));
  // A set can grow while it is walked: this visits what it adds.
  for (const fn of found) {
    for (const edge of fn.next) if (edge !== undefined) found.add(edge.fn);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

/** Lets hooks see and replace the gradients; whether there were any who might have kept one. */
function runHooks(fn: GradFn, grads: (Tensor | undefined)[]): boolean {
  if (fn.hooks.size === 0 && fn.retained.size === 0) return false;
  asUser(() => {
    for (const grad of grads) if (grad !== undefined) grad.node.internal = false;
    for (const hook of fn.hooks) hook(grads);
    for (const [index, tensor] of fn.retained) {
      const grad = grads[index];
      if (grad !== undefined) tensor.grad = tensor.grad?.add(grad) ?? clone(grad);
    }
  });
  return true;
}

/** Adds to a tensor's `grad`, in the same handle; gradients that are themselves recorded need a new one. */
function accumulate(x: Tensor, grad: Tensor, hooked: boolean): void {
  const before = x.grad;
  if (before === null) x.grad = keep(grad, hooked);
  else if (grad.requiresGrad || before.requiresGrad) x.grad = keep(before.add(grad), false);
  else before.assign(keep(before.add(grad), false), "the accumulation of gradients");
}

function runAfterwards(fn: AccumulateGrad): void {
  asUser(() => {
    for (const hook of fn.afterwards) hook(fn.leaf);
  });
}

/**
 * A gradient for the user to hold, in a node that nobody else holds: a later write in place may take its memory. Only what this pass
 * recorded and has not yet given away is sure to be so.
 */
function keep(grad: Tensor, shared: boolean): Tensor {
  const kept = shared || !grad.node.internal ? asUser(() => clone(grad)) : grad;
  kept.node.internal = false;
  hold(kept.node);
  return kept;
}

function startOf(output: Tensor, i: number): Edge {
  const edge = output.edge;
  if (edge !== undefined) return edge;
  throw new AutogradError(
    `Cannot go backward from output ${i}: it does not require grad and has no gradFn. ` +
      "Set requiresGrad on what it is computed from, and compute it outside noGrad",
  );
}

function edgeOf(input: Tensor, i: number): Edge {
  const edge = input.edge;
  if (edge !== undefined) return edge;
  throw new AutogradError(`Cannot differentiate with respect to input ${i}: it does not require grad`);
}

/** The gradient of an output that the pass starts from. */
function seed(output: Tensor, gradient: Tensor | null): Tensor {
  if (gradient === null) {
    if (output.numel() !== 1) {
      throw new AutogradError(
        `Cannot create a gradient for an output of shape [${
          output.shape.join(", ")
        }]: only a scalar output has one implicitly. ` +
          "Pass the gradient, or reduce the output with sum() or mean()",
      );
    }
    return new Tensor(filled(1, output));
  }
  requireTensor("backward", "gradient", gradient);
  if (!sameShape(gradient.shape, output.shape)) {
    throw new AutogradError(
      `Cannot use a gradient of shape [${gradient.shape.join(", ")}] for an output of shape [${
        output.shape.join(", ")
      }]`,
    );
  }
  return toDtype(gradient, output.dtype);
}

function filled(value: number, like: Tensor): Node {
  return expand(scalar(value, like.dtype, like.device), like.shape);
}

function listOf<T extends Tensor | null>(x: T | readonly T[]): readonly T[] {
  return x === null || x instanceof Tensor ? [x as T] : x as readonly T[];
}
