/**
 * What operators say of shapes, for tensors and for arrays on the host alike.
 *
 * @module
 */

import { ShapeError, type Tensor, ValueError } from "../../../tensor/mod.ts";
import type { OperatorCall } from "./call.ts";
import { countOf } from "./values.ts";

type Shape = readonly number[];

const show = (shape: Shape): string => `[${shape.slice(0, 16).join(", ")}${shape.length > 16 ? ", …" : ""}]`;

/** An input as a tensor of so many axes, or of at least as many. */
export function ranked(call: OperatorCall, position: number, axes: number, least?: "least"): Tensor {
  const x = call.tensor(position);
  if (x.ndim === axes || least && x.ndim > axes) return x;
  const some = `${least ? "at least " : ""}${axes} ${axes === 1 ? "axis" : "axes"}`;
  throw new ShapeError(`its input ${position} has the shape ${show(x.shape)}, and not ${some}`);
}

/** A whole number among the attributes, of 1 or more. */
export function positive(call: OperatorCall, name: string): number {
  const value = call.int(name);
  return value >= 1 ? value : call.fail(`has ${name} ${value}, and not 1 or more`);
}

/** What Reshape makes of a shape: 0 is the extent that was there, -1 what is left. */
export function reshaping(call: OperatorCall, shape: Shape): number[] {
  const wanted = call.intsOrInput("shape", 1) ?? call.fail("has no shape"), zeros = call.int("allowzero", 0) === 1;
  call.run.bounds.axes(wanted.length);
  const known = wanted.map((extent, i) => {
    if (extent !== 0 || zeros) return extent;
    return shape[i] ?? call.fail(`keeps extent ${i} of ${show(shape)}, which is none`);
  });
  const rest = countOf(known.filter((extent) => extent !== -1)), open = known.filter((extent) => extent === -1).length;
  const result = known.map((extent) => extent === -1 ? countOf(shape) / rest : extent);
  const fits = open < 2 && result.every((extent) => Number.isInteger(extent) && extent >= 0);
  if (!fits || countOf(result) !== countOf(shape)) {
    throw new ShapeError(`cannot reshape ${show(shape)} to ${show(wanted)}`);
  }
  return result;
}

/** Two extents: those before an axis, and the rest. */
export function flattened(call: OperatorCall, shape: Shape): number[] {
  const given = call.int("axis", 1),
    axis = given === shape.length ? given : call.axis(given, Math.max(1, shape.length));
  return [countOf(shape.slice(0, axis)), countOf(shape.slice(axis))];
}

/** A shape without the axes given, or without all of extent 1. */
export function squeezed(call: OperatorCall, shape: Shape): number[] {
  const given = call.intsOrInput("axes", 1);
  const axes = given?.map((axis) => call.axis(axis, shape.length));
  const wrong = axes?.find((axis) => shape[axis] !== 1);
  if (wrong !== undefined) throw new ShapeError(`cannot squeeze axis ${wrong} of ${show(shape)}: its extent is not 1`);
  return shape.filter((extent, i) => axes === undefined ? extent !== 1 : !axes.includes(i));
}

/** A shape with extents of 1 put in. */
export function unsqueezed(call: OperatorCall, shape: Shape): number[] {
  const given = call.intsOrInput("axes", 1) ?? call.fail("has no axes"), rank = shape.length + given.length;
  call.run.bounds.axes(rank);
  const axes = given.map((axis) => call.axis(axis, rank));
  if (new Set(axes).size !== axes.length) {
    throw new ShapeError(`cannot unsqueeze axes ${show(given)}: one is named twice`);
  }
  let next = 0;
  return Array.from({ length: rank }, (_, i) => axes.includes(i) ? 1 : shape[next++]!);
}

/** The axis along which shapes are put together, which are alike but for it. */
export function concatenation(call: OperatorCall, shapes: readonly Shape[]): number {
  const first = shapes[0] ?? call.fail("has no inputs"), axis = call.axis(call.int("axis"), first.length);
  const alike = (shape: Shape) => shape.length === first.length && shape.every((n, i) => i === axis || n === first[i]);
  if (shapes.every(alike)) return axis;
  throw new ShapeError(`cannot put ${shapes.map(show).join(" and ")} together along axis ${axis}`);
}

