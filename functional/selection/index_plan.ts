/**
 * Indices as a user writes them, taken apart: what is a view (integers, slices, new axes), and what picks elements.
 *
 * @module
 */

import { IndexError, type Range, ShapeError } from "../../kernels/mod.ts";
import { tensor } from "../../tensor/creation.ts";
import { type Index, parseSlice, Slice } from "../../tensor/indexing.ts";
import { requireList } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { elementsOf } from "../host.ts";
import { rangeOf } from "../movement/slice.ts";

/** A mask or an index tensor, and the first dimension of the view that it stands for. */
export interface Pick {
  readonly axis: number;
  readonly index: Tensor;
}

/** First a view of the tensor, then picks from that view. */
export interface IndexPlan {
  /** The part of each dimension that the view keeps. */
  readonly ranges: readonly Range[];
  /** The view's shape: without the dimensions that integers took away, with the new ones. */
  readonly shape: readonly number[];
  /** In the order of their dimensions. */
  readonly picks: readonly Pick[];
}

/** Whether an index tensor says for each element whether to pick it. */
export function isMask(index: Tensor): boolean {
  return index.dtype === "bool" || index.dtype === "uint8";
}

/** An index with lists made into tensors, texts into slices, and tensors of one integer into that. */
type Plain = number | null | Slice | "..." | Tensor;

function plain(index: Index, x: Tensor): Plain {
  if (typeof index === "string") return index === "..." ? index : parseSlice(index);
  const list = Array.isArray(index) || typeof index === "boolean";
  if (list) {
    return tensor(index, {
      device: x.device,
      ...(index instanceof Array && index.length === 0 ? { dtype: "int32" } : {}),
    });
  }
  if (index instanceof Tensor && index.ndim === 0 && !isMask(index)) return elementsOf(index)[0]!;
  return index as Plain;
}

function dimensionsOf(index: Plain): number {
  if (index === null || index === "...") return 0;
  return index instanceof Tensor && isMask(index) ? index.ndim : 1;
}

/** What `indices` mean for `x`. */
export function planIndex(operation: string, x: Tensor, indices: readonly Index[]): IndexPlan {
  requireList(operation, "indices", indices, "indices");
  const list = indices.map((index) => plain(index, x));
  const named = list.reduce((sum: number, index) => sum + dimensionsOf(index), 0);
  if (named > x.ndim) {
    throw new IndexError(
      `Cannot index a tensor of shape ${show(x.shape)} with ${named} indices: it has ${x.ndim} dimensions`,
    );
  }
  if (list.filter((index) => index === "...").length > 1) {
    throw new IndexError('Cannot index with "..." more than once');
  }
  if (!list.includes("...")) list.push("...");

  const ranges: Range[] = [], shape: number[] = [], picks: Pick[] = [];
  const keep = (range: Range) => {
    ranges.push(range);
    shape.push(range.size);
  };
  for (const index of list) {
    const dim = ranges.length, extent = x.shape[dim]!;
    if (index === null) shape.push(1);
    else if (index === "...") {
      for (const size of x.shape.slice(dim, dim + x.ndim - named)) keep({ start: 0, size, step: 1 });
    } else if (index instanceof Slice) keep(rangeOf(extent, index.start, index.stop, index.step));
    else if (typeof index === "number") ranges.push(position(index, dim, extent));
    else if (index.ndim === 0) {
      // One truth value: a new dimension, with one element or none.
      picks.push({ axis: shape.length, index: index.reshape([1]) });
      shape.push(1);
    } else {
      if (isMask(index)) requireMaskFits(x, dim, index);
      picks.push({ axis: shape.length, index });
      for (const size of x.shape.slice(dim, dim + dimensionsOf(index))) keep({ start: 0, size, step: 1 });
    }
  }
  return { ranges, shape, picks };
}

function position(index: number, dim: number, extent: number): Range {
  if (!Number.isInteger(index) || index < -extent || index >= extent) {
    throw new IndexError(
      `Cannot index element ${index} of dimension ${dim} with extent ${extent}: ` +
        (extent === 0 ? "it has none" : `indices are ${-extent} to ${extent - 1}`),
    );
  }
  return { start: index < 0 ? index + extent : index, size: 1, step: 1 };
}

function requireMaskFits(x: Tensor, dim: number, mask: Tensor): void {
  const covered = x.shape.slice(dim, dim + mask.ndim);
  if (covered.every((extent, i) => extent === mask.shape[i])) return;
  throw new ShapeError(
    `Cannot index dimensions of extents ${show(covered)} with a mask of shape ${
      show(mask.shape)
    }: the extents must be equal`,
  );
}
