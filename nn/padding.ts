/**
 * Padding.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { ShapeError, type Tensor } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import type { Extents } from "./conv.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/**
 * Base of all paddings. `padding` is one number for both ends of each axis, or a number for each end, the last axis first: [left, right,
 * top, bottom, front, back]. Negative numbers cut off.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const padding: nn.Padding = new nn.ReflectionPad1d(1);
 * console.log(padding(tensor([[[1, 2, 3]]]))); // tensor([[[2, 1, 2, 3, 2]]])
 * ```
 *
 * @throws {ShapeError} for a list of another length
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html}
 */
export abstract class Padding extends Module {
  /** Elements added before and after each axis, the last axis first. */
  readonly padding: readonly number[];
  /** How the border is made. */
  protected readonly border: F.PadOptions;

  /**
   * Adds `padding` elements at both ends of each of the last `axes` axes, or as many as the list says for each end; zeros unless `border` says
   * otherwise.
   */
  constructor(axes: number, padding: Extents, border: F.PadOptions = {}) {
    super();
    const list = typeof padding === "number" ? new Array<number>(2 * axes).fill(padding) : [...padding];
    if (list.length !== 2 * axes) {
      throw new ShapeError(`Cannot pad ${axes} axes by [${list.join(", ")}]: give one number, or ${2 * axes}`);
    }
    this.padding = list;
    this.border = border;
  }

  /** `input` within its border. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.pad(input, this.padding, this.border);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return pythonValue(this.padding);
  }
}

/**
 * Base of `ConstantPad1d`, `ConstantPad2d` and `ConstantPad3d`: keeps the constant.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const padding: nn.ConstantPad = new nn.ConstantPad1d([1, 0], 9);
 * console.log(padding(tensor([[[1, 2]]])), padding.value); // tensor([[[9, 1, 2]]]) 9
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html}
 */
export abstract class ConstantPad extends Padding {
  /** The constant. */
  readonly value: number;

  /** A border of `value`. */
  constructor(axes: number, padding: Extents, value: number) {
    super(axes, padding, { value });
    this.value = value;
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `padding=${pythonValue(this.padding)}, value=${pythonValue(this.value)}`;
  }
}

/**
 * A border of a constant, around the last axis. `padding` is one number for all ends, or [left, right]: [..., W] to [..., W + left + right].
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.ConstantPad1d(2, 7)(tensor([[1, 2, 3]]))); // tensor([[7, 7, 1, 2, 3, 7, 7]])
 * ```
 *
 * @throws {ShapeError} for a list of another length
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad1d.html}
 */
export class ConstantPad1d extends ConstantPad {
  /** A border of `value`, `padding` elements wide. */
  constructor(padding: Extents, value: number) {
    super(1, padding, value);
  }
}

/**
 * A border of a constant, around the last two axes. `padding` is one number for all ends, or [left, right, top, bottom]: [..., H, W] to
 * [..., H + top + bottom, W + left + right].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.ConstantPad2d([1, 1, 0, 1], 7)(ones([1, 1, 2, 2])).shape); // torch.Size([1, 1, 3, 4])
 * ```
 *
 * @throws {ShapeError} for a list of another length
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html}
 */
export class ConstantPad2d extends ConstantPad {
  /** A border of `value`, `padding` elements wide. */
  constructor(padding: Extents, value: number) {
    super(2, padding, value);
  }
}

/**
 * A border of a constant, around the last three axes. `padding` is one number for all ends, or [left, right, top, bottom, front, back]:
 * [..., D, H, W] to [..., D + front + back, H + top + bottom, W + left + right].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.ConstantPad3d(1, 7)(ones([1, 1, 2, 2, 2])).shape); // torch.Size([1, 1, 4, 4, 4])
 * ```
 *
 * @throws {ShapeError} for a list of another length
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad3d.html}
 */
export class ConstantPad3d extends ConstantPad {
  /** A border of `value`, `padding` elements wide. */
  constructor(padding: Extents, value: number) {
    super(3, padding, value);
  }
}

/**
 * A border of zeros, around the last axis. `padding` is one number for all ends, or [left, right]: [..., W] to [..., W + left + right].
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.ZeroPad1d(2)(tensor([[1, 2, 3]]))); // tensor([[0, 0, 1, 2, 3, 0, 0]])
 * ```
 *
 * @throws {ShapeError} for a list of another length
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad1d.html}
 */
export class ZeroPad1d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(1, padding);
  }
}

/**
 * A border of zeros, around the last two axes. `padding` is one number for all ends, or [left, right, top, bottom]: [..., H, W] to [..., H +
 * top + bottom, W + left + right].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.ZeroPad2d([1, 1, 0, 1])(ones([1, 1, 2, 2])).shape); // torch.Size([1, 1, 3, 4])
 * ```
 *
 * @throws {ShapeError} for a list of another length
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html}
 */
export class ZeroPad2d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(2, padding);
  }
}

/**
 * A border of zeros, around the last three axes. `padding` is one number for all ends, or [left, right, top, bottom, front, back]: [..., D,
 * H, W] to [..., D + front + back, H + top + bottom, W + left + right].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.ZeroPad3d(1)(ones([1, 1, 2, 2, 2])).shape); // torch.Size([1, 1, 4, 4, 4])
 * ```
 *
 * @throws {ShapeError} for a list of another length
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad3d.html}
 */
export class ZeroPad3d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(3, padding);
  }
}
