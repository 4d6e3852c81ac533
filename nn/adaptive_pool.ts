/**
 * Pooling to a given number of windows.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { AdaptiveSize } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import type { IndexOptions, Pooled } from "./max_pool.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/**
 * Base of `AdaptiveAvgPool1d`, `AdaptiveAvgPool2d` and `AdaptiveAvgPool3d`: window i of n along an extent L is from ⌊i · L / n⌋ to ⌈(i + 1)
 * · L / n⌉, and becomes its mean.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const pool: nn.AdaptiveAvgPool = new nn.AdaptiveAvgPool2d([2, null]);
 * console.log(pool.outputSize); // [ 2, null ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html}
 */
export abstract class AdaptiveAvgPool extends Module {
  /** Extents of the result; null in a list keeps the input's. */
  readonly outputSize: AdaptiveSize;

  /** To extents `outputSize`. */
  constructor(outputSize: AdaptiveSize) {
    super();
    this.outputSize = outputSize;
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `output_size=${pythonValue(this.outputSize)}`;
  }
}

/**
 * Base of `AdaptiveMaxPool1d`, `AdaptiveMaxPool2d` and `AdaptiveMaxPool3d`: window i of n along an extent L is from ⌊i · L / n⌋ to ⌈(i + 1)
 * · L / n⌉, and becomes its largest element.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const pool: nn.AdaptiveMaxPool = new nn.AdaptiveMaxPool1d(2);
 * console.log(pool.outputSize, pool.returnIndices); // 2 false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html}
 */
export abstract class AdaptiveMaxPool<Indices extends boolean = false> extends Module {
  /** Extents of the result; null in a list keeps the input's. */
  readonly outputSize: AdaptiveSize;
  /** Whether the positions of the elements are returned, too. */
  readonly returnIndices: boolean;

  /** To extents `outputSize`. */
  constructor(outputSize: AdaptiveSize, { returnIndices }: IndexOptions<Indices> = {}) {
    super();
    this.outputSize = outputSize;
    this.returnIndices = returnIndices ?? false;
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `output_size=${pythonValue(this.outputSize)}`;
  }
}

/**
 * The means of a given number of windows, over one axis: [N, C, L] to [N, C, outputSize], or both without N. Window i of n along an extent L
 * is from ⌊i · L / n⌋ to ⌈(i + 1) · L / n⌉.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.AdaptiveAvgPool1d(2)(tensor([[1.5, 2.5, 6.5]]))); // tensor([[2.0000, 4.5000]])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or an empty input
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html}
 */
export class AdaptiveAvgPool1d extends AdaptiveAvgPool {
  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.adaptiveAvgPool1d(input, this.outputSize);
  }
}

/**
 * The means of a given number of windows, over two axes: [N, C, H, W] to [N, C, ...outputSize], or both without N; one number stands for all
 * axes, null keeps an extent. Window i of n along an extent L is from ⌊i · L / n⌋ to ⌈(i + 1) · L / n⌉.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.AdaptiveAvgPool2d([2, null])(ones([1, 2, 7, 7])).shape); // torch.Size([1, 2, 2, 7])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or an empty input
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html}
 */
export class AdaptiveAvgPool2d extends AdaptiveAvgPool {
  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.adaptiveAvgPool2d(input, this.outputSize);
  }
}

/**
 * The means of a given number of windows, over three axes: [N, C, D, H, W] to [N, C, ...outputSize], or both without N; one number stands
 * for all axes, null keeps an extent. Window i of n along an extent L is from ⌊i · L / n⌋ to ⌈(i + 1) · L / n⌉.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.AdaptiveAvgPool3d([1, 2, 2])(ones([1, 2, 7, 7, 7])).shape); // torch.Size([1, 2, 1, 2, 2])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or an empty input
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool3d.html}
 */
export class AdaptiveAvgPool3d extends AdaptiveAvgPool {
  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.adaptiveAvgPool3d(input, this.outputSize);
  }
}

/**
 * The largest elements of a given number of windows, over one axis: [N, C, L] to [N, C, outputSize], or both without N. Window i of n along
 * an extent L is from ⌊i · L / n⌋ to ⌈(i + 1) · L / n⌉. With `returnIndices`, default false, the result is a pair: the elements and their
 * positions in the input.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.AdaptiveMaxPool1d(2)(tensor([[1.5, 2.5, 6.5]]))); // tensor([[2.5000, 6.5000]])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or an empty input
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html}
 */
export class AdaptiveMaxPool1d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor): Pooled<Indices> {
    requireInput(this, "input", input);
    return F.adaptiveMaxPool1d(input, this.outputSize, { returnIndices: this.returnIndices }) as Pooled<Indices>;
  }
}

/**
 * The largest elements of a given number of windows, over two axes: [N, C, H, W] to [N, C, ...outputSize], or both without N; one number
 * stands for all axes, null keeps an extent. Window i of n along an extent L is from ⌊i · L / n⌋ to ⌈(i + 1) · L / n⌉. With `returnIndices`,
 * default false, the result is a pair: the elements and their positions in the input.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.AdaptiveMaxPool2d([2, null])(ones([1, 2, 7, 7])).shape); // torch.Size([1, 2, 2, 7])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or an empty input
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html}
 */
export class AdaptiveMaxPool2d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Pooled<Indices> {
    requireInput(this, "input", input);
    return F.adaptiveMaxPool2d(input, this.outputSize, { returnIndices: this.returnIndices }) as Pooled<Indices>;
  }
}

/**
 * The largest elements of a given number of windows, over three axes: [N, C, D, H, W] to [N, C, ...outputSize], or both without N; one
 * number stands for all axes, null keeps an extent. Window i of n along an extent L is from ⌊i · L / n⌋ to ⌈(i + 1) · L / n⌉. With
 * `returnIndices`, default false, the result is a pair: the elements and their positions in the input.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.AdaptiveMaxPool3d([1, 2, 2])(ones([1, 2, 7, 7, 7])).shape); // torch.Size([1, 2, 1, 2, 2])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or an empty input
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html}
 */
export class AdaptiveMaxPool3d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor): Pooled<Indices> {
    requireInput(this, "input", input);
    return F.adaptiveMaxPool3d(input, this.outputSize, { returnIndices: this.returnIndices }) as Pooled<Indices>;
  }
}
