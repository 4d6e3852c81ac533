/**
 * Movement: nodes that are index maps. None of them copies; the scheduler substitutes them into the loads of whatever uses them.
 *
 * @module
 */

import { and, arg, binary, type Expr, int, rewrite, TRUE, variable } from "./expr.ts";
import type { DeviceName } from "../runtime/device.ts";
import { make, scalar } from "./build.ts";
import { type Attributes, type Node, numel, sameShape, type Shape } from "./node.ts";

/** The input's index and validity as expressions of the output's loop variables. */
export interface IndexMap {
  readonly index: readonly Expr[];
  readonly mask?: Expr;
}

/** More about a view. */
export interface ViewOptions {
  readonly fill?: number;
  readonly parameters?: readonly Node[];
  readonly stored?: boolean;
}

/**
 * A view by an arbitrary index map. `key` must determine the map given both shapes; elements where the mask is false are `fill`. The
 * map may use int32 scalars, `parameters`, as the arguments of a formula. `stored`: elements of a computed input are computed once and
 * stored, rather than by each of many views that are used together.
 */
export function view(
  x: Node,
  key: string,
  shape: Shape,
  build: (axes: readonly Expr[]) => IndexMap,
  { fill = 0, parameters = [], stored = false }: ViewOptions = {},
): Node {
  const attributes = (): Attributes => {
    const { index, mask } = build(shape.map((extent, i) => variable(i, extent)));
    return { op: "view", index, mask: mask ?? TRUE, fill, stored };
  };
  return make(
    `view ${key} ${x.shape} ${shape} ${fill} ${stored}`,
    attributes,
    [x, ...parameters],
    shape,
    x.dtype,
    x.device,
  );
}

/** The row-major position of `index` in `shape`. */
export function flatten(index: readonly Expr[], shape: Shape): Expr {
  let flat: Expr = int(0);
  for (let i = 0; i < shape.length; i++) {
    flat = binary("add", binary("mul", flat, int(shape[i]!)), index[i]!);
  }
  return flat;
}

/** The index in `shape` of the row-major position `flat`. */
export function unflatten(flat: Expr, shape: Shape): Expr[] {
  const index: Expr[] = new Array(shape.length);
  let rest = flat;
  for (let i = shape.length - 1; i >= 0; i--) {
    const extent = Math.max(1, shape[i]!);
    index[i] = i === 0 ? rest : binary("mod", rest, int(extent));
    rest = binary("div", rest, int(extent));
  }
  return index;
}

/** The same elements, row-major, in another shape. */
export function reshape(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  return view(x, "reshape", shape, (axes) => ({
    index: numel(shape) === 0 ? x.shape.map(() => int(0)) : unflatten(flatten(axes, shape), x.shape),
  }));
}

/** Output axis i is input axis `order[i]`. */
export function permute(x: Node, order: readonly number[]): Node {
  if (order.every((a, i) => a === i)) return x;
  return view(x, `permute ${order}`, order.map((a) => x.shape[a]!), (axes) => ({
    index: order.map((_, a) => axes[order.indexOf(a)]!),
  }));
}

/** Broadcasts to `shape`: axes aligned at the right, extents of 1 repeated. */
export function expand(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  const lead = shape.length - x.shape.length;
  return view(x, "expand", shape, (axes) => ({
    index: x.shape.map((extent, i) => extent === 1 ? int(0) : axes[lead + i]!),
  }));
}

/** `amounts[i]` = [before, after] elements of `fill` added along axis i; negative numbers cut. */
export function pad(x: Node, amounts: readonly (readonly [number, number])[], fill = 0): Node {
  if (amounts.every(([before, after]) => before === 0 && after === 0)) return x;
  const shape = x.shape.map((extent, i) => extent + amounts[i]![0] + amounts[i]![1]);
  return view(x, `pad ${amounts.join(" ")}`, shape, (axes) => {
    let mask: Expr = TRUE;
    const index = axes.map((axis, i) => {
      const [before, after] = amounts[i]!;
      const at = binary("sub", axis, int(before));
      if (before > 0) mask = and(mask, binary("le", int(before), axis));
      if (after > 0) mask = and(mask, binary("lt", at, int(x.shape[i]!)));
      return at;
    });
    return { index, mask };
  }, { fill });
}

/** Elements start, start + step, … (`size` of them) along one axis. */
export interface Range {
  readonly start: number;
  readonly size: number;
  readonly step: number;
}

/** A strided part of every axis; a negative step walks backwards. Where it starts is data: another start is no other kernel. */
export function slice(x: Node, ranges: readonly Range[]): Node {
  if (ranges.every((r, i) => r.start === 0 && r.step === 1 && r.size === x.shape[i])) return x;
  const { key, starts, parameters } = startsOf(ranges, x.shape, x.device);
  return view(x, `slice ${key}`, ranges.map((r) => r.size), (axes) => ({
    index: axes.map((axis, i) => binary("add", binary("mul", axis, int(ranges[i]!.step)), starts[i]!)),
  }), { parameters });
}

/**
 * The inverse of `slice`: a tensor of `shape` that is `fill` but for the elements that the slice would read.
 */
