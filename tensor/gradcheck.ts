/**
 * Gradients held against finite differences.
 *
 * @module
 */

import { AutogradError, DTypeError, fromHost, type Node, read, type TypedArray, ValueError } from "../kernels/mod.ts";
import { grad } from "./autograd.ts";
import { Tensor } from "./tensor.ts";

/** A differentiable function of tensors. */
export type TensorFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** Options of `gradcheck`. */
export interface GradcheckOptions {
  /** How far inputs are moved to each side; 1e-6 by default. */
  readonly eps?: number;
  /** Largest difference of gradients; 1e-5 by default. */
  readonly atol?: number;
  /** Largest difference relative to the numerical gradient; 1e-3 by default. */
  readonly rtol?: number;
}

function outputsOf(f: TensorFunction, inputs: readonly Tensor[]): readonly Tensor[] {
  const result = f(...inputs);
  return result instanceof Tensor ? [result] : result;
}

/**
 * Checks the gradients of `f` at `inputs`, which must be float64, against central differences. Returns true; throws where they differ.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html}
 */
export function gradcheck(
  f: TensorFunction,
  inputs: Tensor | readonly Tensor[],
  { eps = 1e-6, atol = 1e-5, rtol = 1e-3 }: GradcheckOptions = {},
): boolean {
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  const checked = [...list.keys()].filter((i) => list[i]!.requiresGrad);
  if (checked.length === 0) throw new ValueError("Cannot check gradients: no input requires grad");
  for (const i of checked) {
    if (list[i]!.dtype === "float64") continue;
    throw new DTypeError(`Cannot check gradients of a ${list[i]!.dtype} input: differences need float64. Use double()`);
  }
  const outputs = outputsOf(f, list);
  outputs.forEach((output, o) => {
    if (!output.requiresGrad) return;
    const analytic = analyticJacobians(output, checked.map((i) => list[i]!));
    checked.forEach((input, c) => {
      const numeric = numericJacobian((at) => outputsOf(f, at)[o]!, list, input, eps);
      compare(numeric, analytic[c]!, output.numel(), { atol, rtol }, `output ${o} with respect to input ${input}`);
    });
  });
  return true;
}

/** `gradcheck` of the gradients of `f`, that is, of its second derivatives. */
export function gradgradcheck(
  f: TensorFunction,
  inputs: Tensor | readonly Tensor[],
  options?: GradcheckOptions,
): boolean {
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  const wanted = list.map((x) => x.requiresGrad);
  // Gradients of the outputs are inputs too; any will do, as long as no two are alike.
  const seeds = outputsOf(f, list).filter((output) => output.requiresGrad).map((output, o) => {
    const data = Float64Array.from({ length: output.numel() }, (_, k) => Math.cos(3 * o + k + 1));
    return new Tensor(leaf(data, output.node), { requiresGrad: true });
  });
  const gradients: TensorFunction = (...all) => {
    const at = all.slice(0, list.length), gradOutputs = all.slice(list.length);
    const outputs = outputsOf(f, at).filter((output) => output.requiresGrad);
    return grad(outputs, at.filter((_, i) => wanted[i]), { gradOutputs, createGraph: true, materializeGrads: true });
  };
  return gradcheck(gradients, [...list, ...seeds], options);
}

/** For each input, d output[k] / d input[j] at [j * outputs + k]. */
function analyticJacobians(output: Tensor, inputs: readonly Tensor[]): Float64Array[] {
  const rows = output.numel();
  const jacobians = inputs.map((x) => new Float64Array(x.numel() * rows));
  for (let k = 0; k < rows; k++) {
    const seed = new Float64Array(rows);
    seed[k] = 1;
    const gradOutputs = new Tensor(leaf(seed, output.node));
    const gradients = grad(output, inputs, { gradOutputs, retainGraph: true, materializeGrads: true });
    gradients.forEach((gradient, i) => read(gradient!.node).forEach((value, j) => jacobians[i]![j * rows + k] = value));
  }
  return jacobians;
}

function numericJacobian(
  f: (inputs: readonly Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  which: number,
  eps: number,
): Float64Array {
  const { node } = inputs[which]!, data = read(node) as Float64Array<ArrayBuffer>;
  const at = (j: number, shift: number): TypedArray => {
    const moved = data.slice();
    moved[j]! += shift;
    // It still requires grad: the function may itself take gradients.
    const input = new Tensor(leaf(moved, node), { requiresGrad: true });
    const output = f(inputs.map((x, i) => i === which ? input : x));
    return read(output.node);
  };
  return Float64Array.from(
    [...data.keys()].flatMap((j) => {
      const above = at(j, eps), below = at(j, -eps);
      return Array.from(above, (value, k) => (value - below[k]!) / (2 * eps));
    }),
  );
}

function leaf(data: Float64Array<ArrayBuffer>, like: Node): Node {
  return fromHost(data, like.shape, "float64", like.device);
}

function compare(
  numeric: Float64Array,
  analytic: Float64Array,
  outputs: number,
  { atol, rtol }: { readonly atol: number; readonly rtol: number },
  what: string,
): void {
  numeric.forEach((expected, at) => {
    const found = analytic[at]!;
    if (Math.abs(found - expected) <= atol + rtol * Math.abs(expected)) return;
    throw new AutogradError(
      `Gradient of ${what} is wrong: the derivative of element ${at % outputs} by element ${
        Math.floor(at / outputs)
      } ` +
        `is ${expected} by differences, ${found} by backward()`,
    );
  });
}
