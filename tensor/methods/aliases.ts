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
  /** `abs`. */
  absolute: UnaryMethods["abs"];
  /** `acos`. */
  arccos: UnaryMethods["acos"];
  /** `acosh`. */
  arccosh: UnaryMethods["acosh"];
  /** `asin`. */
  arcsin: UnaryMethods["asin"];
  /** `asinh`. */
  arcsinh: UnaryMethods["asinh"];
  /** `atan`. */
  arctan: UnaryMethods["atan"];
  /** `atanh`. */
  arctanh: UnaryMethods["atanh"];
  /** `atan2`. */
  arctan2: BinaryMethods["atan2"];
  /** `div`. */
  divide: BinaryMethods["div"];
  /** `mul`. */
  multiply: BinaryMethods["mul"];
  /** `sub`. */
  subtract: BinaryMethods["sub"];
  /** `neg`. */
  negative: UnaryMethods["neg"];
  /** `gt`. */
  greater: BinaryMethods["gt"];
  /** `ge`. */
  greaterEqual: BinaryMethods["ge"];
  /** `lt`. */
  less: BinaryMethods["lt"];
  /** `le`. */
  lessEqual: BinaryMethods["le"];
  /** `ne`. */
  notEqual: BinaryMethods["ne"];
  /** `trunc`. */
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
