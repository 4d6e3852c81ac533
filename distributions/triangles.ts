/**
 * Triangles of matrices as vectors.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type Tensor, tensor } from "../tensor/mod.ts";

/** Which elements of a matrix of `size` rows lie on or below the diagonal `offset`, row by row. */
function positions(size: number, offset: number): number[] {
  const all = Array.from({ length: size * size }, (_, i) => i);
  return all.filter((i) => i % size <= Math.floor(i / size) + offset);
}

/** Matrices of `size` rows with the elements of vectors on and below the diagonal `offset`, row by row, and zeros elsewhere. */
export function toLower(vector: Tensor, size: number, offset: number): Tensor {
  const count = vector.shape.at(-1)!, places = new Array<number>(size * size).fill(count);
  positions(size, offset).forEach((at, i) => places[at] = i);
  // The one past the end is 0.
  const padded = F.pad(vector, [0, 1]);
  return F.indexSelect(padded, -1, tensor(places, { device: vector.device })).reshape([
    ...vector.shape.slice(0, -1),
    size,
    size,
  ]);
}

/** The elements of square matrices on and below the diagonal `offset`, row by row. */
export function fromLower(matrix: Tensor, offset: number): Tensor {
  const places = positions(matrix.shape.at(-1)!, offset);
  const index = tensor(Int32Array.from(places), { device: matrix.device });
  return F.indexSelect(matrix.flatten(-2), -1, index);
}
