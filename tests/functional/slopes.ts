/**
 * Gradients against finite differences in float64, and gradients of gradients.
 *
 * @module
 */

import { assert } from "@std/assert";
import { autograd, functional as F, isFloat, Tensor, tensor } from "../../mod.ts";

/** What is differentiated. */
export type Operation = (...x: Tensor[]) => Tensor | readonly Tensor[];

/** A fixed sequence of numbers in [low, high) that avoids round ones. */
export function operands(shapes: readonly (readonly number[])[], low = -2, high = 2): Tensor[] {
  let state = 7;
  return shapes.map((shape) => {
    const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return low + (high - low) * (state / 2147483648);
    });
    return tensor(data, { shape, requiresGrad: true });
  });
}

function elements(x: Tensor): number[] {
  return F.flatten(x).tolist() as number[];
}

/** All results in one number, each with a weight of its own. */
function weighed(result: Tensor | readonly Tensor[]): Tensor {
  const floats = (result instanceof Tensor ? [result] : [...result]).filter((x) => isFloat(x.dtype));
  return floats.map((x, k) => {
    const weights = Float64Array.from({ length: x.numel() }, (_, i) => Math.sin(1 + 0.7 * i * (k + 1)));
    return F.sum(F.mul(x, tensor(weights, { shape: [...x.shape] })));
  }).reduce((a, b) => F.add(a, b));
}

function assertSlope(what: string, f: (...x: Tensor[]) => Tensor, x: readonly Tensor[], tolerance: number): void {
  const grads = autograd.grad(f(...x), x, { allowUnused: true });
  x.forEach((operand, i) => {
    const base = elements(operand.detach()), grad = grads[i];
    const derived = grad == null ? base.map(() => 0) : elements(grad);
    base.forEach((_, j) => {
      const at = (step: number): number => {
        const moved = Float64Array.from(base, (value, l) => l === j ? value + step : value);
        const other = tensor(moved, { shape: [...operand.shape], requiresGrad: true });
        return f(...x.map((y, l) => l === i ? other : y)).item() as number;
      };
      const slope = (at(1e-5) - at(-1e-5)) / 2e-5, got = derived[j]!;
      const close = Math.abs(got - slope) <= tolerance * (1 + Math.abs(slope));
      assert(close, `${what}: gradient [${j}] of operand ${i} is ${got}, the slope ${slope}`);
    });
  });
}

function check(f: Operation, x: readonly Tensor[], order: number): void {
  const value = (...y: Tensor[]) => weighed(f(...y));
  assertSlope("first order", value, x, 1e-5);
  if (order < 2) return;
  const gradient = (...y: Tensor[]) => {
    const grads = autograd.grad(value(...y), y, { createGraph: true, allowUnused: true });
    const curved = grads.filter((g): g is Tensor => g != null && g.requiresGrad);
    return curved.length > 0 ? weighed(curved) : F.mul(F.sum(y[0]!), 0);
  };
  assertSlope("second order", gradient, x, 1e-4);
}

/** A test that holds the gradients of `f` at `x`, and theirs, against slopes. */
export function slopes(name: string, f: Operation, x: readonly Tensor[], order = 2): void {
  Deno.test(`${name} has the gradients that finite differences give`, () => check(f, x, order));
}
