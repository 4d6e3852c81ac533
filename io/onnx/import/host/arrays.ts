/**
 * Operators on the host that arrange elements: what computes shapes is made of them.
 *
 * @module
 */

import { ShapeError } from "../../../../tensor/mod.ts";
import type { HostOperator, OperatorCall } from "../call.ts";
import {
  concatenation,
  expansion,
  flattened,
  rangeOf,
  reshaping,
  slices,
  splits,
  squeezed,
  tiling,
  unsqueezed,
} from "../shapes.ts";
import { countOf, HOST_LIMIT, HostArray, rounded } from "../values.ts";
import { elementAt, made } from "./elements.ts";

/** The same elements in another shape. */
const shaped = ({ dtype, data }: HostArray, shape: readonly number[]): HostArray => new HostArray(shape, dtype, data);

const reshaped = (shape: (call: OperatorCall, shape: readonly number[]) => number[]): HostOperator => (call) => {
  const x = call.array(0);
  return shaped(x, shape(call, x.shape));
};

/** A part of an array: along each axis `count` elements from `start`, `step` apart. */
function part(x: HostArray, axes: readonly { start: number; step: number; count: number }[]): HostArray {
  const shape = axes.map(({ count }) => count);
  return made(shape, x.dtype, (index) => elementAt(x, index.map((i, a) => axes[a]!.start + i * axes[a]!.step)));
}

const gather: HostOperator = (call) => {
  const x = call.array(0), index = call.array(1), axis = call.axis(call.int("axis", 0), x.shape.length);
  const extent = x.shape[axis]!, lead = axis, width = index.shape.length;
  const shape = [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)];
  if (countOf(shape) > HOST_LIMIT) return undefined;
  return made(shape, x.dtype, (at) => {
    const position = call.axis(elementAt(index, at.slice(lead, lead + width)), extent);
    return elementAt(x, [...at.slice(0, lead), position, ...at.slice(lead + width)]);
  });
};

/** Replaces slices of a list, as shapes are put together in older exports. */
const scatter: HostOperator = (call) => {
  const [x, indices, updates] = [call.array(0), call.array(1), call.array(2)];
  const { shape, dtype } = x, depth = indices.shape.at(-1) ?? 0, rest = countOf(shape.slice(depth));
  if (call.text("reduction", "none") !== "none" || depth > shape.length) return undefined;
  const data = [...x.data], lead = shape.slice(0, depth), count = countOf(indices.shape.slice(0, -1));
  if (updates.data.length !== count * rest) {
    call.fail(`replaces ${count} parts of ${rest} by ${updates.data.length} elements`);
  }
  for (let i = 0; i < count; i++) {
    const at = lead.reduce(
      (sum, extent, a) => sum * extent + call.axis(indices.data[i * depth + a]!, extent),
      0,
    );
    for (let k = 0; k < rest; k++) data[at * rest + k] = updates.data[i * rest + k]!;
  }
  return new HostArray(shape, dtype, data);
};

/** Operators by name. */
export const arrays: Readonly<Record<string, HostOperator>> = {
  Identity: (call) => call.array(0),
  Gather: gather,
  ScatterND: scatter,
  Reshape: reshaped(reshaping),
  Flatten: reshaped(flattened),
  Squeeze: reshaped(squeezed),
  Unsqueeze: reshaped(unsqueezed),
  Slice(call) {
    const x = call.array(0);
    return part(x, slices(call, x.shape));
  },
  Transpose(call) {
    const x = call.array(0), order = call.ints("perm") ?? [...x.shape.keys()].reverse();
    if (order.length !== x.shape.length) throw new ShapeError(`perm has ${order.length} axes, not ${x.shape.length}`);
    return made(order.map((axis) => x.shape[axis]!), x.dtype, (index) => {
      return elementAt(x, x.shape.map((_, axis) => index[order.indexOf(axis)]!));
    });
  },
  Concat(call) {
    const list = call.arrays(), axis = concatenation(call, list.map((x) => x.shape));
    const shape = list[0]!.shape.map((extent, i) =>
      i === axis ? list.reduce((sum, x) => sum + x.shape[i]!, 0) : extent
    );
    if (countOf(shape) > HOST_LIMIT) return undefined;
    return made(shape, list[0]!.dtype, (index) => {
      let at = index[axis]!, k = 0;
      while (at >= list[k]!.shape[axis]!) at -= list[k++]!.shape[axis]!;
      return elementAt(list[k]!, index.map((i, a) => a === axis ? at : i));
    });
  },
  Split(call) {
    const x = call.array(0), { axis, sizes } = splits(call, x.shape);
    let start = 0;
    return sizes.map((count) => {
      const from = start;
      start += count;
      return part(
        x,
        x.shape.map((extent, i) => ({ start: i === axis ? from : 0, step: 1, count: i === axis ? count : extent })),
      );
    });
  },
  Expand(call) {
    const x = call.array(0), shape = expansion(call, x.shape);
    return countOf(shape) > HOST_LIMIT ? undefined : made(shape, x.dtype, (index) => elementAt(x, index));
  },
  Tile(call) {
    const x = call.array(0), shape = tiling(call, x.shape);
    if (countOf(shape) > HOST_LIMIT) return undefined;
    return made(shape, x.dtype, (index) => elementAt(x, index.map((i, a) => i % x.shape[a]!)));
  },
  Range(call) {
    const { count, at } = rangeOf(call), { dtype } = call.array(0);
    if (count > HOST_LIMIT) return undefined;
    return new HostArray([count], dtype, Array.from({ length: count }, (_, i) => rounded(at(i), dtype)));
  },
  NonZero(call) {
    const { shape, data } = call.array(0), found = [...data.keys()].filter((i) => data[i] !== 0);
    const rows = shape.map((extent, a) => found.map((i) => Math.floor(i / countOf(shape.slice(a + 1))) % extent));
    return new HostArray([shape.length, found.length], "int32", rows.flat());
  },
};
