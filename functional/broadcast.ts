/**
 * Broadcasting and its transpose, each the other's gradient.
 *
 * @module
 */

import * as kernels from "../kernels/mod.ts";
import { ShapeError } from "../kernels/mod.ts";
import { record } from "../tensor/grad_fn.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { show } from "./dims.ts";

/** `x` repeated to `shape`, without a copy; `x` must broadcast to it. */
export function expandTo(x: Tensor, shape: readonly number[]): Tensor {
  if (kernels.sameShape(x.node.shape, shape)) return x;
  return record("expand", kernels.expand(x.node, shape), [x], [(grad, [x]) => sumToShape(grad, x!.shape)]);
}

/** `x` repeated to `shape`; throws in the user's words where it does not broadcast to it. */
export function fitted(operation: string, x: Tensor, shape: readonly number[]): Tensor {
  const common = kernels.broadcastShapes([x.shape, shape]);
  if (common !== undefined && kernels.sameShape(common, shape)) return expandTo(x, shape);
  throw new ShapeError(
    `Cannot ${operation} a tensor of shape ${show(shape)} from one of shape ${
      show(x.shape)
    }: it does not broadcast to it`,
  );
}

/** `x` summed over the axes that broadcasting from `shape` to `x.shape` repeats. */
export function sumToShape(x: Tensor, shape: readonly number[]): Tensor {
  const from = x.node.shape;
  if (kernels.sameShape(from, shape)) return x;
  const lead = from.length - shape.length;
  const axes = from.flatMap((extent, i) => i < lead || (shape[i - lead] === 1 && extent !== 1) ? [i] : []);
  const node = kernels.reshape(kernels.reduce("sum", x.node, axes), [...shape]);
  return record("sumToSize", node, [x], [(grad, [x]) => expandTo(grad, x!.shape)]);
}

/** The shape that tensors of these shapes have together; throws in the user's words where they do not fit. */
export function broadcastShape(operation: string, ...shapes: readonly (readonly number[])[]): readonly number[] {
  const shape = kernels.broadcastShapes(shapes);
  if (shape !== undefined) return shape;
  throw new ShapeError(`Cannot ${operation} tensors of shapes ${shapes.map(show).join(" and ")}: ${mismatch(shapes)}`);
}

function mismatch(shapes: readonly (readonly number[])[]): string {
  const rank = Math.max(...shapes.map((s) => s.length));
  for (let back = 1; back <= rank; back++) {
    const extents = new Set(shapes.map((s) => s.at(-back) ?? 1).filter((extent) => extent !== 1));
    if (extents.size < 2) continue;
    const [a, b] = extents;
    const sizes = `counted from the right, sizes at dimension -${back} are ${a} and ${b}, and neither is 1`;
    const [first, second] = shapes;
    if (shapes.length === 2 && first!.length !== second!.length) {
      const [short, long] = first!.length < second!.length ? [first!, second!] : [second!, first!];
      const fitting = [...short, ...new Array(long.length - short.length).fill(1)];
      if (kernels.broadcastShapes([fitting, long]) !== undefined) {
        return `${sizes}. Reshape the ${short === first ? "first" : "second"} to ${show(fitting)} (unsqueeze(-1))`;
      }
    }
    return `${sizes}. Reshape, transpose or slice one of them`;
  }
  return "they do not broadcast";
}
