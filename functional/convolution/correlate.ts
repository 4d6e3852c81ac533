/**
 * Convolution and its two gradients as contractions over windows. The three are each other's gradients, so derivatives of any order
 * exist.
 *
 * All take inputs [N, C, spatial…], weights [O, C / groups, size…], and the borders of zeros around the inputs, of which negative ones cut.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import type { Node, Windows } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Border } from "../movement/pad.ts";
import { depthwise, depthwiseWeight, isDepthwise } from "./depthwise.ts";

/** Axes first, first + 1, … (`count` of them). */
const axes = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

/** [N, C, rest…] as [groups, N, C / groups, rest…]. */
function grouped(x: Node, groups: number): Node {
  const [n, c, ...rest] = x.shape as [number, number, ...number[]];
  const apart = kernels.reshape(x, [n, groups, c / groups, ...rest]);
  return kernels.permute(apart, [1, 0, ...axes(2, rest.length + 1)]);
}

/** [O, C, size…] as [groups, O / groups, C, size…]. */
function groupedWeight(weight: Node, groups: number): Node {
  const [o, ...rest] = weight.shape as [number, ...number[]];
  return kernels.reshape(weight, [groups, o / groups, ...rest]);
}

/** [groups, C, N, spatial…] as [N, groups · C, spatial…]. */
function ungrouped(x: Node): Node {
  const [groups, c, n, ...spatial] = x.shape as [number, number, number, ...number[]];
  return kernels.reshape(kernels.permute(x, [2, 0, 1, ...axes(3, spatial.length)]), [n, groups * c, ...spatial]);
}

/** How inputs and outputs of a convolution lie to each other. */
export interface Geometry {
  readonly windows: readonly Windows[];
  readonly borders: readonly Border[];
  readonly groups: number;
}

/** An input within its borders. */
function bordered(x: Node, { borders }: Geometry): Node {
  return kernels.pad(x, [[0, 0], [0, 0], ...borders]);
}

/** out[n, o, p…] = Σ x[n, c, p · stride + k · dilation - before] · weight[o, c, k…]. */
export function correlate(x: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const { windows, groups } = geometry, spatial = x.node.shape.slice(2), padded = bordered(x.node, geometry);
  const node = isDepthwise(padded.shape[1]!, weight.node, windows, groups)
    ? depthwise(padded, weight.node, windows, windows.map((w, i) => kernels.windowCount(padded.shape[2 + i]!, w)))
    : correlated(padded, weight.node, windows, groups);
  return record("convolution", node, [x, weight], [
    (grad, [, weight]) => correlateInput(grad, weight!, geometry, spatial),
    (grad, [x]) => correlateWeight(grad, x!, geometry),
  ]);
}

function correlated(x: Node, weight: Node, windows: readonly Windows[], groups: number): Node {
  const rank = windows.length;
  // [G, O, C, K…], against [G, N, C, P…, K…] as [G, C, K…, N, P…]: the result's positions lie beside each other.
  const apart = kernels.window(grouped(x, groups), windows);
  const b = kernels.permute(apart, [0, 2, ...axes(3 + rank, rank), 1, ...axes(3, rank)]);
  return ungrouped(kernels.contract(groupedWeight(weight, groups), b, { batch: 1, m: 1, n: 1 + rank, k: 1 + rank }));
}

/** The gradient of `correlate` with respect to its input of extents `spatial`; by itself, transposed convolution. */
export function correlateInput(grad: Tensor, weight: Tensor, geometry: Geometry, spatial: readonly number[]): Tensor {
  const { windows, groups } = geometry;
  const alone = windows.every(({ stride }) => stride === 1) &&
    isDepthwise(grad.node.shape[1]!, weight.node, windows, groups);
  const node = alone
    ? depthwise(surrounded(grad.node, geometry, spatial), weight.node, windows, spatial, true)
    : spread(grad.node, weight.node, geometry, spatial);
  return record("convTranspose", node, [grad, weight], [
    (g, [, weight]) => correlate(g, weight!, geometry),
    (g, [grad]) => correlateWeight(grad!, g, geometry),
  ]);
}

/** A gradient with zeros around it, so that the windows of the input's elements lie within. */
function surrounded(grad: Node, { windows, borders }: Geometry, spatial: readonly number[]): Node {
  const around = windows.map(({ size, dilation }, i) => {
    const [before] = borders[i]!;
    return [(size - 1) * dilation - before, spatial[i]! + before - grad.shape[2 + i]!] as const;
  });
  return kernels.pad(grad, [[0, 0], [0, 0], ...around]);
}

