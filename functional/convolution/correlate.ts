/**
 * Convolution and its two gradients as contractions over windows. The three are each other's gradients, so derivatives of any order
 * exist.
 *
 * All take inputs [N, C, spatial…] that are padded already, and weights [O, C / groups, size…].
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import type { Node, Windows } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { depthwise, isDepthwise } from "./depthwise.ts";

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

/** [groups, N, spatial…, C] as [N, groups · C, spatial…]. */
function ungrouped(x: Node): Node {
  const rank = x.shape.length - 3, last = x.shape.length - 1;
  const [groups, n, ...rest] = x.shape as [number, number, ...number[]];
  const ordered = kernels.permute(x, [1, 0, last, ...axes(2, rank)]);
  return kernels.reshape(ordered, [n, groups * rest[rank]!, ...rest.slice(0, rank)]);
}

/** out[n, o, p…] = Σ x[n, c, p · stride + k · dilation] · weight[o, c, k…]. */
export function correlate(x: Tensor, weight: Tensor, windows: readonly Windows[], groups: number): Tensor {
  const spatial = x.node.shape.slice(2);
  const node = isDepthwise(x.node.shape[1]!, weight.node, windows, groups)
    ? depthwise(x.node, weight.node, windows, windows.map((w, i) => kernels.windowCount(spatial[i]!, w)))
    : correlated(x.node, weight.node, windows, groups);
  return record("convolution", node, [x, weight], [
    (grad, [, weight]) => correlateInput(grad, weight!, windows, groups, spatial),
    (grad, [x]) => correlateWeight(grad, x!, windows, groups),
  ]);
}

function correlated(x: Node, weight: Node, windows: readonly Windows[], groups: number): Node {
  const rank = windows.length;
  // [G, N, C, P…, K…] to [G, N, P…, C, K…], against [G, C, K…, O].
  const apart = kernels.window(grouped(x, groups), windows);
  const a = kernels.permute(apart, [0, 1, ...axes(3, rank), 2, ...axes(3 + rank, rank)]);
  const b = kernels.permute(groupedWeight(weight, groups), [0, 2, ...axes(3, rank), 1]);
  return ungrouped(kernels.contract(a, b, { batch: 1, m: 1 + rank, n: 1, k: 1 + rank }));
}

/** The gradient of `correlate` with respect to its input of extents `spatial`; by itself, transposed convolution. */
export function correlateInput(
  grad: Tensor,
  weight: Tensor,
  windows: readonly Windows[],
  groups: number,
  spatial: readonly number[],
): Tensor {
  const alone = windows.every(({ stride }) => stride === 1) &&
    isDepthwise(grad.node.shape[1]!, weight.node, windows, groups);
  const node = alone
    ? depthwise(surrounded(grad.node, windows, spatial), weight.node, windows, spatial, true)
    : spread(grad.node, weight.node, windows, groups, spatial);
  return record("convTranspose", node, [grad, weight], [
    (g, [, weight]) => correlate(g, weight!, windows, groups),
    (g, [grad]) => correlateWeight(grad!, g, windows, groups),
  ]);
}

/** A gradient with zeros around it, so that the windows of the input's elements lie within. */
function surrounded(grad: Node, windows: readonly Windows[], spatial: readonly number[]): Node {
  const around = windows.map(({ size, dilation }, i) =>
    [(size - 1) * dilation, spatial[i]! - grad.shape[2 + i]!] as const
  );
  return kernels.pad(grad, [[0, 0], [0, 0], ...around]);
}

function spread(
  grad: Node,
  weight: Node,
  windows: readonly Windows[],
  groups: number,
  spatial: readonly number[],
): Node {
  const rank = windows.length, sizes = windows.map((w) => w.size);
  // [G, N, O, P…] repeated for every window element and put where the window lies: [G, N, O, S…, K…].
  const source = grouped(grad, groups), shape = source.shape;
  const repeated = kernels.expand(kernels.reshape(source, [...shape, ...sizes.map(() => 1)]), [...shape, ...sizes]);
  const apart = kernels.unwindow(repeated, windows, spatial);
  const a = kernels.permute(apart, [0, 1, ...axes(3, rank), 2, ...axes(3 + rank, rank)]);
  // [G, O, C, K…] to [G, O, K…, C].
  const b = kernels.permute(groupedWeight(weight, groups), [0, 1, ...axes(3, rank), 2]);
  return ungrouped(kernels.contract(a, b, { batch: 1, m: 1 + rank, n: 1, k: 1 + rank }));
}

/** The gradient of `correlate` with respect to its weight. */
export function correlateWeight(grad: Tensor, x: Tensor, windows: readonly Windows[], groups: number): Tensor {
  const rank = windows.length, spatial = x.node.shape.slice(2);
  // [G, N, O, P…] to [G, O, N, P…], against windows [G, N, C, P…, K…] as [G, N, P…, C, K…].
  const a = kernels.permute(grouped(grad.node, groups), [0, 2, 1, ...axes(3, rank)]);
  const apart = kernels.window(grouped(x.node, groups), windows);
  const fitting = kernels.slice(
    apart,
    apart.shape.map((extent, i) => ({
      start: 0,
      // An input that is not used to its end has windows that no output sees.
      size: i >= 3 && i < 3 + rank ? a.shape[i]! : extent,
      step: 1,
    })),
  );
  const b = kernels.permute(fitting, [0, 1, ...axes(3, rank), 2, ...axes(3 + rank, rank)]);
  const product = kernels.contract(a, b, { batch: 1, m: 1, n: 1 + rank, k: 1 + rank });
  const [, , ...rest] = product.shape;
  const node = kernels.reshape(product, [grad.node.shape[1]!, ...rest]);
  return record("convolutionWeight", node, [grad, x], [
    (g, [, x]) => correlate(x!, g, windows, groups),
    (g, [grad]) => correlateInput(grad!, g, windows, groups, spatial),
  ]);
}
