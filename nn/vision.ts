/**
 * Images at other sizes, and channels as pixels.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { InterpolateOptions, InterpolationMode } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonFloat, pythonValue } from "../tensor/python_format.ts";
import { optionsOf } from "../tensor/arguments.ts";
import type { Extents } from "./conv.ts";
import { Module } from "./module.ts";

/** Options of `Upsample`; one of `size` and `scaleFactor` must be given. */
export type UpsampleOptions = Omit<InterpolateOptions, "antialias">;

/** Options of the upsamplings of one mode. */
export type UpsamplingOptions = Pick<InterpolateOptions, "size" | "scaleFactor">;

/**
 * Brings images to another size.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const double = new nn.Upsample({ scaleFactor: 2, mode: "bilinear" });
 * console.log(double(ones([1, 3, 4, 4])).shape); // torch.Size([1, 3, 8, 8])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html}
 */
export class Upsample extends Module {
  /** Spatial extents of the result; null where factors are given. */
  readonly size: Extents | null;
  /** Factors of the spatial extents; null where extents are given. */
  readonly scaleFactor: Extents | null;
  /** How elements between the given ones are made. */
  readonly mode: InterpolationMode;
  /** Whether the centers of the corner elements coincide; null where the mode has no corners. */
  readonly alignCorners: boolean | null;
  /** Whether positions follow from the rounded extents; null for no. */
  readonly recomputeScaleFactor: boolean | null;

  /** To `size`, or by `scaleFactor`. */
  constructor(size?: Extents | UpsampleOptions | null, options?: UpsampleOptions) {
    super();
    const given = optionsOf<UpsampleOptions>(["size"], size, options);
    this.size = given.size ?? null;
    this.scaleFactor = given.scaleFactor ?? null;
    this.mode = given.mode ?? "nearest";
    this.alignCorners = given.alignCorners ?? null;
    this.recomputeScaleFactor = given.recomputeScaleFactor ?? null;
  }

  /** `input` at its new size. */
  override forward(input: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } = this;
    return F.interpolate(input, { size, scaleFactor, mode, alignCorners, recomputeScaleFactor });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    const { size, scaleFactor } = this;
    const factor = typeof scaleFactor === "number"
      ? pythonFloat(scaleFactor)
      : `(${scaleFactor?.map(pythonFloat).join(", ")})`;
    return `${size === null ? `scale_factor=${factor}` : `size=${pythonValue(size)}`}, mode=${pythonValue(this.mode)}`;
  }
}

/**
 * Brings images to another size, by the nearest element.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.UpsamplingNearest2d({ scaleFactor: 2 })(ones([1, 3, 4, 4])).shape); // torch.Size([1, 3, 8, 8])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.UpsamplingNearest2d.html}
 */
export class UpsamplingNearest2d extends Upsample {
  /** To `size`, or by `scaleFactor`. */
  constructor(size?: Extents | UpsamplingOptions | null, options?: UpsamplingOptions) {
    super({ ...optionsOf<UpsamplingOptions>(["size"], size, options), mode: "nearest" });
  }
}

/**
 * Brings images to another size, bilinearly with aligned corners.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.UpsamplingBilinear2d({ scaleFactor: 2 })(ones([1, 3, 4, 4])).shape); // torch.Size([1, 3, 8, 8])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.UpsamplingBilinear2d.html}
 */
export class UpsamplingBilinear2d extends Upsample {
  /** To `size`, or by `scaleFactor`. */
  constructor(size?: Extents | UpsamplingOptions | null, options?: UpsamplingOptions) {
    super({ ...optionsOf<UpsamplingOptions>(["size"], size, options), mode: "bilinear", alignCorners: true });
  }
}

/**
 * Groups of r² channels spread over r x r pixels: [..., C · r², H, W] to [..., C, H · r, W · r].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.PixelShuffle(2)(ones([1, 8, 3, 3])).shape); // torch.Size([1, 2, 6, 6])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html}
 */
export class PixelShuffle extends Module {
  /** The factor r. */
  readonly upscaleFactor: number;

  /** By factor `upscaleFactor`. */
  constructor(upscaleFactor: number) {
    super();
    this.upscaleFactor = upscaleFactor;
  }

  /** `input` with fewer channels and more pixels. */
  override forward(input: Tensor): Tensor {
    return F.pixelShuffle(input, this.upscaleFactor);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}

/**
 * Blocks of r x r pixels gathered in channels: the inverse of `PixelShuffle`.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.PixelUnshuffle(2)(ones([1, 2, 6, 6])).shape); // torch.Size([1, 8, 3, 3])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html}
 */
export class PixelUnshuffle extends Module {
  /** The factor r. */
  readonly downscaleFactor: number;

  /** By factor `downscaleFactor`. */
  constructor(downscaleFactor: number) {
    super();
    this.downscaleFactor = downscaleFactor;
  }

  /** `input` with more channels and fewer pixels. */
  override forward(input: Tensor): Tensor {
    return F.pixelUnshuffle(input, this.downscaleFactor);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

/**
 * Channels in groups, dealt out in turn.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.ChannelShuffle(2)(ones([1, 4, 3, 3])).shape); // torch.Size([1, 4, 3, 3])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html}
 */
export class ChannelShuffle extends Module {
  /** Number of groups. */
  readonly groups: number;

  /** In `groups` groups. */
  constructor(groups: number) {
    super();
    this.groups = groups;
  }

  /** `input` with its channels in another order. */
  override forward(input: Tensor): Tensor {
    return F.channelShuffle(input, this.groups);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}
