/**
 * Pooling.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import type { Extents } from "./conv.ts";
import { Module } from "./module.ts";

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

/** What max pools of all dimensions have in common. */
export abstract class MaxPool extends Module {
  /** Extents of the window. */
  readonly kernelSize: Extents;
  /** How far apart the windows are. */
  readonly stride: Extents;
  /** Elements added at both ends of each axis. */
  readonly padding: Extents;
  /** How far apart the elements of a window are. */
  readonly dilation: Extents;
  /** Whether a last window that does not fit counts too. */
  readonly ceilMode: boolean;

  /** Windows of `kernelSize`. */
  constructor(kernelSize: Extents, options: MaxPoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
    this.dilation = options.dilation ?? 1;
    this.ceilMode = options.ceilMode ?? false;
  }

  /** What `functional` calls the options. */
  protected get options(): Required<MaxPoolOptions> {
    const { stride, padding, dilation, ceilMode } = this;
    return { stride, padding, dilation, ceilMode };
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
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html}
 */
export class MaxPool1d extends MaxPool {
  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor): Tensor {
    return F.maxPool1d(input, this.kernelSize, this.options);
  }
}

/**
 * The largest element of each window, over two axes.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html}
 */
export class MaxPool2d extends MaxPool {
  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Tensor {
    return F.maxPool2d(input, this.kernelSize, this.options);
  }
}

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
  /** What the sum of a window is divided by, instead of its number of elements. */
  readonly divisorOverride?: number | null;
}

/**
 * The mean of each window, over two axes.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html}
 */
export class AvgPool2d extends Module {
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

  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Tensor {
    const { stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    return F.avgPool2d(input, this.kernelSize, { stride, padding, ceilMode, countIncludePad, divisorOverride });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `kernel_size=${pythonValue(this.kernelSize)}, stride=${pythonValue(this.stride)}, ` +
      `padding=${pythonValue(this.padding)}`;
  }
}
