/**
 * Reading and writing along an axis where an index says: each is the gradient of the other.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import type { CheckMessage } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { filled } from "../host.ts";

/** Elements of `x` at `index` along `axis`, in the index's shape. For the library: `index` is int32. */
export function gathered(x: Tensor, axis: number, index: Tensor, message?: CheckMessage): Tensor {
  return record("gather", kernels.gather(x.node, axis, index.node, message), [x, index], [
    (grad, [x, index]) => scatterSum(filled(x!.node.shape, 0, grad.dtype, grad.device), axis, index!, grad),
    undefined,
  ]);
}

/** `x` with the elements of `source` added at `index` along `axis`. For the library: `index` is int32, of the source's shape. */
export function scatterSum(x: Tensor, axis: number, index: Tensor, source: Tensor, message?: CheckMessage): Tensor {
  const node = kernels.scatter(x.node, axis, index.node, source.node, "sum", message);
  return record("scatterAdd", node, [x, index, source], [
    (grad) => grad,
    undefined,
    (grad, [, index]) => gathered(grad, axis, index!),
  ]);
}

/** `x` with the elements of `source` at `index` along `axis`; of equal positions the last is kept. For the library. */
export function scatterSet(x: Tensor, axis: number, index: Tensor, source: Tensor, message?: CheckMessage): Tensor {
  const node = kernels.scatter(x.node, axis, index.node, source.node, "set", message);
  return record("scatter", node, [x, index, source], [
    (grad, [, index]) => scatterSet(grad, axis, index!, filled(index!.node.shape, 0, grad.dtype, grad.device)),
    undefined,
    (grad, [, index]) => gathered(grad, axis, index!),
  ]);
}
