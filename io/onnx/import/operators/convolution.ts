/**
 * Convolution and its transpose.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { ShapeError, type Tensor } from "../../../../tensor/mod.ts";
import type { OperatorCall, Operators } from "../call.ts";
import { bordersOf } from "./movement.ts";

/** How windows lie on the spatial axes. */
export interface Layout {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Elements added before and after, for each axis. */
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

function each(call: OperatorCall, name: string, rank: number, value: number): readonly number[] {
  const found = call.ints(name) ?? new Array<number>(rank).fill(value);
  if (found.length !== rank) throw new ShapeError(`it has ${found.length} ${name} for ${rank} spatial axes`);
  return found;
}

/** Extents that no image has. */
const HUGE = 2 ** 24;

/** The windows that the attributes describe, over axes of these extents. */
export function layoutOf(call: OperatorCall, kernel: readonly number[], extents: readonly number[]): Layout {
  const layout = givenLayout(call, kernel, extents), { strides, dilations, begins, ends } = layout;
  const within = (list: readonly number[], least: number) => list.every((n) => n >= least && n <= HUGE);
  if (kernel.length !== extents.length || ![kernel, strides, dilations].every((list) => within(list, 1))) {
    throw new ShapeError(
      `it has windows [${kernel.join(", ")}], strides [${strides.join(", ")}] and dilations [${
        dilations.join(", ")
      }] for ${extents.length} spatial axes`,
    );
  }
  if (!within(begins, 0) || !within(ends, 0)) throw new ShapeError(`it has pads [${[...begins, ...ends].join(", ")}]`);
  return layout;
}

function givenLayout(call: OperatorCall, kernel: readonly number[], extents: readonly number[]): Layout {
  const rank = extents.length, strides = each(call, "strides", rank, 1), dilations = each(call, "dilations", rank, 1);
  const auto = call.text("auto_pad", "NOTSET");
  if (auto === "SAME_UPPER" || auto === "SAME_LOWER") {
    const totals = extents.map((extent, i) => {
      const reach = (kernel[i]! - 1) * dilations[i]! + 1;
      return Math.max(0, (Math.ceil(extent / strides[i]!) - 1) * strides[i]! + reach - extent);
    });
    const less = totals.map((total) => Math.floor(total / 2)), more = totals.map((total, i) => total - less[i]!);
    const [begins, ends] = auto === "SAME_UPPER" ? [less, more] : [more, less];
    return { kernel, strides, dilations, begins, ends };
  }
  if (auto !== "NOTSET" && auto !== "VALID") call.fail(`has auto_pad ${auto}`);
  const pads = auto === "VALID"
    ? new Array<number>(2 * rank).fill(0)
    : call.ints("pads") ?? new Array<number>(2 * rank).fill(0);
  if (pads.length !== 2 * rank) throw new ShapeError(`it has ${pads.length} pads for ${rank} spatial axes`);
  return { kernel, strides, dilations, begins: pads.slice(0, rank), ends: pads.slice(rank) };
}

const convolutions = [F.conv1d, F.conv2d, F.conv3d],
  transposes = [F.convTranspose1d, F.convTranspose2d, F.convTranspose3d];

/** One of three functions, by the number of spatial axes. */
export function byRank<T>(functions: readonly T[], rank: number): T {
  const found = functions[rank - 1];
  if (found === undefined) throw new ShapeError(`it has ${rank} spatial axes: 1 to 3 are supported`);
  return found;
}

function checkKernel(call: OperatorCall, kernel: readonly number[]): void {
  const told = call.ints("kernel_shape");
  if (told !== undefined && told.join() !== kernel.join()) {
    throw new ShapeError(`it has kernel_shape [${told.join(", ")}], and its weight has [${kernel.join(", ")}]`);
  }
}

/** A convolution with the windows that the attributes describe. */
export function convolved(call: OperatorCall, x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  const extents = x.shape.slice(2), kernel = weight.shape.slice(2);
  checkKernel(call, kernel);
  const { strides, dilations, begins, ends } = layoutOf(call, kernel, extents), even = begins.join() === ends.join();
  const options = { stride: strides, dilation: dilations, groups: call.int("group", 1) };
  const compute = byRank(convolutions, extents.length);
  return even
    ? compute(x, weight, bias, { ...options, padding: begins })
    : compute(F.pad(x, bordersOf(begins, ends)), weight, bias, options);
}

/** What is cut off at both ends where the attributes name the extents of the result. */
function cutsFor(call: OperatorCall, wanted: readonly number[], full: readonly number[]): [number[], number[]] {
  if (wanted.length !== full.length) {
    throw new ShapeError(`it has the output_shape [${wanted.join(", ")}] for ${full.length} spatial axes`);
  }
  const totals = full.map((extent, i) => extent - wanted[i]!), lower = call.text("auto_pad", "NOTSET") === "SAME_UPPER";
  const begins = totals.map((total) => lower ? Math.floor(total / 2) : Math.ceil(total / 2));
  return [begins, totals.map((total, i) => total - begins[i]!)];
}

function convolveTransposed(call: OperatorCall): Tensor {
  const x = call.tensor(0), weight = call.tensor(1), extents = x.shape.slice(2), kernel = weight.shape.slice(2);
  checkKernel(call, kernel);
  const rank = extents.length, extra = each(call, "output_padding", rank, 0), layout = layoutOf(call, kernel, extents);
  const { strides: stride, dilations: dilation } = layout, groups = call.int("group", 1);
  const full = extents.map((extent, i) => (extent - 1) * stride[i]! + (kernel[i]! - 1) * dilation[i]! + 1 + extra[i]!);
  const auto = call.text("auto_pad", "NOTSET").startsWith("SAME");
  const wanted = call.ints("output_shape")?.slice(-rank) ??
    (auto ? extents.map((extent, i) => extent * stride[i]!) : undefined);
  const [begins, ends] = wanted === undefined ? [layout.begins, layout.ends] : cutsFor(call, wanted, full);
  const compute = byRank(transposes, rank), bias = call.maybe(2) ?? null, options = { stride, dilation, groups };
  if (begins.join() === ends.join() && extra.every((n, i) => n < Math.max(stride[i]!, dilation[i]!))) {
    return compute(x, weight, bias, { ...options, padding: begins, outputPadding: extra });
  }
  const whole = compute(x, weight, null, options),
    borders = bordersOf(begins.map((n) => -n), ends.map((n, i) => extra[i]! - n));
  const cut = F.pad(whole, borders);
  return bias === null ? cut : cut.add(bias.reshape([-1, ...extents.map(() => 1)]));
}

/** Operators of ai.onnx by name. */
export const convolution: Operators = {
  Conv: (call) => convolved(call, call.tensor(0), call.tensor(1), call.maybe(2) ?? null),
  ConvTranspose: convolveTransposed,
};
