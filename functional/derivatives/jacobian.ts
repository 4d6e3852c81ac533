/**
 * All first and second derivatives of a function.
 *
 * @module
 */

import { zerosLike } from "../../tensor/constant.ts";
import { tensor } from "../../tensor/creation.ts";
import { enableGrad } from "../../tensor/grad_mode.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { stack } from "../movement/stack.ts";
import {
  type DerivativeOptions,
  type EachOf,
  evaluated,
  finished,
  type FunctionOf,
  like,
  listOf,
  type OneOrMore,
  pulledBack,
  scalarOf,
} from "./evaluate.ts";

/**
 * The derivatives of all outputs of `f` by all inputs: of an output of shape S by an input of shape T, a tensor of shape [...S, ...T]. Of
 * several inputs a list; of several outputs a list of these. The backward pass runs once for each element of the outputs.
 *
 * @example
 * ```ts
 * import { autograd, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([1, 2, 3]).float();
 * console.log(autograd.functional.jacobian((x) => x.mul(x), x));
 * // tensor([[2., 0., 0.],
 * //         [0., 4., 0.],
 * //         [0., 0., 6.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.functional.jacobian.html}
 */
export function jacobian<I extends OneOrMore | [], O extends OneOrMore>(
  f: FunctionOf<O>,
  inputs: I,
  { createGraph = false, strict = false }: DerivativeOptions = {},
): EachOf<O, EachOf<I>> {
  return enableGrad(() => {
    const { inputs: at, outputs, result } = evaluated(f, inputs, createGraph);
    const jacobians = outputs.map((output) => {
      const rows = Array.from(
        { length: output.numel() },
        (_, k) => pulledBack({ inputs: at, outputs: [output] }, [basisVector(output, k)], createGraph, strict),
      );
      const derivatives = at.map((input, i) => {
        const shape = [...output.shape, ...input.shape];
        return rows.length === 0 ? input.newZeros(shape) : stack(rows.map((row) => row[i]!)).reshape(shape);
      });
      return like(inputs, finished(derivatives, createGraph));
    });
    return like(result, jacobians) as EachOf<O, EachOf<I>>;
  });
}

/** 1 at the k-th element and 0 elsewhere: data, so that all rows are one kernel. */
function basisVector(output: Tensor, k: number): Tensor {
  const data = new Float32Array(output.numel());
  data[k] = 1;
  return tensor(data, { shape: output.shape, dtype: output.dtype, device: output.device });
}

/**
 * The second derivatives of `f`, whose output is one number: by inputs of shapes S and T, a tensor of shape [...S, ...T]. Of several
 * inputs a list of lists.
 *
 * @example
 * ```ts
 * import { autograd, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([1, 2]).float();
 * console.log(autograd.functional.hessian((x) => x.pow(3).sum(), x).tolist()); // [[6, 0], [0, 12]]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.functional.hessian.html}
 */
export function hessian<I extends OneOrMore | []>(
  f: FunctionOf<Tensor>,
  inputs: I,
  { createGraph = false, strict = false }: DerivativeOptions = {},
): EachOf<I, EachOf<I>> {
  const gradient = (...at: Tensor[]): Tensor[] => {
    const output = scalarOf("hessian", f(...at));
    return pulledBack({ inputs: at, outputs: [output] }, [zerosLike(output).add(1)], true, strict);
  };
  const rows = jacobian(gradient, listOf(inputs), { createGraph, strict });
  return like(inputs, rows.map((row) => like(inputs, row as readonly Tensor[]))) as EachOf<I, EachOf<I>>;
}
