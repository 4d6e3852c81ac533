/**
 * A tensor in pieces along one dimension. All pieces are views.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { requireList, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { axisOf, named, show } from "../dims.ts";
import { elementsOf } from "../host.ts";
import { rangesOf, select, sliceView } from "./slice.ts";

/** Options that choose a dimension; 0 by default. */
export interface DimOptions {
  /** The dimension; 0 by default. */
  readonly dim?: number;
}

function dimOf(dim: number | DimOptions | undefined): number {
  return named<DimOptions>(["dim"], dim).dim ?? 0;
}

/** Pieces that begin where the one before ends. */
function pieces(x: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  let start = 0;
  return sizes.map((size) => {
    const piece = sliceView(x, rangesOf(x.shape, axis, start, size));
    start += size;
    return piece;
  });
}

function scalarRefused(operation: string, x: Tensor): void {
  if (x.ndim === 0) throw new ShapeError(`Cannot ${operation} a 0-dimensional tensor: it has no dimension to divide`);
}

/**
 * Pieces of `size` elements, of which the last may be smaller; or pieces of the sizes listed.
 *
 * @param size how many elements each piece has, or a size for each piece
 * @param dim the dimension; 0 by default; by position or in options
 * @throws {ShapeError} for a 0-dimensional tensor, and where the sizes listed do not add up to the extent
 * @throws {ValueError} for a size that is no integer above 0
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.split.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.split(tensor([1, 2, 3]), 2)); // [ tensor([1, 2]), tensor([3]) ]
 * ```
 */
export function split(x: Tensor, size: number | readonly number[], dim?: number | DimOptions): Tensor[] {
  requireTensor("split", "x", x);
  scalarRefused("split", x);
  const axis = axisOf("split", dimOf(dim), x.ndim), extent = x.shape[axis]!;
  if (typeof size !== "number") {
    if (size.some((s) => s < 0) || size.reduce((a, b) => a + b, 0) !== extent) {
      throw new ShapeError(
        `Cannot split dimension ${axis} of extent ${extent} into pieces of ${show(size)}: their sum must be ${extent}`,
      );
    }
    return pieces(x, axis, size);
  }
  if (!Number.isInteger(size) || size < 0 || (size === 0 && extent !== 0)) {
    throw new ValueError(`Cannot split into pieces of ${size} elements: give an integer above 0`);
  }
  if (extent === 0) return [sliceView(x, rangesOf(x.shape, axis, 0, 0))];
  const count = Math.ceil(extent / size);
  return pieces(x, axis, Array.from({ length: count }, (_, i) => Math.min(size, extent - i * size)));
}

/**
 * Pieces of the sizes listed.
 *
 * @param dim the dimension; 0 by default; by position or in options
 * @throws {ShapeError} for a 0-dimensional tensor, and where the sizes do not add up to the extent
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.split.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.splitWithSizes(tensor([1, 2, 3]), [1, 2])); // [ tensor([1]), tensor([2, 3]) ]
 * ```
 */
export function splitWithSizes(x: Tensor, sizes: readonly number[], dim?: number | DimOptions): Tensor[] {
  requireTensor("splitWithSizes", "x", x);
  requireList("splitWithSizes", "sizes", sizes);
  return split(x, sizes, dim);
}

/**
 * At most `chunks` pieces of equal size, of which the last may be smaller.
 *
 * @param dim the dimension; 0 by default; by position or in options
 * @throws {ShapeError} for a 0-dimensional tensor
 * @throws {ValueError} for a number of chunks that is no integer above 0
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.chunk.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.chunk(tensor([1, 2, 3, 4, 5]), 2)); // [ tensor([1, 2, 3]), tensor([4, 5]) ]
 * ```
 */
export function chunk(x: Tensor, chunks: number, dim?: number | DimOptions): Tensor[] {
  requireTensor("chunk", "x", x);
  scalarRefused("chunk", x);
  if (!Number.isInteger(chunks) || chunks <= 0) {
    throw new ValueError(`Cannot chunk into ${chunks} pieces: give an integer above 0`);
  }
  const axis = axisOf("chunk", dimOf(dim), x.ndim), extent = x.shape[axis]!;
  if (extent === 0) return pieces(x, axis, new Array(chunks).fill(0));
  return split(x, Math.ceil(extent / chunks), axis);
}

/**
 * `sections` pieces whose sizes differ by at most 1; or the pieces between the positions listed.
 *
 * @param sections how many, or the positions; a tensor of either is read
 * @param dim the dimension; 0 by default; by position or in options
 * @throws {ShapeError} for a 0-dimensional tensor
 * @throws {ValueError} for a number of sections that is no integer above 0
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.tensor_split.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.tensorSplit(tensor([1, 2, 3]), [1])); // [ tensor([1]), tensor([2, 3]) ]
 * ```
 */