/**
 * By phases of the stride: of positions a · stride + r, those with equal r are covered by the window elements j · stride + r of windows
 * a - j alone, so that nothing is multiplied by the zeros between strides. Phases are rows of the product, for the gradient's part is the
 * same. An axis that is dilated as well has one phase, and the zeros.
 */
function spread(grad: Node, weight: Node, { windows, borders, groups }: Geometry, spatial: readonly number[]): Node {
  const rank = windows.length;
  const phased = windows.map(({ size, stride, dilation }, i) => {
    const phases = dilation === 1 ? stride : 1, before = borders[i]![0], elements = Math.ceil(size / phases);
    const first = Math.floor(before / phases), end = Math.ceil((before + spatial[i]!) / phases);
    return { phases, elements, first, end, window: { size: elements, stride: stride / phases, dilation } };
  });
  const elements = phased.map((axis) => axis.elements);
  const whole = (): [number, number] => [0, 0];
  // [G, N, O, P…] repeated for every window element and put where the window lies within the borders: [G, N, O, A…, J…].
  const source = grouped(grad, groups), shape = source.shape;
  const repeated = kernels.expand(
    kernels.reshape(source, [...shape, ...elements.map(() => 1)]),
    [...shape, ...elements],
  );
  const padded = kernels.unwindow(repeated, phased.map((axis) => axis.window), phased.map((axis) => axis.end));
  const apart = kernels.pad(padded, [
    ...axes(0, 3).map(whole),
    ...phased.map(({ first }) => [-first, 0] as const),
    ...elements.map(whole),
  ]);
  const b = kernels.permute(apart, [0, 2, ...axes(3 + rank, rank), 1, ...axes(3, rank)]);
  // [G, O, C, K…] to [G, O, C, J, R, …], and that to [G, R…, C, O, J…].
  const parts = groupedWeight(weight, groups), [g, o, c] = parts.shape as [number, number, number];
  const filled = kernels.pad(parts, [
    ...axes(0, 3).map(whole),
    ...phased.map(({ phases, elements }, i) => [0, elements * phases - windows[i]!.size] as const),
  ]);
  const split = kernels.reshape(filled, [g, o, c, ...phased.flatMap(({ elements, phases }) => [elements, phases])]);
  const every = (start: number) => phased.map((_, i) => start + 2 * i);
  const a = kernels.permute(split, [0, ...every(4), 2, 1, ...every(3)]);
  // [G, R…, C, N, A…] to [N, G · C, A · R, …].
  const product = kernels.contract(a, b, { batch: 1, m: 1 + rank, n: 1 + rank, k: 1 + rank });
  const order = [2 + rank, 0, 1 + rank, ...phased.flatMap((_, i) => [3 + rank + i, 1 + i])];
  const extents = phased.map(({ first, end, phases }) => (end - first) * phases);
  const joined = kernels.reshape(kernels.permute(product, order), [shape[1]!, g * c, ...extents]);
  const cut = phased.map(({ first, phases }, i) => {
    const before = first * phases - borders[i]![0];
    return [before, spatial[i]! - extents[i]! - before] as const;
  });
  return kernels.pad(joined, [[0, 0], [0, 0], ...cut]);
}

/** The gradient of `correlate` with respect to its weight. */
export function correlateWeight(grad: Tensor, x: Tensor, geometry: Geometry): Tensor {
  const { windows, groups } = geometry, rank = windows.length, spatial = x.node.shape.slice(2);
  // [G, N, O, P…], and windows [G, N, C, P…, K…].
  const source = grouped(grad.node, groups), channels = grad.node.shape[1]!;
  const apart = kernels.window(grouped(bordered(x.node, geometry), groups), windows);
  const fitting = kernels.slice(
    apart,
    apart.shape.map((extent, i) => ({
      start: 0,
      // An input that is not used to its end has windows that no output sees.
      size: i >= 3 && i < 3 + rank ? source.shape[i]! : extent,
      step: 1,
    })),
  );
  const product = channels === groups && fitting.shape[2] === 1 ? depthwiseWeight(source, fitting) : kernels.contract(
    // [G, O, N, P…] and [G, N, P…, C, K…].
    kernels.permute(source, [0, 2, 1, ...axes(3, rank)]),
    kernels.permute(fitting, [0, 1, ...axes(3, rank), 2, ...axes(3 + rank, rank)]),
    { batch: 1, m: 1, n: 1 + rank, k: 1 + rank },
  );
  const node = kernels.reshape(product, [channels, fitting.shape[2]!, ...windows.map(({ size }) => size)]);
  return record("convolutionWeight", node, [grad, x], [
    (g, [, x]) => correlate(x!, g, geometry),
    (g, [grad]) => correlateInput(grad!, g, geometry, spatial),
  ]);
}
