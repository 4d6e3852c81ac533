/**
 * All combinations of the elements of lists.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { resultType } from "../../tensor/promotion.ts";
import { requireTensor, requireTensors } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { expandTo } from "../broadcast.ts";
import { show } from "../dims.ts";
import { add } from "../elementwise/arithmetic.ts";
import { fromIntegers } from "../host.ts";
import { indexSelect } from "../selection/index_select.ts";
import { stack } from "./stack.ts";
import { bordered } from "./pad.ts";
import { reshaped } from "./reshape.ts";

/** Options of `meshgrid`. */
export interface MeshgridOptions {
  /** "ij": the first list runs down the rows, PyTorch's default. "xy": it runs along them, as for plots. */
  readonly indexing?: "ij" | "xy";
}

function isOptions(given: unknown): given is MeshgridOptions {
  return typeof given === "object" && given !== null && !Array.isArray(given) && !(given instanceof Tensor);
}

/**
 * For each list a tensor over the grid of all, constant along the others' dimensions.
 *
 * @param tensors lists of n₁, n₂, … elements, or scalars, of one dtype; each result is [n₁, n₂, …]
 * @param options `indexing`: "ij" by default; "xy" exchanges the first two dimensions
 * @throws {ShapeError} for tensors of several dimensions
 * @throws {ValueError} for another indexing, and where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.meshgrid.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.meshgrid(tensor([1, 2]), tensor([3, 4])));
 * // [
 * //   tensor([[1, 1],
 * //         [2, 2]]),
 * //   tensor([[3, 4],
 * //         [3, 4]])
 * // ]
 * ```
 */
export function meshgrid(tensors: readonly Tensor[], options?: MeshgridOptions): Tensor[];
/** For each list a tensor over the grid of all, constant along the others' dimensions. */
export function meshgrid<T extends Tensor[]>(...tensors: [...T]): { [K in keyof T]: Tensor };
/** For each list a tensor over the grid of all, constant along the others' dimensions. */
export function meshgrid<T extends Tensor[]>(...given: [...T, MeshgridOptions]): { [K in keyof T]: Tensor };
export function meshgrid(...given: (Tensor | readonly Tensor[] | MeshgridOptions | undefined)[]): Tensor[] {
  const last = given.at(-1);
  const options = last === undefined ? given.length > 1 : isOptions(last);
  const tensors: unknown = (options ? given.slice(0, -1) : given).flat();
  requireTensors("meshgrid", "tensors", tensors);
  const { indexing = "ij" } = isOptions(last) ? last : {};
  if (indexing !== "ij" && indexing !== "xy") {
    throw new ValueError(`Cannot meshgrid with indexing "${indexing}": it is "ij" or "xy"`);
  }
  for (const x of tensors) {
    if (x.ndim > 1) throw new ShapeError(`Cannot meshgrid a tensor of shape ${show(x.shape)}: give lists or numbers`);
    if (x.dtype !== tensors[0]!.dtype) {
      throw new ValueError(`Cannot meshgrid ${tensors[0]!.dtype} and ${x.dtype}: give one dtype`);
    }
  }
  // "xy" exchanges the first two dimensions.
  const place = (i: number) => indexing === "xy" && tensors.length > 1 && i < 2 ? 1 - i : i;
  const shape = tensors.map((_, i) => tensors[place(i)]!.numel());
  return tensors.map((x, i) => {
    const upright = shape.map((_, axis) => axis === place(i) ? x.numel() : 1);
    return expandTo(reshaped(x, upright), shape);
  });
}

/**
 * Every way to take one element of each list, a row for each.
 *
 * @param tensors lists of n₁, …, nₖ elements; the result is [n₁ · … · nₖ, k], or [n₁] for one list
 * @throws {ShapeError} for tensors of several dimensions
 * @throws {ValueError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cartesian_prod.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cartesianProd(tensor([1, 2]), tensor([3, 4])));
 * // tensor([[1, 3],
 * //         [1, 4],
 * //         [2, 3],
 * //         [2, 4]])
 * ```
 */
export function cartesianProd(...tensors: Tensor[]): Tensor {
  requireTensors("cartesianProd", "tensors", tensors);
  const [first] = tensors;
  if (tensors.length === 1 && first!.ndim === 1) return reshaped(first!, first!.shape);
  return stack(meshgrid(tensors).map((grid) => reshaped(grid, [grid.numel()])), 1);
}

/** Options of `combinations`. */
export interface CombinationsOptions {
  /** How many elements are taken; 2 by default. */
  readonly r?: number;
  /** Whether an element may be taken again; false by default. */
  readonly withReplacement?: boolean;
}

/**
 * Every way to take `r` elements of a list, without regard to order, a row for each.
 *
 * @param x [n]; the result is [how many there are, r]
 * @param options `r`: 2 by default; `withReplacement`: whether an element may be taken again; false by default
 * @throws {ShapeError} for other than one dimension
 * @see {@link https://pytorch.org/docs/stable/generated/torch.combinations.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.combinations(tensor([1, 2, 3])));
 * // tensor([[1, 2],
 * //         [1, 3],
 * //         [2, 3]])
 * ```
 */
export function combinations(x: Tensor, { r = 2, withReplacement = false }: CombinationsOptions = {}): Tensor {
  requireTensor("combinations", "x", x);
  if (x.ndim !== 1) throw new ShapeError(`Cannot take combinations of a tensor of shape ${show(x.shape)}: give a list`);
  const rows: number[][] = [];
  const extend = (row: readonly number[], from: number): void => {
    if (row.length === r) rows.push([...row]);
    else for (let i = from; i < x.numel(); i++) extend([...row, i], withReplacement ? i : i + 1);
  };
  if (r > 0) extend([], 0);
  return reshaped(indexSelect(x, 0, fromIntegers(rows.flat(), [rows.length * r], x.device)), [rows.length, r]);
}

/**
 * The matrix that has the tensors along its diagonal and 0 elsewhere.
 *
 * @param tensors [m, n] each; lists count as rows
 * @throws {ShapeError} for more than two dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.block_diag.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.blockDiag(tensor([[1, 2]]), tensor([[3]])));
 * // tensor([[1, 2, 0],
 * //         [0, 0, 3]])
 * ```
 */
export function blockDiag(...tensors: Tensor[]): Tensor {
  requireTensors("blockDiag", "tensors", tensors);
  const dtype = resultType(...tensors);
  const blocks = tensors.map((x) => {
    if (x.ndim > 2) {
      throw new ShapeError(`Cannot blockDiag a tensor of shape ${show(x.shape)}: give at most 2 dimensions`);
    }
    return toDtype(reshaped(x, x.ndim === 2 ? x.shape : [1, x.numel()]), dtype);
  });
  const rows = blocks.reduce((sum, x) => sum + x.shape[0]!, 0),
    columns = blocks.reduce((sum, x) => sum + x.shape[1]!, 0);
  let row = 0, column = 0;
  const placed = blocks.map((x) => {
    const [height, width] = x.shape as unknown as [number, number];
    const borders = [[row, rows - row - height], [column, columns - column - width]] as const;
    row += height;
    column += width;
    return bordered(x, borders);
  });
  return placed.reduce((sum, x) => add(sum, x));
}
