/**
 * Average and power average pooling.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonFloat, pythonValue } from "../tensor/python_format.ts";
import type { Extents } from "./conv.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/** Options of the average pools. */
export interface AvgPoolOptions {
  /** How far apart the windows are. Default the window's own extents. */
  readonly stride?: Extents | null;
  /** Zeros added at both ends of each axis. Default 0. */
  readonly padding?: Extents;
  /** Whether a last window that does not fit counts too. Default false. */
  readonly ceilMode?: boolean;
  /** Whether added zeros count in the mean. Default true. */
  readonly countIncludePad?: boolean;
  /** What the sum of a window is divided by, instead of its number of elements; over two and three axes. */
  readonly divisorOverride?: number | null;
}

/**
 * Base of `AvgPool1d`, `AvgPool2d` and `AvgPool3d`: each window becomes its mean. An extent L becomes ⌊(L + 2 · padding - kernelSize) /
 * stride⌋ + 1, rounded up with `ceilMode`.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const pool: nn.AvgPool = new nn.AvgPool2d(2);
 * console.log(pool.kernelSize, pool.stride); // 2 2
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html}
 */
export abstract class AvgPool extends Module {
  /** Extents of the window. */
  readonly kernelSize: Extents;
  /** How far apart the windows are. */
  readonly stride: Extents;
  /** Zeros added at both ends of each axis. */
  readonly padding: Extents;
  /** Whether a last window that does not fit counts too. */
  readonly ceilMode: boolean;
  /** Whether added zeros count in the mean. */
  readonly countIncludePad: boolean;
  /** What the sum of a window is divided by; null for its number of elements. */
  readonly divisorOverride: number | null;

  /** Windows of `kernelSize`. */
  constructor(kernelSize: Extents, options: AvgPoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
    this.ceilMode = options.ceilMode ?? false;
    this.countIncludePad = options.countIncludePad ?? true;
    this.divisorOverride = options.divisorOverride ?? null;
  }

  /** What `functional` calls the options. */
  protected get options(): Required<AvgPoolOptions> {
    const { stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    return { stride, padding, ceilMode, countIncludePad, divisorOverride };
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `kernel_size=${pythonValue(this.kernelSize)}, stride=${pythonValue(this.stride)}, ` +
      `padding=${pythonValue(this.padding)}`;
  }
}

/**
 * The mean of each window, over one axis: [N, C, L] to [N, C, L'], where L' is ⌊(L + 2 · padding - kernelSize) / stride⌋ + 1, or both
 * without N. Defaults: stride the window's extents, padding 0, ceilMode false, countIncludePad true.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.AvgPool1d(2)(tensor([[1.5, 2.5, 3.5, 6.5]]))); // tensor([[2., 5.]])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or where no window fits; {ValueError} for a padding above half the window
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html}
 */
export class AvgPool1d extends AvgPool {
  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.avgPool1d(input, this.kernelSize, this.options);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    const each = (value: Extents) => pythonValue(typeof value === "number" ? [value] : value);
    return `kernel_size=${each(this.kernelSize)}, stride=${each(this.stride)}, padding=${each(this.padding)}`;
  }
}

/**
 * The mean of each window, over two axes: [N, C, H, W] to [N, C, H', W'], where H' is ⌊(H + 2 · padding - kernelSize) / stride⌋ + 1 and W'
 * likewise, or both without N. Defaults: stride the window's extents, padding 0, ceilMode false, countIncludePad true, no divisorOverride.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.AvgPool2d(3, { stride: 2 })(ones([1, 2, 7, 7])).shape); // torch.Size([1, 2, 3, 3])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or where no window fits; {ValueError} for a padding above half the window, or a divisorOverride of 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html}
 */
export class AvgPool2d extends AvgPool {
  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.avgPool2d(input, this.kernelSize, this.options);
  }
}

