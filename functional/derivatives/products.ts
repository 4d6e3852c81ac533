/**
 * Products of a function's derivatives with vectors, without the derivatives themselves.
 *
 * @module
 */

import { AutogradError, sameShape, ShapeError } from "../../kernels/mod.ts";
import { zerosLike } from "../../tensor/constant.ts";
import { enableGrad } from "../../tensor/grad_mode.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import {
  type DerivativeOptions,
  type EachOf,
  type Evaluated,
  evaluated,
  finished,
  type FunctionOf,
  like,
  listOf,
  type OneOrMore,
  pulledBack,
  scalarOf,
} from "./evaluate.ts";

/** The vectors for `of`: what was given, if it fits, or 1 where there is one tensor of one element. */
function vectors(
  operation: string,
  kind: string,
  of: readonly Tensor[],
  v: OneOrMore | null | undefined,
): readonly Tensor[] {
  if (v === undefined || v === null) {
    if (of.length === 1 && of[0]!.numel() === 1) return [zerosLike(of[0]!).add(1)];
    throw new AutogradError(
      `Cannot take ${operation} without v: only where the ${kind} is one tensor of one element it is 1 by default`,
    );
  }
  const list = listOf(v);
  if (list.length === of.length && list.every((x, i) => sameShape(x.shape, of[i]!.shape))) return list;
  throw new ShapeError(
    `Cannot take ${operation} with v of shape ${
      list.map((x) => show(x.shape)).join(", ")
    }: it must have the shape of the ` +
      `${kind}, ${of.map((x) => show(x.shape)).join(", ")}`,
  );
}

/**
 * The outputs of `f`, and vᵀ J, the sum of the derivatives of its outputs weighted with `v`, for each input.
 *
 * @example
 * ```ts
 * import { autograd, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([1, 2]).float();
 * const [y, product] = autograd.functional.vjp((x) => x.pow(2), x, tensor([1, 10]).float());
 * console.log(y.tolist(), product.tolist()); // [1, 4] [2, 40]
 * ```
 *
 * @param v Of the shapes of the outputs; 1 by default where there is one output of one element.
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.functional.vjp.html}
 */
export function vjp<I extends OneOrMore | [], O extends OneOrMore>(
  f: FunctionOf<O>,
  inputs: I,
  v?: OneOrMore | null,
  { createGraph = false, strict = false }: DerivativeOptions = {},
): [outputs: O, product: EachOf<I>] {
  return enableGrad(() => {
    const at = evaluated(f, inputs, createGraph);
    const product = pulledBack(at, vectors("vjp", "output", at.outputs, v), createGraph, strict);
    return [like(at.result, finished(at.outputs, createGraph)), like(inputs, finished(product, createGraph))] as [
      O,
      EachOf<I>,
    ];
  });
}

/**
 * The outputs of `f`, and J v, how they change when the inputs move along `v`. It is the derivative of vᵀ J by v.
 *
 * @example
 * ```ts
 * import { autograd, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([1, 2]).float();
 * const [y, product] = autograd.functional.jvp((x) => x.pow(2).sum(), x, tensor([1, 10]).float());
 * console.log(y.item(), product.item()); // 5 42
 * ```
 *
 * @param v Of the shapes of the inputs; 1 by default where there is one input of one element.
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.functional.jvp.html}
 */
export function jvp<I extends OneOrMore | [], O extends OneOrMore>(
  f: FunctionOf<O>,
  inputs: I,
  v?: OneOrMore | null,
  { createGraph = false, strict = false }: DerivativeOptions = {},
): [outputs: O, product: EachOf<O>] {
  return enableGrad(() => {
    const along = vectors("jvp", "input", listOf(inputs), v);
    const at = evaluated(f, inputs, createGraph), product = pushed(at, along, createGraph, strict);
    return [like(at.result, finished(at.outputs, createGraph)), like(at.result, finished(product, createGraph))] as [
      O,
      EachOf<O>,
    ];
  });
}

/** How the outputs change when the inputs move along `v`. */
function pushed(at: Evaluated, v: readonly Tensor[], createGraph: boolean, strict: boolean): Tensor[] {
  const weights = at.outputs.map((output) => {
    const weight = zerosLike(output);
    weight.requiresGrad = true;
    return weight;
  });
  const products = pulledBack(at, weights, true, strict);
  return pulledBack({ inputs: weights, outputs: products }, v, createGraph);
}

/**
 * The output of `f`, one number, and vᵀ H of its second derivatives, for each input.
 *
 * @example
 * ```ts
 * import { autograd, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([1, 2]).float();
 * console.log(autograd.functional.vhp((x) => x.pow(3).sum(), x, tensor([1, 10]).float())[1].tolist()); // [6, 120]
 * ```
 *
 * @param v Of the shapes of the inputs; 1 by default where there is one input of one element.
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.functional.vhp.html}
 */
export function vhp<I extends OneOrMore | []>(
  f: FunctionOf<Tensor>,
  inputs: I,
  v?: OneOrMore | null,
  { createGraph = false, strict = false }: DerivativeOptions = {},
): [output: Tensor, product: EachOf<I>] {
  return secondOrder("vhp", f, inputs, v, createGraph, (at, along) => pulledBack(at, along, createGraph, strict));
}

/**
 * The output of `f`, one number, and H v of its second derivatives, for each input: what `vhp` gives where these are continuous, by one
 * more pass.
 *
 * @example
 * ```ts
 * import { autograd, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([1, 2]).float();
 * console.log(autograd.functional.hvp((x) => x.pow(3).sum(), x, tensor([1, 10]).float())[1].tolist()); // [6, 120]
 * ```
 *
 * @param v Of the shapes of the inputs; 1 by default where there is one input of one element.
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.functional.hvp.html}
 */
export function hvp<I extends OneOrMore | []>(
  f: FunctionOf<Tensor>,
  inputs: I,
  v?: OneOrMore | null,
  { createGraph = false, strict = false }: DerivativeOptions = {},
): [output: Tensor, product: EachOf<I>] {
  return secondOrder("hvp", f, inputs, v, createGraph, (at, along) => pushed(at, along, createGraph, strict));
}

/** The output of `f` and what `product` makes of its gradient as a function of the inputs. */
function secondOrder<I extends OneOrMore | []>(
  operation: string,
  f: FunctionOf<Tensor>,
  inputs: I,
  v: OneOrMore | null | undefined,
  createGraph: boolean,
  product: (gradient: Evaluated, v: readonly Tensor[]) => Tensor[],
): [Tensor, EachOf<I>] {
  return enableGrad(() => {
    const along = vectors(operation, "input", listOf(inputs), v);
    const at = evaluated(f, inputs, createGraph), output = scalarOf(operation, at.result);
    const gradient = pulledBack(at, [zerosLike(output).add(1)], true);
    const result = finished(product({ inputs: at.inputs, outputs: gradient }, along), createGraph);
    return [finished([output], createGraph)[0]!, like(inputs, result) as EachOf<I>];
  });
}
