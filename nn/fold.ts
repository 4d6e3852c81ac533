/**
 * Blocks of images as columns, and back.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { FoldOptions } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import type { Extents } from "./conv.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/**
 * Base of `Fold` and `Unfold`: which blocks an image has.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const blocks: nn.Blocks = new nn.Unfold(2, { stride: 2 });
 * console.log(`${blocks}`); // Unfold(kernel_size=2, dilation=1, padding=0, stride=2)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Unfold.html}
 */
export abstract class Blocks extends Module {
  /** Extents of a block. */
  readonly kernelSize: Extents;
  /** How far apart the elements of a block are. */
  readonly dilation: Extents;
  /** Zeros around the image. */
  readonly padding: Extents;
  /** How far apart the blocks are. */
  readonly stride: Extents;

  /** Blocks of `kernelSize`. */
  constructor(kernelSize: Extents, { dilation = 1, padding = 0, stride = 1 }: FoldOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.dilation = dilation;
    this.padding = padding;
    this.stride = stride;
  }

  /** What `functional` calls the options. */
  protected get options(): Required<FoldOptions> {
    const { dilation, padding, stride } = this;
    return { dilation, padding, stride };
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `kernel_size=${pythonValue(this.kernelSize)}, dilation=${pythonValue(this.dilation)}, ` +
      `padding=${pythonValue(this.padding)}, stride=${pythonValue(this.stride)}`;
  }
}

/**
 * Every block of an image as a column: [N, C, H, W] to [N, C · the block's size, blocks], or both without N. Along an extent L there are ⌊(L
 * + 2 · padding - dilation · (kernelSize - 1) - 1) / stride⌋ + 1 blocks. Defaults: dilation 1, padding 0, stride 1.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.Unfold([2, 3])(ones([2, 5, 3, 4])).shape); // torch.Size([2, 30, 4])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or where no block fits
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Unfold.html}
 */
export class Unfold extends Blocks {
  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.unfold(input, this.kernelSize, this.options);
  }
}

/**
 * The image to which every column adds its block: [N, C · the block's size, blocks] to [N, C, ...outputSize], or both without N. Where
 * blocks overlap, it sums, so it is no inverse of `Unfold`. Defaults: dilation 1, padding 0, stride 1.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.Fold([3, 4], [2, 3])(ones([2, 30, 4])).shape); // torch.Size([2, 5, 3, 4])
 * ```
 *
 * @throws {ShapeError} in `forward`, for another number or size of blocks
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Fold.html}
 */
export class Fold extends Blocks {
  /** Extents of the image. */
  readonly outputSize: Extents;

  /** Blocks of `kernelSize` in an image of `outputSize`. */
  constructor(outputSize: Extents, kernelSize: Extents, options: FoldOptions = {}) {
    super(kernelSize, options);
    this.outputSize = outputSize;
  }

  /** `input` is [N, columns, blocks] or [columns, blocks]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.fold(input, this.outputSize, this.kernelSize, this.options);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `output_size=${pythonValue(this.outputSize)}, ${super.extraRepr()}`;
  }
}
