/**
 * Positions in a list of elements as positions along each dimension.
 *
 * @module
 */

import { DTypeError, isFloat, type Shape, ValueError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { floorDivide, remainder } from "../elementwise/mod.ts";

/**
 * The positions along each dimension of a tensor of `shape`, one tensor for each, of positions in its row-major list of elements; negative
 * ones count from the end, and those past the end begin anew.
 *
 * @example
 * ```ts
 * import { tensor, unravelIndex } from "@tensaur/tensaur";
 *
 * console.log(unravelIndex(tensor([4, 11, 7]), [3, 4])); // [ tensor([1, 2, 1]), tensor([0, 3, 3]) ]
 * ```
 *
 * @throws {DTypeError} for positions that are not integers
 * @throws {ValueError} for extents below 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.unravel_index.html}
 */
export function unravelIndex(indices: Tensor, shape: Shape | number): Tensor[] {
  requireTensor("unravelIndex", "indices", indices);
  const extents = typeof shape === "number" ? [shape] : [...shape];
  if (isFloat(indices.dtype) || indices.dtype === "bool") {
    throw new DTypeError(`Cannot unravel an index of ${indices.dtype}: positions are integers`);
  }
  if (extents.some((extent) => !Number.isInteger(extent) || extent < 0)) {
    throw new ValueError(`Cannot unravel an index into shape ${show(extents)}: extents are whole numbers from 0`);
  }
  return extents.map((extent, i) => {
    const step = extents.slice(i + 1).reduce((product, each) => product * each, 1);
    return remainder(floorDivide(indices, step), extent);
  });
}
