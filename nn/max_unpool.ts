/**
 * The inverse of max pooling.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import type { Extents } from "./conv.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

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
 * Base of `MaxUnpool1d`, `MaxUnpool2d` and `MaxUnpool3d`: puts elements back at the positions that a max pool returned, among zeros. An
 * extent L becomes (L - 1) · stride - 2 · padding + kernelSize, or what `outputSize` says.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const unpool: nn.MaxUnpool = new nn.MaxUnpool1d(2);
 * console.log(unpool.kernelSize); // 2
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html}
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
 * The partial inverse of `MaxPool1d`: its elements at the positions that it returned, and zeros where no element was the largest. [N, C, L]
 * to [N, C, L'], where L' is (L - 1) · stride - 2 · padding + kernelSize, or both without N; `outputSize`, given in the call, chooses
 * another extent that pools to the same. Defaults: stride the window's extents, padding 0.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const [values, indices] = new nn.MaxPool1d(2, { returnIndices: true })(tensor([[1.5, 2.5, 6.5, 3.5]]));
 * console.log(new nn.MaxUnpool1d(2)(values, indices)); // tensor([[0.0000, 2.5000, 6.5000, 0.0000]])
 * ```
 *
 * @throws {ShapeError} in `forward`, where elements and positions differ in shape, or for an impossible `outputSize`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html}
 */
export class MaxUnpool1d extends MaxUnpool {
  /** `input` and `indices` are what the pooling returned. */
  override forward(input: Tensor, indices: Tensor, { outputSize = null }: OutputSizeOptions = {}): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "indices", indices);
    const { stride, padding } = this;
    return F.maxUnpool1d(input, indices, this.kernelSize, { stride, padding, outputSize });
  }
}

/**
 * The partial inverse of `MaxPool2d`: its elements at the positions that it returned, and zeros where no element was the largest. [N, C, H,
 * W] to [N, C, H', W'], where H' is (H - 1) · stride - 2 · padding + kernelSize and W' likewise, or both without N; `outputSize`, given in
 * the call, chooses another extent that pools to the same. Defaults: stride the window's extents, padding 0.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const [values, indices] = new nn.MaxPool2d(2, { returnIndices: true })(randn([1, 1, 4, 4]));
 * console.log(new nn.MaxUnpool2d(2)(values, indices).shape); // torch.Size([1, 1, 4, 4])
 * ```
 *
 * @throws {ShapeError} in `forward`, where elements and positions differ in shape, or for an impossible `outputSize`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html}
 */
export class MaxUnpool2d extends MaxUnpool {
  /** `input` and `indices` are what the pooling returned. */
  override forward(input: Tensor, indices: Tensor, { outputSize = null }: OutputSizeOptions = {}): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "indices", indices);
    const { stride, padding } = this;
    return F.maxUnpool2d(input, indices, this.kernelSize, { stride, padding, outputSize });
  }
}

/**
 * The partial inverse of `MaxPool3d`: its elements at the positions that it returned, and zeros where no element was the largest. [N, C, D,
 * H, W] to [N, C, D', H', W'], where D' is (D - 1) · stride - 2 · padding + kernelSize and H', W' likewise, or both without N; `outputSize`,
 * given in the call, chooses another extent that pools to the same. Defaults: stride the window's extents, padding 0.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const [values, indices] = new nn.MaxPool3d(2, { returnIndices: true })(randn([1, 1, 4, 4, 4]));
 * console.log(new nn.MaxUnpool3d(2)(values, indices).shape); // torch.Size([1, 1, 4, 4, 4])
 * ```
 *
 * @throws {ShapeError} in `forward`, where elements and positions differ in shape, or for an impossible `outputSize`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool3d.html}
 */
export class MaxUnpool3d extends MaxUnpool {
  /** `input` and `indices` are what the pooling returned. */
  override forward(input: Tensor, indices: Tensor, { outputSize = null }: OutputSizeOptions = {}): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "indices", indices);
    const { stride, padding } = this;
    return F.maxUnpool3d(input, indices, this.kernelSize, { stride, padding, outputSize });
  }
}
