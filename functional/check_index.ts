/**
 * Checks of index tensors: at once where their elements are on the host, else on the device, with the error raised when a result is read.
 *
 * @module
 */

import * as kernels from "../kernels/mod.ts";
import { type CheckMessage, DTypeError, expr, IndexError, isInteger, type Node } from "../kernels/mod.ts";
import { toDtype } from "../tensor/conversion.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Indices as int32, and what to say on the device when one is out of range; undefined where they are known to be in range. */
export interface CheckedIndex {
  readonly index: Tensor;
  readonly message: CheckMessage | undefined;
}

const ranges = new WeakMap<Node, readonly [low: number, high: number]>();

/** The smallest and largest element, where they are on the host. */
function rangeOf(node: Node): readonly [low: number, high: number] | undefined {
  let range = ranges.get(node);
  if (range === undefined) {
    const elements = kernels.hostData(node);
    if (elements === undefined) return undefined;
    let low = Infinity, high = -Infinity;
    for (const value of elements) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    range = [low, high];
    ranges.set(node, range);
  }
  return range;
}

/** The node whose elements a movement shows, all or some of them; `node` itself where it is no movement. */
function source(node: Node): Node {
  let at = node;
  while (at.attributes.op === "view" && at.attributes.mask === expr.TRUE && kernels.hostData(at) === undefined) {
    // A movement that has been run has elements of its own and no operand.
    if (at.inputs[0] === undefined) break;
    at = at.inputs[0];
  }
  return at;
}

/** Refuses a tensor that cannot hold indices. */
export function requireIndex(operation: string, index: Tensor): void {
  if (isInteger(index.dtype)) return;
  throw new DTypeError(`Cannot ${operation} with an index of dtype ${index.dtype}: convert it with to("int32")`);
}

/** `index` for use along an axis of `extent`, or what to say if an element is below `lowest` or not below `extent`. */
export function checkIndex(operation: string, index: Tensor, extent: number, lowest = 0): CheckedIndex {
  requireIndex(operation, index);
  const text = (value: number) =>
    `Cannot ${operation} element ${value} of a dimension of extent ${extent}: ` +
    (extent === 0 ? "it has none" : `indices are ${lowest} to ${extent - 1}`);
  const shown = source(index.node), range = rangeOf(shown);
  const int = toDtype(new Tensor(index.node), "int32");
  if (range === undefined) return { index: int, message: lateIndexError(text) };
  const [low, high] = range;
  if (low >= lowest && high < extent) return { index: int, message: undefined };
  // A part of the elements may well be in range where not all are.
  if (shown !== index.node) return { index: int, message: lateIndexError(text) };
  throw new IndexError(text(low < lowest ? low : high));
}

/** The error of an index that the device finds out of range: made now, so that it points to the user's line, and worded then. */
export function lateIndexError(text: (value: number) => string): CheckMessage {
  const error = new IndexError("");
  return (value) => {
    error.message = text(value);
    error.stack = error.stack?.replace(/^IndexError[^\n]*/, `IndexError: ${error.message}`) ?? "";
    return error;
  };
}
