/**
 * What a model is called with: tensors in order or by name, checked against what the file says of its inputs.
 *
 * @module
 */

import { type DType, DTypeError, isFloat, ShapeError, Tensor, ValueError } from "../../../tensor/mod.ts";
import type { Dimension, ValueInfoProto } from "../model.ts";
import { dtypeOf, typeName } from "./tensors.ts";

/** Inputs by their names in the file. */
export type NamedInputs = Readonly<Record<string, Tensor>>;

/** An input as messages and printed forms show it, `x: float[N, 3]`. */
export function described({ name, type }: ValueInfoProto): string {
  if (type?.tensorType === undefined) return `${name}: ${type?.other ?? "?"}`;
  const { elemType, shape } = type.tensorType, extents = shape?.map((extent) => extent ?? "?").join(", ");
  return `${name}: ${typeName(elemType)}${extents === undefined ? "" : `[${extents}]`}`;
}

/** The inputs by name: `wanted` must be given, `optional` have a value in the file. */
export function boundInputs(
  given: readonly unknown[],
  wanted: readonly ValueInfoProto[],
  optional: readonly ValueInfoProto[],
): Map<string, Tensor> {
  const [first] = given,
    byName = given.length === 1 && typeof first === "object" && first !== null && !(first instanceof Tensor);
  const all = [...wanted, ...optional];
  if (!byName && given.length > all.length) {
    throw new ValueError(
      `it takes ${all.length} inputs (${all.map(described).join(", ")}), and is given ${given.length}`,
    );
  }
  const entries: [string, unknown][] = byName ? Object.entries(first) : given.map((value, i) => [all[i]!.name, value]);
  const inputs = new Map<string, Tensor>(), extents = new Map<string, number>();
  for (const [name, value] of entries) {
    const info = all.find((info) => info.name === name);
    if (info === undefined) {
      throw new ValueError(`it has no input "${name}": its inputs are ${all.map(described).join(", ")}`);
    }
    if (!(value instanceof Tensor)) throw new ValueError(`its input ${described(info)} is given no tensor`);
    check(info, value, extents);
    inputs.set(name, value);
  }
  const missing = wanted.filter(({ name }) => !inputs.has(name));
  if (missing.length > 0) throw new ValueError(`it is not given ${missing.map(described).join(", ")}`);
  return inputs;
}

/** Floats of another width are fine: a model may have been converted. */
const alike = (a: DType, b: DType): boolean => a === b || isFloat(a) && isFloat(b);

function check(info: ValueInfoProto, x: Tensor, extents: Map<string, number>): void {
  const told = info.type?.tensorType;
  if (told === undefined) return;
  const dtype = dtypeOf(told.elemType, x.device);
  if (!alike(x.dtype, dtype)) {
    throw new DTypeError(`its input ${described(info)} is given ${x.dtype}: convert it with to("${dtype}")`);
  }
  if (told.shape === undefined) return;
  const fits = (extent: Dimension, i: number): boolean => {
    if (extent === undefined) return true;
    const size = x.shape[i]!, known = typeof extent === "number" ? extent : extents.get(extent) ?? size;
    if (typeof extent === "string" && !extents.has(extent)) extents.set(extent, size);
    return known === size;
  };
  if (told.shape.length === x.ndim && told.shape.every(fits)) return;
  const names = [...extents].map(([name, size]) => `${name} = ${size}`).join(", ");
  throw new ShapeError(
    `its input ${described(info)} is given a tensor of shape [${x.shape.join(", ")}]${names && ` with ${names}`}`,
  );
}