export function tensorSplit(
  x: Tensor,
  sections: number | readonly number[] | Tensor,
  dim?: number | DimOptions,
): Tensor[] {
  requireTensor("tensorSplit", "x", x);
  scalarRefused("tensorSplit", x);
  if (sections instanceof Tensor) {
    const positions = Array.from(elementsOf(sections));
    return tensorSplit(x, sections.ndim === 0 ? positions[0]! : positions, dim);
  }
  const axis = axisOf("tensorSplit", dimOf(dim), x.ndim), extent = x.shape[axis]!;
  if (typeof sections === "number") {
    if (!Number.isInteger(sections) || sections <= 0) {
      throw new ValueError(`Cannot tensorSplit into ${sections} pieces: give an integer above 0`);
    }
    const small = Math.floor(extent / sections), larger = extent % sections;
    return pieces(x, axis, Array.from({ length: sections }, (_, i) => i < larger ? small + 1 : small));
  }
  const bound = (at: number) => Math.min(Math.max(at < 0 ? at + extent : at, 0), extent);
  const ends = [...sections.map(bound), extent];
  return ends.map((end, i) => {
    const start = i === 0 ? 0 : ends[i - 1]!;
    return sliceView(x, rangesOf(x.shape, axis, start, Math.max(0, end - start)));
  });
}

function splitAlong(operation: string, rank: number, dim: (rank: number) => number) {
  return (x: Tensor, sections: number | readonly number[]): Tensor[] => {
    requireTensor(operation, "x", x);
    if (x.ndim < rank) {
      throw new ShapeError(`Cannot ${operation} a tensor of shape ${show(x.shape)}: it needs ${rank} dimensions`);
    }
    const axis = dim(x.ndim);
    if (typeof sections === "number" && (sections <= 0 || x.shape[axis]! % sections !== 0)) {
      throw new ShapeError(
        `Cannot ${operation} extent ${x.shape[axis]} into ${sections} equal pieces: use tensorSplit`,
      );
    }
    return tensorSplit(x, sections, axis);
  };
}

/**
 * Pieces side by side: along the second dimension, or the only one.
 *
 * @throws {ShapeError} for a 0-dimensional tensor, and where the extent is no multiple of the number of sections
 * @see {@link https://pytorch.org/docs/stable/generated/torch.hsplit.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.hsplit(tensor([1, 2, 3, 4]), 2)); // [ tensor([1, 2]), tensor([3, 4]) ]
 * ```
 */
export const hsplit: (x: Tensor, sections: number | readonly number[]) => Tensor[] = splitAlong(
  "hsplit",
  1,
  (rank) => rank === 1 ? 0 : 1,
);

/**
 * Pieces on top of each other: along the first of at least two dimensions.
 *
 * @throws {ShapeError} for less than two dimensions, and where the extent is no multiple of the number of sections
 * @see {@link https://pytorch.org/docs/stable/generated/torch.vsplit.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.vsplit(tensor([[1], [2]]), 2)); // [ tensor([[1]]), tensor([[2]]) ]
 * ```
 */
export const vsplit: (x: Tensor, sections: number | readonly number[]) => Tensor[] = splitAlong("vsplit", 2, () => 0);

/**
 * Pieces in depth: along the third dimension.
 *
 * @throws {ShapeError} for less than three dimensions, and where the extent is no multiple of the number of sections
 * @see {@link https://pytorch.org/docs/stable/generated/torch.dsplit.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.dsplit(tensor([[[1, 2]]]), 2)); // [ tensor([[[1]]]), tensor([[[2]]]) ]
 * ```
 */
export const dsplit: (x: Tensor, sections: number | readonly number[]) => Tensor[] = splitAlong("dsplit", 3, () => 2);

/**
 * The elements along a dimension, each without it.
 *
 * @param dim the dimension; 0 by default; by position or in options
 * @throws {ShapeError} for a 0-dimensional tensor
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.unbind.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.unbind(tensor([[1, 2], [3, 4]]))); // [ tensor([1, 2]), tensor([3, 4]) ]
 * ```
 */
export function unbind(x: Tensor, dim?: number | DimOptions): Tensor[] {
  requireTensor("unbind", "x", x);
  scalarRefused("unbind", x);
  const axis = axisOf("unbind", dimOf(dim), x.ndim);
  return Array.from({ length: x.shape[axis]! }, (_, i) => select(x, axis, i));
}

/**
 * The same as `split`: the pieces are views here as well.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.unsafe_split.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.unsafeSplit(tensor([1, 2, 3]), 2)); // [ tensor([1, 2]), tensor([3]) ]
 * ```
 */
export const unsafeSplit: typeof split = split;

/**
 * The same as `chunk`: the pieces are views here as well.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.unsafe_chunk.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.unsafeChunk(tensor([1, 2, 3]), 2)); // [ tensor([1, 2]), tensor([3]) ]
 * ```
 */
export const unsafeChunk: typeof chunk = chunk;
