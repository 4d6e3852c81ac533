/**
 * Max pooling and its inverse.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { MaxPoolOptions as Options, ValuesIndices } from "../functional/mod.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import type { Extents } from "./conv.ts";
import { Module } from "./module.ts";

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
 * Base of `MaxPool1d`, `MaxPool2d` and `MaxPool3d`: each window becomes its largest element. An extent L becomes
 * ⌊(L + 2 · padding - dilation · (kernelSize - 1) - 1) / stride⌋ + 1, rounded up with `ceilMode`.
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
 * The largest element of each window, over one axis.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.MaxPool1d(3, { stride: 2 })(ones([1, 2, 7])).shape); // torch.Size([1, 2, 3])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html}
 */
export class MaxPool1d<Indices extends boolean = false> extends MaxPool<Indices> {
  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor): Pooled<Indices> {
    return F.maxPool1d(input, this.kernelSize, this.options) as Pooled<Indices>;
  }
}

/**
 * The largest element of each window, over two axes.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.MaxPool2d(3, { stride: 2 })(ones([1, 2, 7, 7])).shape); // torch.Size([1, 2, 3, 3])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html}
 */
export class MaxPool2d<Indices extends boolean = false> extends MaxPool<Indices> {
  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Pooled<Indices> {
    return F.maxPool2d(input, this.kernelSize, this.options) as Pooled<Indices>;
  }
}

/**
 * The largest element of each window, over three axes.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.MaxPool3d(3, { stride: 2 })(ones([1, 2, 7, 7, 7])).shape); // torch.Size([1, 2, 3, 3, 3])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html}
 */
export class MaxPool3d<Indices extends boolean = false> extends MaxPool<Indices> {
  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor): Pooled<Indices> {
    return F.maxPool3d(input, this.kernelSize, this.options) as Pooled<Indices>;
  }
}

/** Options of the max unpools. */
export interface MaxUnpoolOptions {
  /** How far apart the pooling's windows were. Default the window's own extents. */
  readonly stride?: Extents | null;
  /** What the pooling added at both ends of each axis. Default 0. */
  readonly padding?: Extents;
}

/** Where several extents are possible. */
export interface OutputSizeOptions {
  /** The shape of the result, or its spatial extents. */
  readonly outputSize?: readonly number[] | null;
}

/**
 * Base of `MaxUnpool1d`, `MaxUnpool2d` and `MaxUnpool3d`: puts elements back at the positions that a max pool returned, among zeros.
 * An extent L
 * becomes (L - 1) · stride - 2 · padding + kernelSize, or what `outputSize` says.
 */
export abstract class MaxUnpool extends Module {
  /** Extents of the pooling's windows. */
  readonly kernelSize: Extents;
  /** How far apart they were. */
  readonly stride: Extents;
  /** What the pooling added at both ends of each axis. */
  readonly padding: Extents;

  /** For a pooling by windows of `kernelSize`. */
  constructor(kernelSize: Extents, options: MaxUnpoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `kernel_size=${pythonValue(this.kernelSize)}, stride=${pythonValue(this.stride)}, padding=${
      pythonValue(this.padding)
    }`;
  }
}

/**
 * The partial inverse of `MaxPool1d`: zeros where no element was the largest.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const [values, indices] = new nn.MaxPool1d(2, { returnIndices: true })(randn([1, 1, 4]));
 * console.log(new nn.MaxUnpool1d(2)(values, indices).shape); // torch.Size([1, 1, 4])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html}
 */
export class MaxUnpool1d extends MaxUnpool {
  /** `input` and `indices` are what the pooling returned. */
  override forward(input: Tensor, indices: Tensor, { outputSize = null }: OutputSizeOptions = {}): Tensor {
    const { stride, padding } = this;
    return F.maxUnpool1d(input, indices, this.kernelSize, { stride, padding, outputSize });
  }
}

/**
 * The partial inverse of `MaxPool2d`: zeros where no element was the largest.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const [values, indices] = new nn.MaxPool2d(2, { returnIndices: true })(randn([1, 1, 4, 4]));
 * console.log(new nn.MaxUnpool2d(2)(values, indices).shape); // torch.Size([1, 1, 4, 4])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html}
 */
export class MaxUnpool2d extends MaxUnpool {
  /** `input` and `indices` are what the pooling returned. */
  override forward(input: Tensor, indices: Tensor, { outputSize = null }: OutputSizeOptions = {}): Tensor {
    const { stride, padding } = this;
    return F.maxUnpool2d(input, indices, this.kernelSize, { stride, padding, outputSize });
  }
}

/**
 * The partial inverse of `MaxPool3d`: zeros where no element was the largest.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const [values, indices] = new nn.MaxPool3d(2, { returnIndices: true })(randn([1, 1, 4, 4, 4]));
 * console.log(new nn.MaxUnpool3d(2)(values, indices).shape); // torch.Size([1, 1, 4, 4, 4])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool3d.html}
 */
export class MaxUnpool3d extends MaxUnpool {
  /** `input` and `indices` are what the pooling returned. */
  override forward(input: Tensor, indices: Tensor, { outputSize = null }: OutputSizeOptions = {}): Tensor {
    const { stride, padding } = this;
    return F.maxUnpool3d(input, indices, this.kernelSize, { stride, padding, outputSize });
  }
}

/** Options of the fractional max pools; one of `outputSize` and `outputRatio` must be given. */
export interface FractionalMaxPoolOptions {
  /** Extents of the result. */
  readonly outputSize?: Extents | null;
  /** The same as shares of the input's extents. */
  readonly outputRatio?: Extents | null;
}

/**
 * Base of `FractionalMaxPool2d` and `FractionalMaxPool3d`: the largest elements of windows at random distances, which make any extent
 * of the
 * result. From https://arxiv.org/abs/1412.6071.
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
  }

  /** What `functional` calls the options. */
  protected get options(): F.FractionalMaxPoolOptions {
    const { outputSize, outputRatio, returnIndices } = this;
    return { outputSize, outputRatio, returnIndices };
  }
}

/**
 * The largest element of each window, over two axes; windows lie at random distances.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.FractionalMaxPool2d(2, { outputSize: 3 })(randn([1, 2, 5, 5])).shape); // torch.Size([1, 2, 3, 3])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool2d.html}
 */
export class FractionalMaxPool2d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Pooled<Indices> {
    return F.fractionalMaxPool2d(input, this.kernelSize, this.options) as Pooled<Indices>;
  }
}

/**
 * The largest element of each window, over three axes; windows lie at random distances.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.FractionalMaxPool3d(2, { outputSize: 3 })(randn([1, 2, 5, 5, 5])).shape); // torch.Size([1, 2, 3, 3, 3])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool3d.html}
 */
export class FractionalMaxPool3d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor): Pooled<Indices> {
    return F.fractionalMaxPool3d(input, this.kernelSize, this.options) as Pooled<Indices>;
  }
}
