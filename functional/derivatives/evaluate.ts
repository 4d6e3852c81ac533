/**
 * Functions of tensors, evaluated so that they can be differentiated.
 *
 * @module
 */

import { AutogradError } from "../../kernels/mod.ts";
import { grad } from "../../tensor/autograd.ts";
import { zerosLike } from "../../tensor/constant.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";

/** One tensor, or several. */
export type OneOrMore = Tensor | readonly Tensor[];

/** A tensor for each of `X`, in a list if that is one. */
export type EachOf<X, T = Tensor> = X extends readonly Tensor[] ? { -readonly [K in keyof X]: T } : T;

/** The options of all functions here. */
export interface DerivativeOptions {
  /** Record the derivatives, so that they can be differentiated again. Default false: what is returned is detached. */
  readonly createGraph?: boolean;
  /** Refuse an output that does not depend on an input, rather than take its derivative as 0. Default false. */
  readonly strict?: boolean;
}

/** A function of as many tensors as there are inputs. */
export type FunctionOf<O> = (...inputs: Tensor[]) => O;

/** A function's inputs and outputs while it is differentiated. */
export interface Evaluated {
  /** The handles that the function was given. */
  readonly inputs: readonly Tensor[];
  /** What it returned, as a list. */
  readonly outputs: readonly Tensor[];
}

/** What was given as a list. */
export function listOf(x: OneOrMore): readonly Tensor[] {
  return x instanceof Tensor ? [x] : x;
}

/** A list as what it stands for was given: alone, or as it is. */
export function like<T>(x: OneOrMore, list: readonly T[]): unknown {
  return x instanceof Tensor ? list[0] : list;
}

/** Calls `f` with inputs of its own, so that gradients flow to these. */
export function evaluated<O extends OneOrMore>(
  f: FunctionOf<O>,
  inputs: OneOrMore,
  createGraph: boolean,
): Evaluated & { result: O } {
  // Other handles: the function may write to its inputs in place, and the gradients of the caller's are none of its business.
  const given = listOf(inputs).map((x) => {
    if (createGraph && x.requiresGrad) return x.clone();
    const copy = x.detach().clone();
    copy.requiresGrad = true;
    return copy;
  });
  const result = f(...given);
  return { inputs: given, outputs: listOf(result), result };
}

/** The sum over the outputs of `gradOutputs` times their derivatives, for each input. */
export function pulledBack(
  { inputs, outputs }: Evaluated,
  gradOutputs: readonly Tensor[],
  createGraph: boolean,
  strict = false,
): Tensor[] {
  const dependent = outputs.filter((output) => output.requiresGrad);
  if (strict && dependent.length < outputs.length) {
    throw independent(outputs.findIndex((output) => !output.requiresGrad));
  }
  const gradients = dependent.length === 0 ? inputs.map(() => null) : grad(dependent, inputs, {
    gradOutputs: gradOutputs.filter((_, i) => outputs[i]!.requiresGrad),
    ...{ retainGraph: true, createGraph, allowUnused: true },
  });
  return gradients.map((gradient, i) => {
    if (gradient === null && strict) throw independent(0, i);
    return gradient ?? zerosLike(inputs[i]!);
  });
}

function independent(output: number, input?: number): AutogradError {
  return new AutogradError(
    `Cannot differentiate strictly: output ${output} of the function does not depend on ${
      input === undefined ? "any input" : `input ${input}`
    }. Pass { strict: false } to take the derivative as 0`,
  );
}

/** What the user gets: without history, unless it was asked for. */
export function finished(tensors: readonly Tensor[], createGraph: boolean): readonly Tensor[] {
  return createGraph ? tensors : tensors.map((x) => x.detach());
}

/** `output`, if it is one number. */
export function scalarOf(operation: string, output: Tensor): Tensor {
  if (output instanceof Tensor && output.numel() === 1) return output;
  throw new AutogradError(
    `Cannot take ${operation} of a function that returns ${
      output instanceof Tensor ? `shape ${show(output.shape)}` : "several tensors"
    }: it must return one number. Reduce with sum() or mean()`,
  );
}
