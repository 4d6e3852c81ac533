/**
 * Gradients of every operation, and gradients of these, against finite differences in float64.
 *
 * @module
 */

import { assert } from "@std/assert";
import { autograd, functional as F, manualSeed, Tensor, tensor } from "../../mod.ts";
import { operations } from "./mod.ts";
import type { Operand, Operation } from "./table.ts";

type Scalar = (x: readonly Tensor[]) => Tensor | undefined;

function wave(length: number, phase: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length }, (_, i) => Math.sin(phase + 0.7 * i * (phase + 1)));
}

/** The sum of the tensors that require a gradient, each element with a weight of its own. */
function weighed(result: unknown, phase: number): Tensor | undefined {
  const found: Tensor[] = [];
  const collect = (part: unknown): void => {
    if (part instanceof Tensor) { if (part.requiresGrad && part.dtype === "float64") found.push(part); }
    else if (typeof part === "object" && part !== null) Object.values(part).forEach(collect);
  };
  collect(result);
  if (found.length === 0) return undefined;
  return found.map((x, k) => F.sum(F.mul(x, tensor(wave(x.numel(), phase + k), { shape: [...x.shape] }))))
    .reduce((a, b) => F.add(a, b));
}

function made(x: Operand, moved?: { by: number; along: Float64Array }): Tensor {
  if (x.dtype !== undefined) return tensor([...x.values], { shape: [...x.shape], dtype: x.dtype });
  const values = Float64Array.from(
    x.values,
    (value, i) => value + (moved === undefined ? 0 : moved.by * moved.along[i]!),
  );
  return tensor(values, { shape: [...x.shape], requiresGrad: true });
}

function assertSlope(operands: readonly Operand[], f: Scalar, tolerance: number, what: string): boolean {
  const x = operands.map((x) => made(x)), value = f(x);
  if (value === undefined) return false;
  const real = [...x.keys()].filter((i) => x[i]!.requiresGrad);
  const grads = autograd.grad(value, real.map((i) => x[i]!), { allowUnused: true });
  const along = operands.map((x, i) => wave(x.values.length, 2 + i));
  let derived = 0;
  real.forEach((i, k) => grads[k]?.flatten().dataSync().forEach((g, j) => derived += g * along[i]![j]!));
  const at = (by: number) => f(operands.map((x, i) => made(x, { by, along: along[i]! })))!.item() as number;
  const step = 1e-5, slope = (at(step) - at(-step)) / (2 * step);
  assert(
    Math.abs(derived - slope) <= tolerance * (1 + Math.abs(slope)),
    `${what}: the gradient says ${derived}, the slope is ${slope}`,
  );
  return true;
}

/** Holds the derivative along a direction in which all real operands move, and that of the gradient, against differences. */
function check({ call, operands }: Operation): void {
  const value: Scalar = (x) => {
    manualSeed(1);
    return weighed(call(...x), 1);
  };
  if (!assertSlope(operands, value, 1e-6, "first order")) return;
  assertSlope(
    operands,
    (x) => {
      const y = value(x), real = x.filter((x) => x.requiresGrad);
      return weighed(autograd.grad(y!, real, { createGraph: true, allowUnused: true }), 3);
    },
    1e-5,
    "second order",
  );
}

for (const operation of operations) {
  if (operation.slope !== undefined) continue;
  Deno.test(`${operation.name} has the gradients that finite differences give`, () => check(operation));
}
