/**
 * Data made of tensors.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { described, remedyFor } from "../tensor/describe.ts";
import { ShapeError, Tensor, tensor, ValueError } from "../tensor/mod.ts";
import { Dataset, position, type SampleRange } from "./dataset.ts";

/**
 * Samples that are rows of tensors.
 *
 * ```ts
 * import { data, tensor } from "@tensaur/tensaur";
 *
 * const samples = new data.TensorDataset(tensor([[1, 2], [3, 4]]), tensor([0, 1]));
 * const [image, target] = samples.at(1);
 * console.log(`${image} ${target}`); // tensor([3, 4]) 1
 * ```
 *
 * @throws {ShapeError} for tensors that differ in their first extent
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset}
 */
export class TensorDataset<T extends Tensor[]> extends Dataset<T> {
  /** The tensors, all with one first extent. */
  readonly tensors: T;

  /** Sample i is row i of each of `tensors`. */
  constructor(...tensors: T) {
    super();
    tensors.forEach((t: unknown, i) => {
      if (t instanceof Tensor) return;
      const remedy = Array.isArray(t) && t[0] instanceof Tensor
        ? "Pass the tensors one by one, as in new TensorDataset(x, y)"
        : remedyFor(t);
      throw new ValueError(
        `Cannot call TensorDataset: tensors[${i}] must be a tensor, but is ${described(t)}. ${remedy}`,
      );
    });
    const rows = tensors.map((t) => t.shape[0]);
    if (rows.length === 0 || rows.some((n) => n === undefined || n !== rows[0])) {
      throw new ShapeError(
        `Cannot pair the rows of tensors of shapes ${tensors.map((t) => `[${t.shape.join(", ")}]`).join(", ")}: ` +
          "the first extents differ",
      );
    }
    this.tensors = tensors;
  }

  /** Number of rows. */
  override get length(): number {
    return this.tensors[0]!.shape[0]!;
  }

  /** A row of each tensor, or several: `samples.at(3)`, `samples.at(":10")`. */
  override at(index: number | SampleRange): T {
    const rows = typeof index === "number" ? position(index, this.length) : index;
    return this.tensors.map((t) => t.at(rows)) as T;
  }

  /** The rows at several positions, of each tensor; all rows by default. */
  batch(indices?: readonly number[]): T {
    if (indices === undefined) return [...this.tensors] as T;
    const rows = Int32Array.from(indices, (index) => position(index, this.length));
    return this.tensors.map((t) => F.indexSelect(t, 0, tensor(rows, { device: t.device }))) as T;
  }
}
