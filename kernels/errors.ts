/**
 * The errors that Tensaur throws. Each names the operation, the shapes or values at fault, and the remedy.
 *
 * @module
 */

/**
 * Any error that Tensaur throws on purpose.
 *
 * @example
 * ```ts
 * import { ones, TensaurError } from "@tensaur/tensaur";
 *
 * try {
 *   ones([2]).matmul(ones([3]));
 * } catch (error) {
 *   console.log(error instanceof TensaurError); // true
 * }
 * ```
 */
export class TensaurError extends Error {
  /** The class's own name, as consoles print it. */
  override name = "TensaurError";
}

/**
 * Shapes or dimensions that do not fit (PyTorch: RuntimeError).
 *
 * @example
 * ```ts
 * import { ones, ShapeError } from "@tensaur/tensaur";
 *
 * try {
 *   ones([2]).add(ones([3]));
 * } catch (error) {
 *   console.log(error instanceof ShapeError); // true
 * }
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/notes/broadcasting.html}
 */
export class ShapeError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "ShapeError";
}

/**
 * A dtype that an operation or a device cannot take (PyTorch: RuntimeError, TypeError).
 *
 * @example
 * ```ts
 * import { DTypeError, tensor } from "@tensaur/tensaur";
 *
 * try {
 *   tensor([1]).add_(0.5);
 * } catch (error) {
 *   console.log(error instanceof DTypeError); // true
 * }
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/tensor_attributes.html}
 */
export class DTypeError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "DTypeError";
}

/**
 * A dimension, an element or a class index out of range (PyTorch: IndexError).
 *
 * @example
 * ```ts
 * import { IndexError, ones } from "@tensaur/tensaur";
 *
 * try {
 *   ones([2]).sum(1);
 * } catch (error) {
 *   console.log(error instanceof IndexError); // true
 * }
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/tensors.html}
 */
export class IndexError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "IndexError";
}

/**
 * An option or argument with a value that makes no sense (PyTorch: ValueError).
 *
 * @example
 * ```ts
 * import { nn, ValueError } from "@tensaur/tensaur";
 *
 * try {
 *   new nn.Dropout(2);
 * } catch (error) {
 *   console.log(error instanceof ValueError); // true
 * }
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/nn.html}
 */
export class ValueError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "ValueError";
}

/**
 * A misuse of automatic differentiation (PyTorch: RuntimeError).
 *
 * @example
 * ```ts
 * import { AutogradError, ones } from "@tensaur/tensaur";
 *
 * try {
 *   ones([2]).sum().backward();
 * } catch (error) {
 *   console.log(error instanceof AutogradError); // true
 * }
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/notes/autograd.html}
 */
export class AutogradError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "AutogradError";
}

/**
 * A device that is absent, lost, out of memory or past a limit.
 *
 * @example
 * ```ts
 * import { DeviceError, ones } from "@tensaur/tensaur";
 *
 * try {
 *   ones([2]).cuda();
 * } catch (error) {
 *   console.log(error instanceof DeviceError); // true
 * }
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/cuda.html}
 */
export class DeviceError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "DeviceError";
}
