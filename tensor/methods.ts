/**
 * The methods of tensors: operations of `functional/`, put on the prototype when this module is loaded.
 *
 * @module
 */

import { autograd, type AutogradMethods } from "./methods/autograd.ts";
import { binary, type BinaryInPlaceMethods, type BinaryMethods } from "./methods/binary.ts";
import { conversion, type ConversionMethods } from "./methods/conversion.ts";
import { elementwise, type ElementwiseMethods } from "./methods/elementwise.ts";
import { host, type HostMethods } from "./methods/host.ts";
import {
  movement,
  type MovementInPlaceMethods,
  type MovementMethods,
  type MovementProperties,
} from "./methods/movement.ts";
import { random, type RandomMethods } from "./methods/random.ts";
import { reduction, type ReductionMethods } from "./methods/reduction.ts";
import { unary, type UnaryInPlaceMethods, type UnaryMethods } from "./methods/unary.ts";
import { Tensor } from "./tensor.ts";

/** All methods that are operations, by family. */
export interface TensorMethods
  extends
    UnaryMethods,
    UnaryInPlaceMethods,
    BinaryMethods,
    BinaryInPlaceMethods,
    ElementwiseMethods,
    MovementMethods,
    MovementInPlaceMethods,
    MovementProperties,
    ReductionMethods,
    ConversionMethods,
    RandomMethods,
    AutogradMethods,
    HostMethods {}

Object.defineProperties(Tensor.prototype, {
  ...unary,
  ...binary,
  ...elementwise,
  ...movement,
  ...reduction,
  ...conversion,
  ...random,
  ...autograd,
  ...host,
});
