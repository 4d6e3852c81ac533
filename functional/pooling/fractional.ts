/**
 * Fractional max pooling: windows whose distances are random, so that the extents shrink by any factor.
 *
 * @module
 */

import { fromHost, ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { uniform } from "../../tensor/distributions.ts";
import { noGrad } from "../../tensor/grad_mode.ts";
import { type DrawOptions, generatorOf } from "../../tensor/random.ts";
import { requireTensorOrNone } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { expandTo } from "../broadcast.ts";
import { show } from "../dims.ts";
import { add, mul, sub } from "../elementwise/arithmetic.ts";
import { floor } from "../elementwise/rounding.ts";
import { where } from "../elementwise/where.ts";
import { eq } from "../elementwise/comparison.ts";
import { positions } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";
import { rangesOf, sliced } from "../movement/slice.ts";
import { type ValuesIndices, valuesIndices } from "../pairs.ts";
import { batched, type PerDimension, perDimension } from "../windows.ts";
import { asGiven, requireFloats } from "./layout.ts";
import { largestAt, type WithIndices } from "./max.ts";

/** Options of fractional max pooling; one of `outputSize` and `outputRatio` must be given. */
export interface FractionalMaxPoolOptions extends DrawOptions {
  /** Extents of the result. */
  readonly outputSize?: PerDimension | null;
  /** The same as shares of the input's extents, between 0 and 1. */
  readonly outputRatio?: PerDimension | null;
  /** Also returns where each element was found; false by default. */
  readonly returnIndices?: boolean;
  /** Numbers of [0, 1) that place the windows, [N, C, dimensions]; drawn where none are given. */
  readonly randomSamples?: Tensor | null;
}

/** A fractional max pooling. With `returnIndices` it also gives the row-major position of each element in its plane. */
export interface FractionalMaxPooling {
  (input: Tensor, kernelSize: PerDimension, options: FractionalMaxPoolOptions & WithIndices): ValuesIndices;
  (
    input: Tensor,
    kernelSize: PerDimension,
    options: FractionalMaxPoolOptions & { readonly returnIndices?: false },
  ): Tensor;
  (input: Tensor, kernelSize: PerDimension, options: FractionalMaxPoolOptions): Tensor | ValuesIndices;
}

function outputSizes(
  operation: string,
  spatial: readonly number[],
  sizes: readonly number[],
  { outputSize, outputRatio }: FractionalMaxPoolOptions,
): number[] {
  if ((outputSize == null) === (outputRatio == null)) {
    throw new ValueError(`Cannot ${operation} without one of outputSize and outputRatio, or with both`);
  }
  let extents: number[];
  if (outputSize != null) extents = perDimension(operation, "outputSize", outputSize, spatial.length, 1);
  else {
    const ratios = typeof outputRatio === "number" ? spatial.map(() => outputRatio) : outputRatio!;
    if (ratios.length !== spatial.length || ratios.some((ratio) => !(ratio > 0 && ratio < 1))) {
      throw new ValueError(`Cannot ${operation} with outputRatio ${outputRatio}: ratios lie between 0 and 1`);
    }
    extents = spatial.map((extent, i) => Math.floor(extent * ratios[i]!));
  }
  extents.forEach((extent, i) => {
    if (extent >= 1 && extent + sizes[i]! - 1 <= spatial[i]!) return;
    throw new ShapeError(
      `Cannot ${operation} extents ${show(spatial)} to ${show(extents)} by windows of ${
        show(sizes)
      }: they do not fit next to each other`,
    );
  });
  return extents;
}

/** Where the `to` windows of `size` elements start along an axis, [N, C, to]. */
function starts(sample: Tensor, from: number, to: number, size: number): Tensor {
  const last = from - size, device = sample.device;
  const i = toDtype(positions(to, 2, 3, device), sample.dtype);
  const step = to > 1 ? last / (to - 1) : 0;
  const placed = sub(floor(mul(add(i, sample), step)), floor(mul(sample, step)));
  return toDtype(where(eq(i, to - 1), last, placed), "int32");
}

function fractionalMaxPool(
  operation: string,
  rank: number,
  input: Tensor,
  kernelSize: PerDimension,
  options: FractionalMaxPoolOptions,
): ValuesIndices {
  requireFloats(operation, input);
  const { shape, unbatched } = batched(operation, input, rank);
  if (shape.slice(1).includes(0)) {
    throw new ShapeError(`Cannot ${operation} an input of shape ${show(input.shape)}: only the batch may be empty`);
  }
  const [n, c, ...spatial] = shape as [number, number, ...number[]];
  const sizes = perDimension(operation, "kernelSize", kernelSize, rank, 1);
  const extents = outputSizes(operation, spatial, sizes, options);
  requireTensorOrNone(operation, "randomSamples", options.randomSamples);
  const samples = options.randomSamples ?? new Tensor(
    fromHost(uniform(n * c * rank, input.dtype, 0, 1, generatorOf(options)), [n, c, rank], input.dtype, input.device),
  );
  if (show(samples.shape) !== show([n, c, rank])) {
    throw new ShapeError(
      `Cannot ${operation} with randomSamples of shape ${show(samples.shape)}: they must be ${show([n, c, rank])}`,
    );
  }
  const elements = noGrad(() => {
    let rows = 1, each = 1, flat: Tensor | undefined;
    spatial.forEach((from, d) => {
      // As in PyTorch the first sample of a plane is for its columns.
      const sample = sliced(samples, rangesOf(samples.shape, 2, rank === 2 ? 1 - d : d, 1));
      const to = extents[d]!, size = sizes[d]!;
      const start = reshaped(starts(sample, from, to, size), [n, c, 1, to, 1, 1]);
      const at = add(start, positions(size, 5, 6, input.device));
      const next = flat === undefined ? at : add(mul(reshaped(flat, [n, c, rows, 1, each, 1]), from), at);
      flat = reshaped(expandTo(next, [n, c, rows, to, each, size]), [n, c, rows * to, each * size]);
      rows *= to;
      each *= size;
    });
    return flat!;
  });
  const { values, indices } = largestAt(reshaped(input, shape), extents, elements);
  return valuesIndices(asGiven(values, unbatched), asGiven(indices, unbatched));
}

function pooling(operation: string, rank: number): FractionalMaxPooling {
  const pool = (input: Tensor, kernelSize: PerDimension, options: FractionalMaxPoolOptions) => {
    const result = fractionalMaxPool(operation, rank, input, kernelSize, options);
    return options.returnIndices ? result : result.values;
  };
  return pool as FractionalMaxPooling;
}

/**
 * The largest element of every window over two dimensions; windows overlap and lie at random distances. The random numbers are PyTorch's
 * for the seed.
 *
 * @throws {ShapeError} where the input has other dimensions, or the windows do not fit
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} without one of outputSize and outputRatio, or with both
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.fractional_max_pool2d.html}
 * @example
 * ```ts
 * import { functional as F, randn } from "@tensaur/tensaur";
 * console.log(`${F.fractionalMaxPool2d(randn([1, 2, 9, 9]), 2, { outputRatio: 0.7 }).shape}`); // torch.Size([1, 2, 6, 6])
 * ```
 */
export const fractionalMaxPool2d: FractionalMaxPooling = pooling("fractionalMaxPool2d", 2);

/**
 * The largest element of every window over three dimensions; windows overlap and lie at random distances.
 *
 * @throws {ShapeError} where the input has other dimensions, or the windows do not fit
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} without one of outputSize and outputRatio, or with both
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.fractional_max_pool3d.html}
 * @example
 * ```ts
 * import { functional as F, randn } from "@tensaur/tensaur";
 * console.log(`${F.fractionalMaxPool3d(randn([1, 2, 5, 5, 5]), 2, { outputSize: 3 }).shape}`); // torch.Size([1, 2, 3, 3, 3])
 * ```
 */
export const fractionalMaxPool3d: FractionalMaxPooling = pooling("fractionalMaxPool3d", 3);
