/**
 * Max pooling by windows at random distances.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import type { Extents } from "./conv.ts";
import type { IndexOptions, Pooled } from "./max_pool.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/** Options of the fractional max pools; one of `outputSize` and `outputRatio` must be given. */
export interface FractionalMaxPoolOptions {
  /** Extents of the result. */
  readonly outputSize?: Extents | null;
  /** The same as shares of the input's extents. */
  readonly outputRatio?: Extents | null;
}

/**
 * Base of `FractionalMaxPool2d` and `FractionalMaxPool3d`: the largest elements of windows at random distances, which make any extent of the
 * result. From https://arxiv.org/abs/1412.6071.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const pool: nn.FractionalMaxPool = new nn.FractionalMaxPool2d(2, { outputSize: 5 });
 * console.log(pool.kernelSize, pool.outputSize); // 2 5
 * ```
 *
 * @throws {ValueError} for neither or both of outputSize and outputRatio, or a ratio outside of (0, 1)
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool2d.html}
 */
export abstract class FractionalMaxPool<Indices extends boolean = false> extends Module {
  /** Extents of the window. */
  readonly kernelSize: Extents;
  /** Extents of the result; null where shares are given. */
  readonly outputSize: Extents | null;
  /** Shares of the input's extents; null where extents are given. */
  readonly outputRatio: Extents | null;
  /** Whether the positions of the elements are returned, too. */
  readonly returnIndices: boolean;

  /** Windows of `kernelSize`. */
  constructor(kernelSize: Extents, options: FractionalMaxPoolOptions & IndexOptions<Indices> = {}) {
    super();
    this.kernelSize = kernelSize;
    this.outputSize = options.outputSize ?? null;
    this.outputRatio = options.outputRatio ?? null;
    this.returnIndices = options.returnIndices ?? false;
    if ((this.outputSize === null) === (this.outputRatio === null)) {
      throw new ValueError("Cannot make a fractional max pool without one of outputSize and outputRatio, or with both");
    }
    const { outputRatio } = this;
    if (outputRatio !== null && ![outputRatio].flat().every((ratio) => ratio > 0 && ratio < 1)) {
      throw new ValueError(
        `Cannot make a fractional max pool with outputRatio ${outputRatio}: ratios lie between 0 and 1`,
      );
    }
  }

  /** What `functional` calls the options. */
  protected get options(): F.FractionalMaxPoolOptions {
    const { outputSize, outputRatio, returnIndices } = this;
    return { outputSize, outputRatio, returnIndices };
  }
}

/**
 * The largest element of each window, over two axes; windows lie at random distances, so the result has any extents: [N, C, H, W] to [N, C,
 * ...outputSize], or both without N. Give `outputSize`, or `outputRatio`, the shares of the input's extents; with `returnIndices`, default
 * false, the result is a pair with the positions. From https://arxiv.org/abs/1412.6071.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.FractionalMaxPool2d(2, { outputSize: 3 })(randn([1, 2, 5, 5])).shape); // torch.Size([1, 2, 3, 3])
 * ```
 *
 * @throws {ValueError} for none or both of `outputSize` and `outputRatio`, or a ratio outside of (0, 1)
 * @throws {ShapeError} in `forward`, for other axes, or where the windows do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool2d.html}
 */
export class FractionalMaxPool2d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Pooled<Indices> {
    requireInput(this, "input", input);
    return F.fractionalMaxPool2d(input, this.kernelSize, this.options) as Pooled<Indices>;
  }
}

/**
 * The largest element of each window, over three axes; windows lie at random distances, so the result has any extents: [N, C, D, H, W] to
 * [N, C, ...outputSize], or both without N. Give `outputSize`, or `outputRatio`, the shares of the input's extents; with `returnIndices`,
 * default false, the result is a pair with the positions. From https://arxiv.org/abs/1412.6071.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.FractionalMaxPool3d(2, { outputSize: 3 })(randn([1, 2, 5, 5, 5])).shape); // torch.Size([1, 2, 3, 3, 3])
 * ```
 *
 * @throws {ValueError} for none or both of `outputSize` and `outputRatio`, or a ratio outside of (0, 1)
 * @throws {ShapeError} in `forward`, for other axes, or where the windows do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool3d.html}
 */
export class FractionalMaxPool3d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor): Pooled<Indices> {
    requireInput(this, "input", input);
    return F.fractionalMaxPool3d(input, this.kernelSize, this.options) as Pooled<Indices>;
  }
}
