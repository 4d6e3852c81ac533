/**
 * Operators that arrange elements.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { ShapeError, slice, type Tensor } from "../../../../tensor/mod.ts";
import type { Operator, OperatorCall, Operators, Result } from "../call.ts";
import {
  concatenation,
  expansion,
  flattened,
  positive,
  ranked,
  reshaping,
  slices,
  splits,
  squeezed,
  tiling,
  unsqueezed,
} from "../shapes.ts";

type Shape = readonly number[];

/** An operator that gives the same elements another shape. */
const reshaped = (shape: (call: OperatorCall, shape: Shape) => number[]): Operator => (call) => {
  const x = call.tensor(0);
  return x.reshape(shape(call, x.shape));
};

/** Backwards slices are forward ones of the axis the other way round. */
function sliced(call: OperatorCall): Tensor {
  const x = call.tensor(0), axes = slices(call, x.shape);
  const backward = [...axes.keys()].filter((axis) => axes[axis]!.step < 0);
  const turned = backward.length === 0 ? x : F.flip(x, backward);
  return turned.index(axes.map(({ start, step, count }, axis) => {
    const from = step < 0 ? x.shape[axis]! - 1 - start : start, distance = Math.abs(step);
    return count === 0 ? slice(0, 0) : slice(from, from + (count - 1) * distance + 1, distance);
  }));
}

function transposed(call: OperatorCall): Tensor {
  const x = call.tensor(0);
  return x.permute(call.ints("perm") ?? [...x.shape.keys()].reverse());
}

function concatenated(call: OperatorCall): Tensor {
  const list = call.tensors();
  return F.cat(list, concatenation(call, list.map((x) => x.shape)));
}

function split(call: OperatorCall): Result {
  const x = call.tensor(0), { axis, sizes } = splits(call, x.shape);
  return F.split(x, sizes, axis);
}

const modes = { constant: "constant", reflect: "reflect", edge: "replicate", wrap: "circular" } as const;

/** Begins and ends of axes in PyTorch's order, the last axis first. */
export function bordersOf(begins: Shape, ends: Shape): number[] {
  return begins.flatMap((_, i) => [begins.at(-1 - i)!, ends.at(-1 - i)!]);
}

function padded(call: OperatorCall): Tensor {
  const x = call.tensor(0),
    name = call.text("mode", "constant"),
    given = call.intsOrInput("pads", 1) ?? call.fail("has no pads");
  if (!Object.hasOwn(modes, name)) call.fail(`has the mode ${name}`);
  const axes = call.maybeNumbers(3)?.map((axis) => call.axis(axis, x.ndim)) ?? [...x.shape.keys()];
  if (given.length !== 2 * axes.length) throw new ShapeError(`it has ${given.length} pads for ${axes.length} axes`);
  const begins = x.shape.map(() => 0), ends = x.shape.map(() => 0);
  axes.forEach((axis, i) => {
    begins[axis] = given[i]!;
    ends[axis] = given[axes.length + i]!;
  });
  const mode = modes[name as keyof typeof modes];
  if (mode === "constant") {
    const value = call.has(2) ? call.number(2) : call.float("value", 0);
    return F.pad(x, bordersOf(begins, ends), { value });
  }
  return repeated(x, begins, ends, mode);
}

/** PyTorch's other modes leave the first dimensions as they are, so axes are padded one by one as the last. */
function repeated(x: Tensor, begins: Shape, ends: Shape, mode: "reflect" | "replicate" | "circular"): Tensor {
  return begins.reduce((x, begin, axis) => {
    const end = ends[axis]!,
      kept = x.narrow(axis, Math.max(0, -begin), x.shape[axis]! + Math.min(0, begin) + Math.min(0, end));
    if (begin <= 0 && end <= 0) return kept;
    const last = kept.movedim(axis, -1), rows = last.reshape([1, -1, last.shape.at(-1)!]);
    const wide = F.pad(rows, [Math.max(0, begin), Math.max(0, end)], { mode });
    return wide.reshape([...last.shape.slice(0, -1), wide.shape.at(-1)!]).movedim(-1, axis);
  }, x);
}

/** Blocks of channels become blocks of space. */
function depthToSpace(call: OperatorCall): Tensor {
  const x = ranked(call, 0, 4),
    block = positive(call, "blocksize"),
    [n, c, h, w] = x.shape as unknown as [number, number, number, number];
  if (call.text("mode", "DCR") === "CRD") return F.pixelShuffle(x, block);
  return x.reshape([n, block, block, c / block ** 2, h, w]).permute([0, 3, 4, 1, 5, 2])
    .reshape([n, c / block ** 2, h * block, w * block]);
}

function spaceToDepth(call: OperatorCall): Tensor {
  const x = ranked(call, 0, 4),
    block = positive(call, "blocksize"),
    [n, c, h, w] = x.shape as unknown as [number, number, number, number];
  return x.reshape([n, c, h / block, block, w / block, block]).permute([0, 3, 5, 1, 2, 4])
    .reshape([n, c * block ** 2, h / block, w / block]);
}

function triangle(call: OperatorCall): Tensor {
  const diagonal = call.has(1) ? call.number(1) : 0;
  return (call.int("upper", 1) === 1 ? F.triu : F.tril)(call.tensor(0), { diagonal });
}

/** Each sequence of a batch turned round, as far as it is long. */
function reverseSequence(call: OperatorCall): Tensor {
  const batch = call.int("batch_axis", 1),
    time = call.int("time_axis", 0),
    x = call.tensor(0).movedim([batch, time], [0, 1]);
  const lengths = call.numbers(1);
  if (lengths.length !== x.shape[0]) {
    throw new ShapeError(`it has lengths of ${lengths.length} sequences, and is given ${x.shape[0]}`);
  }
  call.run.bounds.together(lengths.length);
  const rows = lengths.map((length, i) => {
    const row = x.select(0, i);
    return F.cat([F.flip(row.narrow(0, 0, length), 0), row.narrow(0, length, row.shape[0]! - length)]);
  });
  return F.stack(rows).movedim([0, 1], [batch, time]);
}

/** Operators of ai.onnx by name. */
export const movement: Operators = {
  Concat: concatenated,
  DepthToSpace: depthToSpace,
  Expand(call) {
    const x = call.tensor(0);
    return x.expand(expansion(call, x.shape));
  },
  Flatten: reshaped(flattened),
  Pad: padded,
  Reshape: reshaped(reshaping),
  ReverseSequence: reverseSequence,
  Slice: sliced,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Squeeze: reshaped(squeezed),
  Tile(call) {
    const x = call.tensor(0);
    tiling(call, x.shape);
    return F.tile(x, [...call.numbers(1)]);
  },
  Transpose: transposed,
  Trilu: triangle,
  Unsqueeze: reshaped(unsqueezed),
};
