/**
 * Results of several tensors with names: `{ values, indices }` and `[values, indices]` both take them apart.
 *
 * @module
 */

import type { Tensor } from "../tensor/tensor.ts";

/** A list of tensors whose entries have names as well. */
export function withNames<T extends Tensor[], N>(list: T, names: N): T & N {
  // Not enumerable, so that consoles print each tensor once.
  for (const [name, value] of Object.entries(names as object)) Object.defineProperty(list, name, { value });
  return list as T & N;
}

/** Elements and where they were found. */
export type ValuesIndices = [values: Tensor, indices: Tensor] & {
  /** The elements. */
  readonly values: Tensor;
  /** Their positions along the dimension, int32. */
  readonly indices: Tensor;
};

/** Elements and where they were found. */
export function valuesIndices(values: Tensor, indices: Tensor): ValuesIndices {
  return withNames([values, indices] as [Tensor, Tensor], { values, indices });
}

/** The smallest and the largest. */
export type MinMax = [min: Tensor, max: Tensor] & {
  /** The smallest. */
  readonly min: Tensor;
  /** The largest. */
  readonly max: Tensor;
};

/** The smallest and the largest. */
export function minMax(min: Tensor, max: Tensor): MinMax {
  return withNames([min, max] as [Tensor, Tensor], { min, max });
}

/** Counts and the ends of the bins they were counted in. */
export type Histogram = [hist: Tensor, binEdges: Tensor] & {
  /** The counts. */
  readonly hist: Tensor;
  /** The ends of the bins, one more than these. */
  readonly binEdges: Tensor;
};

/** Counts and the ends of the bins they were counted in. */
export function histogramOf(hist: Tensor, binEdges: Tensor): Histogram {
  return withNames([hist, binEdges] as [Tensor, Tensor], { hist, binEdges });
}

/** Floats taken apart: x = mantissa · 2^exponent. */
export type MantissaExponent = [mantissa: Tensor, exponent: Tensor] & {
  /** Of magnitude 0.5 to 1. */
  readonly mantissa: Tensor;
  /** Whole numbers, int32. */
  readonly exponent: Tensor;
};

/** Floats taken apart. */
export function mantissaExponent(mantissa: Tensor, exponent: Tensor): MantissaExponent {
  return withNames([mantissa, exponent] as [Tensor, Tensor], { mantissa, exponent });
}
