/**
 * The errors that Tensaur throws. Each names the operation, the shapes or values at fault, and the remedy.
 *
 * @module
 */

/** Any error that Tensaur throws on purpose. */
export class TensaurError extends Error {
  /** The class's own name, as consoles print it. */
  override name = "TensaurError";
}

/** Shapes or dimensions that do not fit (PyTorch: RuntimeError). */
export class ShapeError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "ShapeError";
}

/** A dtype that an operation or a device cannot take (PyTorch: RuntimeError, TypeError). */
export class DTypeError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "DTypeError";
}

/** A dimension, an element or a class index out of range (PyTorch: IndexError). */
export class IndexError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "IndexError";
}

/** An option or argument with a value that makes no sense (PyTorch: ValueError). */
export class ValueError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "ValueError";
}

/** A misuse of automatic differentiation (PyTorch: RuntimeError). */
export class AutogradError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "AutogradError";
}

/** A device that is absent, lost, out of memory or past a limit. */
export class DeviceError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "DeviceError";
}