/**
 * The mean of each window, over three axes: [N, C, D, H, W] to [N, C, D', H', W'], where D' is ⌊(D + 2 · padding - kernelSize) / stride⌋ + 1
 * and H', W' likewise, or both without N. Defaults: stride the window's extents, padding 0, ceilMode false, countIncludePad true, no
 * divisorOverride.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.AvgPool3d(3, { stride: 2 })(ones([1, 2, 7, 7, 7])).shape); // torch.Size([1, 2, 3, 3, 3])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or where no window fits; {ValueError} for a padding above half the window, or a divisorOverride of 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AvgPool3d.html}
 */
export class AvgPool3d extends AvgPool {
  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.avgPool3d(input, this.kernelSize, this.options);
  }
}

/** Options of the power average pools. */
export interface LPPoolOptions {
  /** How far apart the windows are. Default the window's own extents. */
  readonly stride?: Extents | null;
  /** Whether a last window that does not fit counts too. Default false. */
  readonly ceilMode?: boolean;
}

/**
 * Base of `LPPool1d`, `LPPool2d` and `LPPool3d`: each window becomes (Σ xᵖ)^(1/p). An extent L becomes ⌊(L - kernelSize) / stride⌋ + 1,
 * rounded up with `ceilMode`.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const pool: nn.LPPool = new nn.LPPool1d(2, 4);
 * console.log(pool.normType, pool.kernelSize); // 2 4
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html}
 */
export abstract class LPPool extends Module {
  /** The exponent p. */
  readonly normType: number;
  /** Extents of the window. */
  readonly kernelSize: Extents;
  /** How far apart the windows are; null for the window's own extents. */
  readonly stride: Extents | null;
  /** Whether a last window that does not fit counts too. */
  readonly ceilMode: boolean;

  /** Windows of `kernelSize`, with exponent `normType`. */
  constructor(normType: number, kernelSize: Extents, { stride = null, ceilMode = false }: LPPoolOptions = {}) {
    super();
    this.normType = normType;
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.ceilMode = ceilMode;
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    const { normType } = this;
    return `norm_type=${Number.isInteger(normType) ? normType : pythonFloat(normType)}, ` +
      `kernel_size=${pythonValue(this.kernelSize)}, stride=${pythonValue(this.stride)}, ceil_mode=${
        pythonValue(this.ceilMode)
      }`;
  }
}

/**
 * (Σ x^p)^(1/p) over each window, over one axis: [N, C, L] to [N, C, L'], where L' is ⌊(L - kernelSize) / stride⌋ + 1, or both without N.
 * Defaults: stride the window's extents, ceilMode false.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.LPPool1d(2, 2)(tensor([[3.5, 0, 3, 4]]))); // tensor([[3.5000, 5.0000]])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or where no window fits
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LPPool1d.html}
 */
export class LPPool1d extends LPPool {
  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    const { stride, ceilMode } = this;
    return F.lpPool1d(input, this.normType, this.kernelSize, { stride, ceilMode });
  }
}

/**
 * (Σ x^p)^(1/p) over each window, over two axes: [N, C, H, W] to [N, C, H', W'], where H' is ⌊(H - kernelSize) / stride⌋ + 1 and W'
 * likewise, or both without N. Defaults: stride the window's extents, ceilMode false.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.LPPool2d(2, 3)(ones([1, 2, 7, 7])).shape); // torch.Size([1, 2, 2, 2])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or where no window fits
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html}
 */
export class LPPool2d extends LPPool {
  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    const { stride, ceilMode } = this;
    return F.lpPool2d(input, this.normType, this.kernelSize, { stride, ceilMode });
  }
}

/**
 * (Σ x^p)^(1/p) over each window, over three axes: [N, C, D, H, W] to [N, C, D', H', W'], where D' is ⌊(D - kernelSize) / stride⌋ + 1 and
 * H', W' likewise, or both without N. Defaults: stride the window's extents, ceilMode false.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.LPPool3d(2, 3)(ones([1, 2, 7, 7, 7])).shape); // torch.Size([1, 2, 2, 2, 2])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or where no window fits
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LPPool3d.html}
 */
export class LPPool3d extends LPPool {
  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    const { stride, ceilMode } = this;
    return F.lpPool3d(input, this.normType, this.kernelSize, { stride, ceilMode });
  }
}
