/**
 * Tensors within lists and records: what a model is given, and what it returns.
 *
 * @module
 */

import { Tensor, ValueError } from "../../../tensor/mod.ts";

/** The tensors in `value`, each with where it is: "values", "0.1". */
export function tensorsIn(value: unknown, path = ""): [path: string, tensor: Tensor][] {
  if (value instanceof Tensor) return [[path, value]];
  return entriesOf(value).flatMap(([key, part]) => tensorsIn(part, path === "" ? key : `${path}.${key}`));
}

/** `value` with every tensor replaced. */
export function withTensors(value: unknown, replace: (tensor: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return replace(value);
  if (Array.isArray(value)) return value.map((part) => withTensors(part, replace));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withTensors(part, replace)]));
}

function entriesOf(value: unknown): [string, unknown][] {
  return Array.isArray(value) || isRecord(value) ? Object.entries(value) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Names for what is at `paths`: those given, in order; else `stem` alone, `stem_0`, `stem_1`, …, or the keys of a record. */
export function namesFor(stem: string, paths: readonly string[], given: readonly string[] | undefined): string[] {
  if (given !== undefined && given.length > paths.length) {
    throw new ValueError(
      `Cannot name ${given.length} ${stem}s (${given.join(", ")}): the model has ${paths.length}`,
    );
  }
  const names = paths.map((path, i) => {
    if (given?.[i] !== undefined) return given[i];
    if (/^[\d.]*$/.test(path)) return paths.length === 1 ? stem : `${stem}_${i}`;
    return path.replace(/^[\d.]+/, "");
  });
  const twice = names.find((name, i) => name === "" || names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new ValueError(`Cannot name two ${stem}s "${twice}": names are distinct and not empty`);
  }
  return names;
}
