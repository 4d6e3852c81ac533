/**
 * Runs of a model on example inputs, and on inputs of other shapes, which show what depends on shapes.
 *
 * @module
 */

import { cat } from "../../functional/mod.ts";
import type { Module } from "../../nn/mod.ts";
import { noGrad, Tensor } from "../../tensor/mod.ts";
import { isAlike } from "./forward.ts";
import { record, type Run, tensorsOf } from "./recording.ts";

/** Chooses dimensions of an input that grow together. */
type Chosen = (x: Tensor, dim: number) => boolean;

function grown(value: unknown, chosen: Chosen, by: "one" | "double"): unknown {
  if (Array.isArray(value)) return value.map((part) => grown(part, chosen, by));
  if (!(value instanceof Tensor)) return value;
  return [...value.shape.keys()].filter((dim) => chosen(value, dim)).reduce((x, dim) => {
    return cat([x, by === "one" ? x.narrow(dim, 0, 1) : x], dim);
  }, value as Tensor);
}

/** Runs of all modules of one's own, each in several forms. */
export function runsOf(model: Module, inputs: readonly unknown[], training: boolean): [Run, ...Run[]][] {
  const first = record(model, inputs, training), tensors = [...tensorsOf(inputs)];
  const variants: Run[][] = [];
  const tried = (chosen: Chosen): boolean => {
    const found: Run[][] = [];
    for (const by of ["one", "double"] as const) {
      let runs: Run[];
      try {
        runs = record(model, noGrad(() => grown(inputs, chosen, by)) as unknown[], training);
      } catch {
        // An extent that the model has to have.
        return false;
      }
      if (runs.length !== first.length || !runs.every((run, i) => isAlike(first[i]!, run))) return false;
      found.push(runs);
    }
    variants.push(...found);
    return true;
  };
  for (let d = 0; d < Math.max(0, ...tensors.map((x) => x.ndim)); d++) {
    const extent = tensors.find((x) => x.ndim > d)!.shape[d]!;
    if (extent === 0) continue;
    if (!tried((x, dim) => dim === d && x.shape[dim] === extent)) tried((x, dim) => x.shape[dim] === extent);
  }
  return first.map((run, i) => [run, ...variants.map((runs) => runs[i]!)]);
}
