/**
 * Class indices as targets: checking them, and picking the elements that they name.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { DTypeError, IndexError, isInteger, ShapeError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { record } from "../../tensor/grad_fn.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { lateIndexError } from "../check_index.ts";
import { show } from "../dims.ts";
import { eq, ne } from "../elementwise/comparison.ts";
import { where } from "../elementwise/where.ts";
import { positions } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";

/** Targets that can be used as indices: ignored ones are class 0, and `valid` says which are not ignored. */
export interface ClassTargets {
  /** Class of each element, in range. */
  readonly index: Tensor;
  /** False where the target is `ignoreIndex`. */
  readonly valid: Tensor;
  /** How many are not ignored, where that is known without running anything. */
  readonly count: number | undefined;
  /** The error of a class out of range that is found on the device; none where all are known to be in range. */
  readonly message: kernels.CheckMessage | undefined;
}

/**
 * Checks that `target` holds classes of an input whose classes lie along `axis`: shape, dtype, and, where the elements are at hand,
 * range. Elsewhere the range is checked by the kernel, and the error comes when a result is read.
 */
export function classTargets(
  operation: string,
  input: Tensor,
  axis: number,
  target: Tensor,
  ignoreIndex: number,
): ClassTargets {
  if (!isInteger(target.dtype)) {
    throw new DTypeError(
      `Cannot use a ${target.dtype} target of shape ${
        show(target.shape)
      } as class indices for ${operation}: convert it with long()`,
    );
  }
  const expected = input.shape.filter((_, i) => i !== axis);
  if (!kernels.sameShape(expected, target.shape)) {
    throw new ShapeError(
      `Cannot compute ${operation} of an input of shape ${show(input.shape)} and a target of shape ${
        show(target.shape)
      }: ` +
        `with classes along dimension ${axis} the target must have shape ${show(expected)}`,
    );
  }
  const classes = input.shape[axis]!;
  const text = (value: number) =>
    `Cannot compute ${operation} with target class ${value}: with ${classes} classes, targets are 0 to ${
      classes - 1
    } or ignoreIndex`;
  const known = kernels.hostData(target.node);
  const bad = known?.find((c) => c !== ignoreIndex && (c < 0 || c >= classes));
  if (bad !== undefined) throw new IndexError(text(bad));
  const index = toDtype(target, "int32");
  const valid = ne(index, ignoreIndex);
  const count = known?.filter((c) => c !== ignoreIndex).length;
  return {
    index: where(valid, index, 0),
    valid,
    count,
    message: known !== undefined && classes > 0 ? undefined : lateIndexError(text),
  };
}

/** Where each element's class is along `axis`: one-hot by comparison rather than by scattering, so that it fuses with what uses it. */
export function atClass(x: Tensor, axis: number, index: Tensor): Tensor {
  const classes = reshaped(index, x.shape.map((extent, i) => i === axis ? 1 : extent));
  return eq(positions(x.shape[axis]!, axis, x.ndim, x.device), classes);
}

/** The element of `x` at class `index` along `axis`, which vanishes. */
export function picked(x: Tensor, axis: number, index: Tensor, message?: kernels.CheckMessage): Tensor {
  const kept = x.shape.map((extent, i) => i === axis ? 1 : extent);
  const classes = reshaped(index, kept);
  const node = kernels.reshape(kernels.gather(x.node, axis, classes.node, message), index.node.shape);
  return record("nllLoss", node, [x], [(grad) => {
    const zero = new Tensor(kernels.scalar(0, grad.dtype, grad.device));
    return where(atClass(x, axis, index), reshaped(grad, kept), zero);
  }]);
}
