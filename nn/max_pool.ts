/**
 * Max pooling.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { MaxPoolOptions as Options, ValuesIndices } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import type { Extents } from "./conv.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/** Whether indices are returned: `true` makes the output a pair. */
export interface IndexOptions<Indices extends boolean> {
  /** Whether the positions of the elements are returned, too. Default false. */
  readonly returnIndices?: Indices;
}

/** What a pooling returns that may return indices. */
export type Pooled<Indices extends boolean> = Indices extends true ? ValuesIndices : Tensor;

/** Options of the max pools. */
export interface MaxPoolOptions {
  /** How far apart the windows are. Default the window's own extents. */
  readonly stride?: Extents | null;
  /** Elements of minus infinity added at both ends of each axis. Default 0. */
  readonly padding?: Extents;
  /** How far apart the elements of a window are. Default 1. */
  readonly dilation?: Extents;
  /** Whether a last window that does not fit counts too. Default false. */
  readonly ceilMode?: boolean;
}

/**
 * Base of `MaxPool1d`, `MaxPool2d` and `MaxPool3d`: each window becomes its largest element. An extent L becomes ⌊(L + 2 · padding -
 * dilation · (kernelSize - 1) - 1) / stride⌋ + 1, rounded up with `ceilMode`.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const pool: nn.MaxPool = new nn.MaxPool2d(2);
 * console.log(pool.kernelSize, pool.stride); // 2 2
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html}
 */
export abstract class MaxPool<Indices extends boolean = false> extends Module {
  /** Extents of the window. */
  readonly kernelSize: Extents;
  /** How far apart the windows are. */
  readonly stride: Extents;
  /** Elements added at both ends of each axis. */
  readonly padding: Extents;
  /** How far apart the elements of a window are. */
  readonly dilation: Extents;
  /** Whether the positions of the elements are returned, too. */
  readonly returnIndices: boolean;
  /** Whether a last window that does not fit counts too. */
  readonly ceilMode: boolean;

  /** Windows of `kernelSize`. */
  constructor(kernelSize: Extents, options: MaxPoolOptions & IndexOptions<Indices> = {}) {
    super();
    this.kernelSize = kernelSize;
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
    this.dilation = options.dilation ?? 1;
    this.returnIndices = options.returnIndices ?? false;
    this.ceilMode = options.ceilMode ?? false;
  }

  /** What `functional` calls the options. */
  protected get options(): Options {
    const { stride, padding, dilation, ceilMode, returnIndices } = this;
    return { stride, padding, dilation, ceilMode, returnIndices };
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `kernel_size=${pythonValue(this.kernelSize)}, stride=${pythonValue(this.stride)}, ` +
      `padding=${pythonValue(this.padding)}, dilation=${pythonValue(this.dilation)}, ceil_mode=${
        pythonValue(this.ceilMode)
      }`;
  }
}

/**
 * The largest element of each window, over one axis: [N, C, L] to [N, C, L'], where L' is ⌊(L + 2 · padding - dilation · (kernelSize - 1) -
 * 1) / stride⌋ + 1, or both without N. Defaults: stride the window's extents, padding 0, dilation 1, ceilMode false; with `returnIndices`,
 * default false, the result is a pair: the elements and their positions in the input.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const [values, indices] = new nn.MaxPool1d(2, { returnIndices: true })(tensor([[1.5, 2.5, 6.5, 3.5]]));
 * console.log(values, indices); // tensor([[2.5000, 6.5000]]) tensor([[1, 2]])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or where no window fits; {ValueError} for a padding above half the window
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html}
 */
export class MaxPool1d<Indices extends boolean = false> extends MaxPool<Indices> {
  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor): Pooled<Indices> {
    requireInput(this, "input", input);
    return F.maxPool1d(input, this.kernelSize, this.options) as Pooled<Indices>;
  }
}

/**
 * The largest element of each window, over two axes: [N, C, H, W] to [N, C, H', W'], where H' is ⌊(H + 2 · padding - dilation · (kernelSize
 * - 1) - 1) / stride⌋ + 1 and W' likewise, or both without N. Defaults: stride the window's extents, padding 0, dilation 1, ceilMode false;
 * with `returnIndices`, default false, the result is a pair: the elements and their positions in the input.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.MaxPool2d(3, { stride: 2 })(ones([1, 2, 7, 7])).shape); // torch.Size([1, 2, 3, 3])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or where no window fits; {ValueError} for a padding above half the window
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html}
 */
export class MaxPool2d<Indices extends boolean = false> extends MaxPool<Indices> {
  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Pooled<Indices> {
    requireInput(this, "input", input);
    return F.maxPool2d(input, this.kernelSize, this.options) as Pooled<Indices>;
  }
}

/**
 * The largest element of each window, over three axes: [N, C, D, H, W] to [N, C, D', H', W'], where D' is ⌊(D + 2 · padding - dilation ·
 * (kernelSize - 1) - 1) / stride⌋ + 1 and H', W' likewise, or both without N. Defaults: stride the window's extents, padding 0, dilation 1,
 * ceilMode false; with `returnIndices`, default false, the result is a pair: the elements and their positions in the input.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.MaxPool3d(3, { stride: 2 })(ones([1, 2, 7, 7, 7])).shape); // torch.Size([1, 2, 3, 3, 3])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or where no window fits; {ValueError} for a padding above half the window
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html}
 */
export class MaxPool3d<Indices extends boolean = false> extends MaxPool<Indices> {
  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor): Pooled<Indices> {
    requireInput(this, "input", input);
    return F.maxPool3d(input, this.kernelSize, this.options) as Pooled<Indices>;
  }
}