/** The axis that is split, and the extents of the parts. */
export function splits(call: OperatorCall, shape: Shape): { readonly axis: number; readonly sizes: readonly number[] } {
  const axis = call.axis(call.int("axis", 0), shape.length), extent = shape[axis]!;
  const given = call.intsOrInput("split", 1);
  if (given !== undefined) {
    if (
      !given.every((size) => Number.isInteger(size) && size >= 0) ||
      given.reduce((sum, size) => sum + size, 0) !== extent
    ) {
      throw new ShapeError(`cannot split axis ${axis} of ${show(shape)} into ${show(given)}`);
    }
    return { axis, sizes: given };
  }
  const parts = call.int("num_outputs", call.outputs), size = Math.ceil(extent / parts);
  if (parts !== call.outputs) throw new ValueError(`cannot split into ${parts} parts: it has ${call.outputs} outputs`);
  return {
    axis,
    sizes: Array.from({ length: parts }, (_, i) => Math.max(0, Math.min(size, extent - i * size))),
  };
}

/** Elements of an axis: `count` from `start`, `step` apart. */
export interface AxisSlice {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** What Slice takes of each axis. */
export function slices(call: OperatorCall, shape: Shape): AxisSlice[] {
  const starts = call.intsOrInput("starts", 1) ?? call.fail("has no starts");
  const ends = call.intsOrInput("ends", 2) ?? call.fail("has no ends");
  const axes = call.intsOrInput("axes", 3) ?? [...starts.keys()], steps = call.maybeNumbers(4) ?? starts.map(() => 1);
  if (ends.length !== starts.length || axes.length !== starts.length || steps.length !== starts.length) {
    throw new ShapeError(
      `it has ${starts.length} starts, ${ends.length} ends, ${axes.length} axes and ${steps.length} steps`,
    );
  }
  if (![starts, ends, steps].flat().every(Number.isInteger)) {
    throw new ValueError(`it slices from ${show(starts)} to ${show(ends)} by ${show(steps)}: give whole numbers`);
  }
  const result = shape.map((count): AxisSlice => ({ start: 0, step: 1, count }));
  axes.forEach((given, i) => {
    const axis = call.axis(given, shape.length), extent = shape[axis]!, step = steps[i]!;
    if (step === 0) throw new ValueError(`it has the step 0 for axis ${axis}`);
    const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
    const bounded = (at: number, least: number) => Math.min(Math.max(at < 0 ? at + extent : at, least), high);
    const start = bounded(starts[i]!, Math.max(low, 0)), end = bounded(ends[i]!, low);
    result[axis] = { start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
  });
  return result;
}

/** The shape that Expand makes: both broadcast. */
export function expansion(call: OperatorCall, shape: Shape): number[] {
  const wanted = call.numbers(1), rank = Math.max(shape.length, wanted.length);
  call.run.bounds.axes(rank);
  return Array.from({ length: rank }, (_, i) => {
    const from = shape.at(i - rank), to = wanted.at(i - rank);
    const a = i < rank - shape.length ? 1 : from!, b = i < rank - wanted.length ? 1 : to!;
    if (a !== b && a !== 1 && b !== 1 || !(Number.isInteger(b) && b >= 0)) {
      throw new ShapeError(`cannot expand ${show(shape)} to ${show(wanted)}`);
    }
    return a === 1 ? b : a;
  });
}

/** The shape that Tile makes: each extent times a number. */
export function tiling(call: OperatorCall, shape: Shape): number[] {
  const repeats = extentsOf(call, 1);
  if (repeats.length === shape.length) return shape.map((extent, i) => extent * repeats[i]!);
  throw new ShapeError(`it repeats ${repeats.length} axes, and has ${shape.length}`);
}

/** How many numbers Range gives, and which. */
export function rangeOf(call: OperatorCall): { readonly count: number; at(i: number): number } {
  const [start, limit, delta] = [call.number(0), call.number(1), call.number(2)];
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!Number.isFinite(count)) throw new ValueError(`cannot count from ${start} to ${limit} by ${delta}`);
  return { count, at: (i) => start + i * delta };
}

/** Extents of a shape that is given as numbers. */
export function extentsOf(call: OperatorCall, position: number): number[] {
  const shape = call.numbers(position);
  call.run.bounds.axes(shape.length);
  if (shape.every((extent) => Number.isInteger(extent) && extent >= 0)) return [...shape];
  throw new ShapeError(`it is given the shape ${show(shape)}`);
}
