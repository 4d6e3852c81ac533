/**
 * Tensors of one value, and the identity.
 *
 * @module
 */

import { expand, expr, iota, map, reshape, scalar, type Shape, ShapeError } from "../kernels/mod.ts";
import { called } from "./calls.ts";
import { checkShape, created, type CreationOptions, type ShapeArguments, shapeArguments, target } from "./creation.ts";
import { checkFits, getDefaultDtype, type Scalar } from "./promotion.ts";
import { requireTensor } from "./require_tensor.ts";
import type { Tensor } from "./tensor.ts";

/**
 * A 0-d float tensor, or one of the given dtype.
 *
 * @example
 * ```ts
 * import { scalarTensor } from "@tensaur/tensaur";
 *
 * console.log(scalarTensor(2)); // tensor(2.)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.tensor.html}
 */
export function scalarTensor(value: Scalar, options: CreationOptions = {}): Tensor {
  return full([], value, { ...options, dtype: options.dtype ?? getDefaultDtype() });
}

/**
 * A tensor of `shape` filled with one value: bool for a boolean, else float32 unless `dtype` says otherwise. PyTorch makes integers of
 * an integral value; JavaScript does not tell 0.0 from 0.
 *
 * @example
 * ```ts
 * import { full } from "@tensaur/tensaur";
 *
 * console.log(full([2], 3), full([2], true)); // tensor([3., 3.]) tensor([True, True])
 * ```
 *
 * @throws {ShapeError} for sizes that are not whole numbers from 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.full.html}
 */
export function full(shape: Shape, value: Scalar, options: CreationOptions = {}): Tensor {
  checkShape("a tensor", shape);
  const { dtype, device } = target(options, typeof value === "boolean" ? "bool" : getDefaultDtype());
  checkFits(Number(value), dtype);
  const make = () => created(expand(scalar(Number(value), dtype, device), [...shape]), options);
  return called("full", [shape, value, { dtype }], make);
}

function filled(operation: string, value: number, args: ShapeArguments): Tensor {
  const { shape, options } = shapeArguments(operation, args);
  return full(shape, value, { ...options, dtype: options.dtype ?? getDefaultDtype() });
}

/**
 * Zeros: `zeros(2, 3)` or `zeros([2, 3])`.
 *
 * @example
 * ```ts
 * import { zeros } from "@tensaur/tensaur";
 *
 * console.log(zeros([2]), zeros(2, 3).shape); // tensor([0., 0.]) torch.Size([2, 3])
 * ```
 *
 * @throws {ShapeError} for sizes that are not whole numbers from 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.zeros.html}
 */
export function zeros(shape: Shape, options?: CreationOptions): Tensor;
/** Zeros, the sizes one by one. */
export function zeros(...sizesAndOptions: (number | CreationOptions)[]): Tensor;
export function zeros(...args: ShapeArguments): Tensor {
  return filled("zeros", 0, args);
}

/**
 * Ones: `ones(2, 3)` or `ones([2, 3])`.
 *
 * @example
 * ```ts
 * import { ones } from "@tensaur/tensaur";
 *
 * console.log(ones([2]), ones(2, { dtype: "int32" })); // tensor([1., 1.]) tensor([1, 1])
 * ```
 *
 * @throws {ShapeError} for sizes that are not whole numbers from 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.ones.html}
 */
export function ones(shape: Shape, options?: CreationOptions): Tensor;
/** Ones, the sizes one by one. */
export function ones(...sizesAndOptions: (number | CreationOptions)[]): Tensor;
export function ones(...args: ShapeArguments): Tensor {
  return filled("ones", 1, args);
}

/**
 * A tensor to be filled later; here it holds zeros, so that runs repeat.
 *
 * @example
 * ```ts
 * import { empty } from "@tensaur/tensaur";
 *
 * console.log(empty([2, 3]).shape); // torch.Size([2, 3])
 * ```
 *
 * @throws {ShapeError} for sizes that are not whole numbers from 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.empty.html}
 */
