/**
 * Reshaping as layers.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/** Options of `Flatten`. */
export interface FlattenOptions {
  /** The first axis to join. Default 1. */
  readonly startDim?: number;
  /** The last axis to join. Default -1. */
  readonly endDim?: number;
}

/**
 * Joins the axes from `startDim`, default 1, to `endDim`, default -1: [N, a, b, c] to [N, a · b · c].
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.Flatten()(randn([32, 1, 5, 5])).shape); // torch.Size([32, 25])
 * console.log(new nn.Flatten(0, 2)(randn([32, 1, 5, 5])).shape); // torch.Size([160, 5])
 * ```
 *
 * @throws {IndexError} in `forward`, for an axis that the input lacks
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html}
 */
export class Flatten extends Module {
  /** The first axis to join. */
  readonly startDim: number;
  /** The last axis to join. */
  readonly endDim: number;

  /** Joins the axes from `startDim` to `endDim`. */
  constructor(startDim?: number | FlattenOptions, endDim?: number | FlattenOptions) {
    super();
    const given = optionsOf<FlattenOptions>(["startDim", "endDim"], startDim, endDim);
    this.startDim = given.startDim ?? 1;
    this.endDim = given.endDim ?? -1;
  }

  /** The same elements with fewer axes. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return input.flatten(this.startDim, this.endDim);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/**
 * Splits the axis `dim` into axes of extents `unflattenedSize`, of which one may be -1 for what remains.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.Unflatten(1, [2, 5, -1])(randn([2, 50])).shape); // torch.Size([2, 2, 5, 5])
 * ```
 *
 * @throws {ShapeError} in `forward`, where the extents do not multiply to the axis's
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Unflatten.html}
 */
export class Unflatten extends Module {
  /** The axis to split. */
  readonly dim: number;
  /** The extents of the axes that it becomes. */
  readonly unflattenedSize: readonly number[];

  /** Splits `dim` into axes of the given extents, one of which may be -1. */
  constructor(dim: number, unflattenedSize: readonly number[]) {
    super();
    this.dim = dim;
    this.unflattenedSize = [...unflattenedSize];
  }

  /** The same elements with more axes. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return input.unflatten(this.dim, this.unflattenedSize);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${pythonValue(this.unflattenedSize)}`;
  }
}
