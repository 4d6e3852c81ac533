/**
 * Padding by elements of the input.
 *
 * @module
 */

import type { Extents } from "./conv.ts";
import { Padding } from "./padding.ts";

/**
 * A border of the elements reflected at the edges, around the last axis. `padding` is one number for all ends, or [left, right]: [..., W] to
 * [..., W + left + right].
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.ReflectionPad1d(2)(tensor([[1, 2, 3]]))); // tensor([[3, 2, 1, 2, 3, 2, 1]])
 * ```
 *
 * @throws {ShapeError} for a list of another length, and in `forward`, for a border as wide as its axis
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad1d.html}
 */
export class ReflectionPad1d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(1, padding, { mode: "reflect" });
  }
}

/**
 * A border of the elements reflected at the edges, around the last two axes. `padding` is one number for all ends, or [left, right, top,
 * bottom]: [..., H, W] to [..., H + top + bottom, W + left + right].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.ReflectionPad2d([1, 1, 0, 1])(ones([1, 1, 2, 2])).shape); // torch.Size([1, 1, 3, 4])
 * ```
 *
 * @throws {ShapeError} for a list of another length, and in `forward`, for a border as wide as its axis
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html}
 */
export class ReflectionPad2d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(2, padding, { mode: "reflect" });
  }
}

/**
 * A border of the elements reflected at the edges, around the last three axes. `padding` is one number for all ends, or [left, right, top,
 * bottom, front, back]: [..., D, H, W] to [..., D + front + back, H + top + bottom, W + left + right].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.ReflectionPad3d(1)(ones([1, 1, 2, 2, 2])).shape); // torch.Size([1, 1, 4, 4, 4])
 * ```
 *
 * @throws {ShapeError} for a list of another length, and in `forward`, for a border as wide as its axis
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad3d.html}
 */
export class ReflectionPad3d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(3, padding, { mode: "reflect" });
  }
}

/**
 * A border of the edges' own elements, around the last axis. `padding` is one number for all ends, or [left, right]: [..., W] to [..., W +
 * left + right].
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.ReplicationPad1d(2)(tensor([[1, 2, 3]]))); // tensor([[1, 1, 1, 2, 3, 3, 3]])
 * ```
 *
 * @throws {ShapeError} for a list of another length
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad1d.html}
 */
export class ReplicationPad1d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(1, padding, { mode: "replicate" });
  }
}

/**
 * A border of the edges' own elements, around the last two axes. `padding` is one number for all ends, or [left, right, top, bottom]: [...,
 * H, W] to [..., H + top + bottom, W + left + right].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.ReplicationPad2d([1, 1, 0, 1])(ones([1, 1, 2, 2])).shape); // torch.Size([1, 1, 3, 4])
 * ```
 *
 * @throws {ShapeError} for a list of another length
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html}
 */
export class ReplicationPad2d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(2, padding, { mode: "replicate" });
  }
}

/**
 * A border of the edges' own elements, around the last three axes. `padding` is one number for all ends, or [left, right, top, bottom,
 * front, back]: [..., D, H, W] to [..., D + front + back, H + top + bottom, W + left + right].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.ReplicationPad3d(1)(ones([1, 1, 2, 2, 2])).shape); // torch.Size([1, 1, 4, 4, 4])
 * ```
 *
 * @throws {ShapeError} for a list of another length
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad3d.html}
 */
export class ReplicationPad3d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(3, padding, { mode: "replicate" });
  }
}

/**
 * A border of the elements at the other end, around the last axis. `padding` is one number for all ends, or [left, right]: [..., W] to [...,
 * W + left + right].
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.CircularPad1d(2)(tensor([[1, 2, 3]]))); // tensor([[2, 3, 1, 2, 3, 1, 2]])
 * ```
 *
 * @throws {ShapeError} for a list of another length, and in `forward`, for a border wider than its axis
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CircularPad1d.html}
 */
export class CircularPad1d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(1, padding, { mode: "circular" });
  }
}

/**
 * A border of the elements at the other end, around the last two axes. `padding` is one number for all ends, or [left, right, top, bottom]:
 * [..., H, W] to [..., H + top + bottom, W + left + right].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.CircularPad2d([1, 1, 0, 1])(ones([1, 1, 2, 2])).shape); // torch.Size([1, 1, 3, 4])
 * ```
 *
 * @throws {ShapeError} for a list of another length, and in `forward`, for a border wider than its axis
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CircularPad2d.html}
 */
export class CircularPad2d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(2, padding, { mode: "circular" });
  }
}

/**
 * A border of the elements at the other end, around the last three axes. `padding` is one number for all ends, or [left, right, top, bottom,
 * front, back]: [..., D, H, W] to [..., D + front + back, H + top + bottom, W + left + right].
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.CircularPad3d(1)(ones([1, 1, 2, 2, 2])).shape); // torch.Size([1, 1, 4, 4, 4])
 * ```
 *
 * @throws {ShapeError} for a list of another length, and in `forward`, for a border wider than its axis
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CircularPad3d.html}
 */
export class CircularPad3d extends Padding {
  /** A border `padding` elements wide. */
  constructor(padding: Extents) {
    super(3, padding, { mode: "circular" });
  }
}