export function empty(shape: Shape, options?: CreationOptions): Tensor;
/** A tensor to be filled later, the sizes one by one. */
export function empty(...sizesAndOptions: (number | CreationOptions)[]): Tensor;
export function empty(...args: ShapeArguments): Tensor {
  return filled("an empty tensor", 0, args);
}

/**
 * A tensor to be filled later; here it holds zeros. Elements are always in row-major order, so the strides only have to be valid.
 *
 * @example
 * ```ts
 * import { emptyStrided } from "@tensaur/tensaur";
 *
 * console.log(emptyStrided([2, 3], [3, 1]).shape); // torch.Size([2, 3])
 * ```
 *
 * @throws {ShapeError} for another number of strides than of sizes, or numbers below 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.empty_strided.html}
 */
export function emptyStrided(size: Shape, stride: Shape, options: CreationOptions = {}): Tensor {
  checkShape("a stride", stride);
  if (size.length !== stride.length) {
    throw new ShapeError(
      `Cannot create a tensor of size [${size.join(", ")}] with stride [${stride.join(", ")}]: give as many of each`,
    );
  }
  return empty(size, options);
}

/**
 * `full` with the shape, dtype and device of `x`.
 *
 * @example
 * ```ts
 * import { fullLike, ones } from "@tensaur/tensaur";
 *
 * console.log(fullLike(ones([2]), 0.5)); // tensor([0.5000, 0.5000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.full_like.html}
 */
export function fullLike(x: Tensor, value: Scalar, options: CreationOptions = {}): Tensor {
  requireTensor("fullLike", "x", x);
  return full(x.shape, value, { dtype: x.dtype, device: x.device, ...options });
}

/**
 * Zeros with the shape, dtype and device of `x`.
 *
 * @example
 * ```ts
 * import { ones, zerosLike } from "@tensaur/tensaur";
 *
 * console.log(zerosLike(ones([2]))); // tensor([0., 0.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.zeros_like.html}
 */
export function zerosLike(x: Tensor, options: CreationOptions = {}): Tensor {
  requireTensor("zerosLike", "x", x);
  return fullLike(x, 0, options);
}

/**
 * Ones with the shape, dtype and device of `x`.
 *
 * @example
 * ```ts
 * import { onesLike, zeros } from "@tensaur/tensaur";
 *
 * console.log(onesLike(zeros([2]), { dtype: "int32" })); // tensor([1, 1])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.ones_like.html}
 */
export function onesLike(x: Tensor, options: CreationOptions = {}): Tensor {
  requireTensor("onesLike", "x", x);
  return fullLike(x, 1, options);
}

/**
 * A tensor to be filled later with the shape, dtype and device of `x`; it holds zeros.
 *
 * @example
 * ```ts
 * import { emptyLike, ones } from "@tensaur/tensaur";
 *
 * console.log(emptyLike(ones([2, 3])).shape); // torch.Size([2, 3])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.empty_like.html}
 */
export function emptyLike(x: Tensor, options: CreationOptions = {}): Tensor {
  requireTensor("emptyLike", "x", x);
  return fullLike(x, 0, options);
}

/**
 * The identity matrix of `n` rows and `m` (by default `n`) columns.
 *
 * @example
 * ```ts
 * import { eye } from "@tensaur/tensaur";
 *
 * console.log(eye(2));
 * // tensor([[1., 0.],
 * //         [0., 1.]])
 * ```
 *
 * @throws {ShapeError} for sizes that are not whole numbers from 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.eye.html}
 */
export function eye(n: number, m?: number, options?: CreationOptions): Tensor;
/** The square identity matrix. */
export function eye(n: number, options: CreationOptions): Tensor;
export function eye(n: number, m?: number | CreationOptions, options: CreationOptions = {}): Tensor {
  if (typeof m === "object") return eye(n, n, m);
  const columns = m ?? n;
  checkShape("an identity matrix", [n, columns]);
  const { dtype, device } = target(options, getDefaultDtype());
  const diagonal = expr.binary("eq", expr.arg(0, "int32"), expr.arg(1, "int32"));
  return created(map(expr.cast(dtype, diagonal), [reshape(iota(n, device), [n, 1]), iota(columns, device)]), options);
}
