/**
 * Runs a case on a device, or by the reference interpreter: results, and gradients of their weighed sum.
 *
 * @module
 */

import { autograd, type DeviceName, functional as F, manualSeed, Tensor, tensor } from "../../../mod.ts";
import { TensaurError } from "../../../kernels/errors.ts";
import { allocate, type DType, isFloat, type TypedArray } from "../../../kernels/ir/dtype.ts";
import { type Node, numel, type Shape } from "../../../kernels/ir/node.ts";
import { recording } from "../../../kernels/ir/pending.ts";
import { interpret, interpretAll } from "../../../kernels/lower/interpreter.ts";
import { read, realize } from "../../../kernels/runtime/engine.ts";
import type { Operation } from "../../operations/table.ts";
import { forget } from "../graphs.ts";
import type { Case, Given } from "./cases.ts";

/** A result or a gradient, before it is computed. */
export interface Recorded {
  readonly what: string;
  readonly node: Node;
  /** The operand that this is the gradient of. */
  readonly operand?: number;
}

/** What a device makes of a result. */
export interface Found {
  readonly what: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: ArrayLike<number>;
}

/** What the interpreter makes of it. */
export interface Expected extends Found {
  /** Every operation rounded to its dtype: how far it is from `values` tells what rounding does to this result. */
  readonly rounded: ArrayLike<number>;
  readonly operand: number | undefined;
}

/** Results and gradients, or the error instead. */
export type Outcome<T> = readonly T[] | TensaurError;

function leafOf({ shape, values, dtype, layout }: Given, device: DeviceName): { leaf: Tensor; value: Tensor } {
  const options = { dtype, device, requiresGrad: isFloat(dtype) };
  const make = (values: ArrayLike<number>, shape: readonly number[]): Tensor => {
    const data = allocate(dtype, values.length);
    data.set(values as TypedArray);
    return tensor(data, { ...options, shape: [...shape] });
  };
  if (layout === "contiguous" || shape.length === 0) {
    const leaf = make(values, shape);
    return { leaf, value: leaf };
  }
  if (layout === "repeated") {
    const row = [1, ...shape.slice(1)], leaf = make(Array.from(values).slice(0, numel(row)), row);
    return { leaf, value: F.expand(leaf, shape) };
  }
  const { stored, order } = strided(values, shape);
  const leaf = make(stored, [...order.map((axis) => shape[axis]!), 2]);
  return { leaf, value: leaf.select(-1, 1).flip(0).permute(order) };
}

/** Elements of a transposed tensor with others between them, backwards along its first axis; `order` undoes the transposition. */
function strided(values: ArrayLike<number>, shape: Shape): { stored: number[]; order: number[] } {
  const order = [...shape.keys()].reverse(), stored = new Array<number>(2 * values.length).fill(1);
  const extents = order.map((axis) => shape[axis]!);
  for (let i = 0; i < values.length; i++) {
    const at = shape.map((extent, axis) => Math.floor(i / numel(shape.slice(axis + 1))) % extent);
    const p = order.reduce((p, axis, k) => p * extents[k]! + (k === 0 ? extents[0]! - 1 - at[axis]! : at[axis]!), 0);
    stored[2 * p + 1] = values[i]!;
  }
  return { stored, order };
}

/** Weights that differ, the same for every repetition of the rows. */
function weights(y: Tensor, k: number, times: number): Tensor {
  const data = allocate(y.dtype, y.numel()), period = Math.max(1, data.length / times);
  for (let i = 0; i < data.length; i++) data[i] = i < period ? Math.sin(1 + 0.7 * i * (k + 1)) : data[i - period]!;
  return tensor(data, { shape: [...y.shape], dtype: y.dtype, device: y.device });
}

function tensorsIn(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  if (Array.isArray(result)) return result.flatMap(tensorsIn);
  return typeof result === "object" && result !== null ? Object.values(result).flatMap(tensorsIn) : [];
}

/** Records a case: nothing runs, unless the operation itself has to read. */
export function record(operation: Operation, { operands, times }: Case, device: DeviceName): Recorded[] {
  forget();
  manualSeed(1);
  const made = operands.map((x) => leafOf(x, device));
  const results = tensorsIn(operation.call(...made.map(({ value }) => value)));
  const recorded: Recorded[] = results.map((y, k) => ({ what: `result ${k}`, node: y.node }));
  const learned = results.filter((y) => y.requiresGrad);
  if (learned.length === 0) return recorded;
  const losses = learned.map((y, k) => F.sum(F.mul(y, weights(y, k, times))));
  const leaves = made.map(({ leaf }) => leaf);
  const wanted = [...leaves.keys()].filter((i) => leaves[i]!.requiresGrad);
  const grads = autograd.grad(losses, wanted.map((i) => leaves[i]!), { allowUnused: true });
  wanted.forEach((operand, k) => {
    const grad = grads[k];
    if (grad != null) recorded.push({ what: `gradient of operand ${operand}`, node: grad.node, operand });
  });
  return recorded;
}

/** `f`, or the error that the library threw; any other is a defect. */
function attempt<T>(f: () => readonly T[]): Outcome<T> {
  try {
    return f();
  } catch (error) {
    if (error instanceof TensaurError) return error;
    throw error;
  }
}

/** What the devices make of a case. */
export function run(operation: Operation, given: Case, device: DeviceName): Outcome<Found> {
  return attempt(() => {
    const recorded = record(operation, given, device), nodes = recorded.map(({ node }) => node);
    realize(nodes);
    return recorded.map(({ what, node }) => ({ what, shape: node.shape, dtype: node.dtype, values: read(node) }));
  });
}

/** What the interpreter makes of a case recorded for a device, also where the operation reads: dtypes differ between devices. */
export function reference(operation: Operation, given: Case, device: DeviceName): Outcome<Expected> {
  recording.evaluate = (node) => {
    const elements = allocate(node.dtype, numel(node.shape));
    elements.set(interpret(node));
    return elements;
  };
  try {
    return attempt(() => {
      const recorded = record(operation, given, device), nodes = recorded.map(({ node }) => node);
      const exact = interpretAll(nodes), rounded = interpretAll(nodes, { round: true });
      return recorded.map(({ what, node: { shape, dtype }, operand }, i) => {
        return { what, shape, dtype, values: exact[i]!, rounded: rounded[i]!, operand };
      });
    });
  } finally {
    recording.evaluate = undefined;
    forget();
  }
}
