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
import { requireInput } from "./require_input.ts";

/** Options of `Upsample`; one of `size` and `scaleFactor` must be given. */
export type UpsampleOptions = Omit<InterpolateOptions, "antialias">;

/** Options of the upsamplings of one mode. */
export type UpsamplingOptions = Pick<InterpolateOptions, "size" | "scaleFactor">;

/**
 * Brings sequences, images or volumes to another size: [N, C, ...] to [N, C, ...size], or by `scaleFactor` times. `mode` is "nearest" by
 * default, "linear", "bilinear", "trilinear" by the number of positions' axes, "bicubic", "area" or "nearest-exact"; with `alignCorners`,
 * default false, the centers of the corner elements coincide.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const double = new nn.Upsample({ scaleFactor: 2, mode: "linear" });
 * console.log(double(tensor([[[1.5, 2.5]]]))); // tensor([[[1.5000, 1.7500, 2.2500, 2.5000]]])
 * ```
 *
 * @throws {ValueError} in `forward`, for none or both of `size` and `scaleFactor`, or `alignCorners` of a mode without corners
 * @throws {ShapeError} in `forward`, for axes that the mode does not take
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
    requireInput(this, "input", input);
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
 * Brings images to another size, by the nearest element: [N, C, H, W] to [N, C, ...size], or by `scaleFactor` times.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.UpsamplingNearest2d({ scaleFactor: 2 })(ones([1, 3, 4, 4])).shape); // torch.Size([1, 3, 8, 8])
 * ```
 *
 * @throws {ValueError} in `forward`, for none or both of `size` and `scaleFactor`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.UpsamplingNearest2d.html}
 */
export class UpsamplingNearest2d extends Upsample {
  /** To `size`, or by `scaleFactor`. */
  constructor(size?: Extents | UpsamplingOptions | null, options?: UpsamplingOptions) {
    super({ ...optionsOf<UpsamplingOptions>(["size"], size, options), mode: "nearest" });
  }
}

/**
 * Brings images to another size, bilinearly with aligned corners: [N, C, H, W] to [N, C, ...size], or by `scaleFactor` times.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.UpsamplingBilinear2d({ scaleFactor: 2 })(ones([1, 3, 4, 4])).shape); // torch.Size([1, 3, 8, 8])
 * ```
 *
 * @throws {ValueError} in `forward`, for none or both of `size` and `scaleFactor`
 * @throws {ShapeError} in `forward`, for other axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.UpsamplingBilinear2d.html}
 */
export class UpsamplingBilinear2d extends Upsample {
  /** To `size`, or by `scaleFactor`. */
  constructor(size?: Extents | UpsamplingOptions | null, options?: UpsamplingOptions) {
    super({ ...optionsOf<UpsamplingOptions>(["size"], size, options), mode: "bilinear", alignCorners: true });
  }
}

/**
 * Groups of r² channels spread over r x r pixels: [..., C · r², H, W] to [..., C, H · r, W · r]. From https://arxiv.org/abs/1609.05158.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.PixelShuffle(2)(ones([1, 8, 3, 3])).shape); // torch.Size([1, 2, 6, 6])
 * ```
 *
 * @throws {ShapeError} in `forward`, where r² does not divide the channels
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
    requireInput(this, "input", input);
    return F.pixelShuffle(input, this.upscaleFactor);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}

/**
 * Blocks of r x r pixels gathered in channels, the inverse of `PixelShuffle`: [..., C, H · r, W · r] to [..., C · r², H, W].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.PixelUnshuffle(2)(ones([1, 2, 6, 6])).shape); // torch.Size([1, 8, 3, 3])
 * ```
 *
 * @throws {ShapeError} in `forward`, where r does not divide height and width
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
    requireInput(this, "input", input);
    return F.pixelUnshuffle(input, this.downscaleFactor);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

/**
 * Channels in groups, dealt out in turn: channel i of group g becomes channel i · groups + g. The input is [N, C, ...], the result the same.
 *
 * ```ts
 * import { arange, nn } from "@tensaur/tensaur";
 *
 * console.log(new nn.ChannelShuffle(2)(arange(4).reshape(1, 4, 1)).flatten()); // tensor([0, 2, 1, 3])
 * ```
 *
 * @throws {ShapeError} in `forward`, where the groups do not divide the channels
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
    requireInput(this, "input", input);
    return F.channelShuffle(input, this.groups);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}
