/**
 * The second names that PyTorch has for some operations, as methods.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import type { BinaryMethods } from "./binary.ts";
import { type Implementations, type InPlace, inPlace, methods } from "./define.ts";
import type { UnaryMethods } from "./unary.ts";

/** Other names of elementwise operations. */
export interface AliasMethods {
  /** `abs` by its other name. */
  absolute: UnaryMethods["abs"];
  /** `acos` by its other name. */
  arccos: UnaryMethods["acos"];
  /** `acosh` by its other name. */
  arccosh: UnaryMethods["acosh"];
  /** `asin` by its other name. */
  arcsin: UnaryMethods["asin"];
  /** `asinh` by its other name. */
  arcsinh: UnaryMethods["asinh"];
  /** `atan` by its other name. */
  arctan: UnaryMethods["atan"];
  /** `atanh` by its other name. */
  arctanh: UnaryMethods["atanh"];
  /** `atan2` by its other name. */
  arctan2: BinaryMethods["atan2"];
  /** `div` by its other name. */
  divide: BinaryMethods["div"];
  /** `mul` by its other name. */
  multiply: BinaryMethods["mul"];
  /** `sub` by its other name. */
  subtract: BinaryMethods["sub"];
  /** `neg` by its other name. */
  negative: UnaryMethods["neg"];
  /** `gt` by its other name. */
  greater: BinaryMethods["gt"];
  /** `ge` by its other name. */
  greaterEqual: BinaryMethods["ge"];
  /** `lt` by its other name. */
  less: BinaryMethods["lt"];
  /** `le` by its other name. */
  lessEqual: BinaryMethods["le"];
  /** `ne` by its other name. */
  notEqual: BinaryMethods["ne"];
  /** `trunc` by its other name. */
  fix: UnaryMethods["trunc"];
}

/** The same in place: `x.multiply_(y)` is `x.mul_(y)`. */
export interface AliasInPlaceMethods extends InPlace<AliasMethods> {}

const functions: Implementations<AliasMethods> = {
  absolute: F.abs,
  arccos: F.acos,
  arccosh: F.acosh,
  arcsin: F.asin,
  arcsinh: F.asinh,
  arctan: F.atan,
  arctanh: F.atanh,
  arctan2: F.atan2,
  divide: F.div,
  multiply: F.mul,
  subtract: F.sub,
  negative: F.neg,
  greater: F.gt,
  greaterEqual: F.ge,
  less: F.lt,
  lessEqual: F.le,
  notEqual: F.ne,
  fix: F.trunc,
};

/** Descriptors for the prototype. */
export const aliases: PropertyDescriptorMap = { ...methods(functions), ...inPlace(functions) };