export function unslice(x: Node, ranges: readonly Range[], shape: Shape, fill = 0): Node {
  const { key, starts, parameters } = startsOf(ranges, shape, x.device);
  return view(x, `unslice ${key}`, shape, (axes) => {
    let mask: Expr = TRUE;
    const index = axes.map((axis, i) => {
      const { start, size, step } = ranges[i]!;
      if (start === 0 && step === 1 && size === shape[i]) return axis;
      const stride = Math.abs(step);
      const low = step > 0 ? starts[i]! : int(start + (size - 1) * step);
      const offset = binary("sub", axis, low);
      mask = and(mask, and(binary("le", low, axis), binary("lt", offset, int((size - 1) * stride + 1))));
      if (stride > 1) mask = and(mask, binary("eq", binary("mod", offset, int(stride)), int(0)));
      const at = binary("div", offset, int(stride));
      return step > 0 ? at : binary("sub", int(size - 1), at);
    });
    return { index, mask };
  }, { parameters, fill });
}

/**
 * Where ranges start, as expressions: 0, and the end that a backward walk begins at, are part of the kernel, others are parameters,
 * known to leave room for the range. `key` says all that is not a parameter.
 */
function startsOf(
  ranges: readonly Range[],
  shape: Shape,
  device: DeviceName,
): { key: string; starts: Expr[]; parameters: Node[] } {
  const parameters: Node[] = [];
  const key: string[] = [];
  const starts = ranges.map(({ start, size, step }, i) => {
    const room = shape[i]! - (size - 1) * step;
    const fixed = start === 0 || step < 0 || size === 0 || room <= start;
    key.push(`${fixed ? start : "?"}:${size}:${step}`);
    if (fixed) return int(start);
    parameters.push(scalar(start, "int32", device));
    return arg(parameters.length - 1, "int32", room);
  });
  return { key: key.join(" "), starts, parameters };
}

/** Windows along an axis: how many elements each has, how far apart windows and their elements are. */
export interface Windows {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
}

/** Number of windows that fit along `extent` elements. */
export function windowCount(extent: number, { size, stride, dilation }: Windows): number {
  return Math.max(0, Math.floor((extent - dilation * (size - 1) - 1) / stride) + 1);
}

/**
 * Sliding windows along the last `windows.length` axes: [lead…, spatial…] to [lead…, counts…, sizes…], where window o's element k is
 * element o * stride + k * dilation.
 */
export function window(x: Node, windows: readonly Windows[]): Node {
  const lead = x.shape.length - windows.length;
  const counts = windows.map((w, i) => windowCount(x.shape[lead + i]!, w));
  const shape = [...x.shape.slice(0, lead), ...counts, ...windows.map((w) => w.size)];
  const key = windows.map((w) => `${w.size}:${w.stride}:${w.dilation}`).join(" ");
  return view(x, `window ${key}`, shape, (axes) => ({
    index: x.shape.map((_, i) => {
      if (i < lead) return axes[i]!;
      const { stride, dilation } = windows[i - lead]!;
      const at = binary("mul", axes[i]!, int(stride));
      return binary("add", at, binary("mul", axes[i + windows.length]!, int(dilation)));
    }),
  }));
}

/**
 * The transpose of `window`: [lead…, counts…, sizes…] to [lead…, spatial…, sizes…]; at position p and window element k stands the
 * element of the window that covers p with its k-th element, or 0. Summed over sizes it is `window`'s gradient.
 */
export function unwindow(x: Node, windows: readonly Windows[], spatial: Shape): Node {
  const axes = windows.length, lead = x.shape.length - 2 * axes;
  const shape = [...x.shape.slice(0, lead), ...spatial, ...windows.map((w) => w.size)];
  const key = windows.map((w) => `${w.size}:${w.stride}:${w.dilation}`).join(" ");
  return view(x, `unwindow ${key}`, shape, (out) => {
    let mask: Expr = TRUE;
    const index: Expr[] = out.slice(0, lead);
    for (let i = 0; i < axes; i++) {
      const { stride, dilation } = windows[i]!, count = x.shape[lead + i]!;
      const offset = binary("sub", out[lead + i]!, binary("mul", out[lead + axes + i]!, int(dilation)));
      mask = and(mask, binary("le", int(0), offset));
      if (stride > 1) mask = and(mask, binary("eq", binary("mod", offset, int(stride)), int(0)));
      mask = and(mask, binary("lt", offset, int((count - 1) * stride + 1)));
      index.push(binary("div", offset, int(stride)));
    }
    return { index: [...index, ...out.slice(lead + axes)], mask };
  });
}

/** The index map of a view with the output's loop variables replaced by `axes` and its arguments by `parameters`. */
export function applyView(
  attributes: { readonly index: readonly Expr[]; readonly mask: Expr },
  axes: readonly Expr[],
  parameters: (slot: number, room: number) => Expr,
): { index: Expr[]; mask: Expr } {
  const memo = new Map<Expr, Expr>();
  const leaf = (x: Expr) => {
    if (x.op === "var") return axes[x.slot]!;
    return x.op === "arg" ? parameters(x.slot, x.value) : undefined;
  };
  const substitute = (e: Expr) => rewrite(e, leaf, memo);
  return { index: attributes.index.map(substitute), mask: substitute(attributes.mask) };
}
