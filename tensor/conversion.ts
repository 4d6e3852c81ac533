/**
 * The same elements in another dtype, on another device, or in memory of their own.
 *
 * @module
 */

import {
  type DeviceName,
  type DType,
  expr,
  fromHost,
  hostData,
  map,
  type Node,
  read,
  requireDevice,
  scalar,
} from "../kernels/mod.ts";
import { record } from "./grad_fn.ts";
import { requireTensor } from "./require_tensor.ts";
import type { Tensor } from "./tensor.ts";

/**
 * `x` with elements of `dtype`: fractions are cut off where integers are asked for, and anything but 0 is true. `x` itself where it has
 * that dtype already.
 */
export function toDtype(x: Tensor, dtype: DType): Tensor {
  const from = x.dtype;
  if (from === dtype) return x;
  requireDevice(x.device, dtype);
  const node = map(expr.cast(dtype, expr.arg(0, from)), [x.node]);
  return record("toCopy", node, [x], [(grad) => toDtype(grad, from)]);
}

/** `x` copied to `device`; `x` itself where it is there. */
export function toDevice(x: Tensor, device: DeviceName): Tensor {
  const from = x.device;
  if (from === device) return x;
  requireDevice(device, x.dtype);
  return record("toCopy", transferred(x.node, device), [x], [(grad) => toDevice(grad, from)]);
}

function transferred(node: Node, device: DeviceName): Node {
  if (node.attributes.op === "scalar") return scalar(node.value, node.dtype, device);
  return fromHost(hostData(node) ?? read(node), node.shape, node.dtype, device);
}

/**
 * A copy of x, through which gradients flow.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.clone.html}
 * @example
 * ```ts
 * import { clone, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([1, 2]), y = clone(x);
 * x.zero_();
 * console.log(y); // tensor([1, 2])
 * ```
 */
export function clone(x: Tensor): Tensor {
  requireTensor("clone", "x", x);
  return record("clone", map(expr.arg(0, x.dtype), [x.node]), [x], [(grad) => grad]);
}
