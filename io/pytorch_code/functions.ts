/**
 * Operations that are called as functions, as Python.
 *
 * @module
 */

import { source } from "./python.ts";

/** Writes a call from its arguments; `device` tells where new tensors go. */
export type FunctionSource = (inputs: readonly unknown[], device: () => string) => string;

/** A tensor of one number. */
function filled([shape, value, options]: readonly unknown[], device: () => string): string {
  const { dtype } = options as { dtype: string }, name = value === 0 ? "zeros" : value === 1 ? "ones" : "full";
  const args = name === "full" ? [source(shape), source(value)] : [source(shape)];
  if (dtype !== "float32" || name === "full") args.push(`dtype=${source(dtype)}`);
  return `torch.${name}(${[...args, `device=${device()}`].join(", ")})`;
}

function range([start, end, step, options]: readonly unknown[], device: () => string): string {
  const { dtype } = options as { dtype: string };
  const args = step !== 1 ? [start, end, step] : start !== 0 ? [start, end] : [end];
  const type = dtype === "int32" ? [] : [`dtype=${source(dtype)}`];
  return `torch.arange(${[...args.map(source), ...type, `device=${device()}`].join(", ")})`;
}

/** By the names under which operations are told. */
export const functions: Readonly<Record<string, FunctionSource>> = {
  full: filled,
  arange: range,
  tensor: ([data, options], device) => {
    const { dtype } = (options ?? {}) as { dtype?: string };
    return `torch.tensor(${source(data)}${dtype === undefined ? "" : `, dtype=${source(dtype)}`}, device=${device()})`;
  },
};
