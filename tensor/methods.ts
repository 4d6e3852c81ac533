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
import { indexing, type IndexingInPlaceMethods, type IndexingMethods } from "./methods/indexing.ts";
import { matrix, type MatrixInPlaceMethods, type MatrixMethods } from "./methods/matrix.ts";
import {
  movement,
  type MovementInPlaceMethods,
  type MovementMethods,
  type MovementProperties,
} from "./methods/movement.ts";
import { random, type RandomMethods } from "./methods/random.ts";
import { reduction, type ReductionMethods, type RunningInPlaceMethods } from "./methods/reduction.ts";
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
    ReductionMethods,
    RunningInPlaceMethods,
    MatrixMethods,
    MatrixInPlaceMethods,
    MovementMethods,
    MovementInPlaceMethods,
    MovementProperties,
    IndexingMethods,
    IndexingInPlaceMethods,
    ConversionMethods,
    RandomMethods,
    AutogradMethods,
    HostMethods {}

Object.defineProperties(Tensor.prototype, {
  ...unary,
  ...binary,
  ...elementwise,
  ...reduction,
  ...matrix,
  ...movement,
  ...indexing,
  ...conversion,
  ...random,
  ...autograd,
  ...host,
});
