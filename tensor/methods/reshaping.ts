/**
 * Other shapes for a tensor itself, as methods: views that take the place of what they were taken from.
 *
 * @module
 */

import { AutogradError, numel, ShapeError } from "../../kernels/mod.ts";
import * as F from "../../functional/mod.ts";
import type { Dims, StridedOptions } from "../../functional/mod.ts";
import { requireTensor } from "../require_tensor.ts";
import type { Tensor } from "../tensor.ts";
import { type Implementations, methods } from "./define.ts";
import type { Sizes } from "./movement.ts";

/** Changes of a tensor's shape in place. Other views of its elements keep theirs. */
export interface ReshapingMethods {
  /** Takes the dimensions of extent 1 away, or those of `dim` that have it. */
  squeeze_(dim?: Dims | { readonly dim?: Dims }): Tensor;
  /** Puts in a dimension of extent 1 before `dim`. */
  unsqueeze_(dim: number): Tensor;
  /** Exchanges two dimensions. */
  transpose_(dim0: number, dim1: number): Tensor;
  /** The same as `transpose_`. */
  swapaxes_(dim0: number, dim1: number): Tensor;
  /** The same as `transpose_`. */
  swapdims_(dim0: number, dim1: number): Tensor;
  /** Exchanges the rows and columns of a matrix. */
  t_(): Tensor;
  /** Shows the elements at `storageOffset` + i · stride[0] + j · stride[1] + … of x's row-major list. */
  asStrided_(
    size: readonly number[],
    stride: readonly number[],
    storageOffset?: number | StridedOptions | null,
  ): Tensor;
  /**
   * Another shape, which may have fewer elements, the first ones of the row-major list, or more, which are 0 where PyTorch's are anything.
   * With more, earlier views no longer share the elements.
   */
  resize_(...size: Sizes): Tensor;
  /** `resize_` to the shape of `other`. */
  resizeAs_(other: Tensor): Tensor;
}

function resize(x: Tensor, shape: readonly number[], operation: string): Tensor {
  if (x.requiresGrad) {
    throw new AutogradError(`Cannot apply ${operation} to a tensor that requires grad: use reshape, or detach() first`);
  }
  if (shape.some((extent) => !Number.isInteger(extent) || extent < 0)) {
    throw new ShapeError(`Cannot ${operation} to [${shape.join(", ")}]: extents are integers from 0`);
  }
  const flat = F.flatten(x), missing = numel(shape) - x.numel();
  const elements = missing > 0 ? F.constantPadNd(flat, [0, missing]) : F.narrow(flat, 0, 0, numel(shape));
  return x.become(F.view(elements, shape), operation);
}

const functions: Implementations<ReshapingMethods> = {
  squeeze_: (x, dim) => x.become(F.squeeze(x, dim), "squeeze_"),
  unsqueeze_: (x, dim) => x.become(F.unsqueeze(x, dim), "unsqueeze_"),
  transpose_: (x, dim0, dim1) => x.become(F.transpose(x, dim0, dim1), "transpose_"),
  swapaxes_: (x, dim0, dim1) => x.become(F.swapaxes(x, dim0, dim1), "swapaxes_"),
  swapdims_: (x, dim0, dim1) => x.become(F.swapdims(x, dim0, dim1), "swapdims_"),
  t_: (x) => x.become(F.t(x), "t_"),
  asStrided_: (x, size, stride, offset) => x.become(F.asStrided(x, size, stride, offset), "asStrided_"),
  resize_: (x, ...size) => resize(x, size.flat(), "resize_"),
  resizeAs_(x, other) {
    requireTensor("resizeAs_", "other", other);
    return resize(x, other.shape, "resizeAs_");
  },
};

/** Descriptors for the prototype. */
export const reshaping: PropertyDescriptorMap = methods(functions);
