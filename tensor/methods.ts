/**
 * The methods of tensors: operations of `functional/`, put on the prototype when this module is loaded.
 *
 * @module
 */

import { aliases, type AliasInPlaceMethods, type AliasMethods } from "./methods/aliases.ts";
import { autograd, type AutogradMethods, type AutogradProperties } from "./methods/autograd.ts";
import { binary, type BinaryInPlaceMethods, type BinaryMethods } from "./methods/binary.ts";
import { type CallbackMethods, callbacks } from "./methods/callbacks.ts";
import { conversion, type ConversionMethods } from "./methods/conversion.ts";
import { elementwise, type ElementwiseMethods } from "./methods/elementwise.ts";
import { host, type HostMethods, type SizeProperties } from "./methods/host.ts";
import { indexing, type IndexingInPlaceMethods, type IndexingMethods } from "./methods/indexing.ts";
import { linalg, type LinalgMethods } from "./methods/linalg.ts";
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
import { reshaping, type ReshapingMethods } from "./methods/reshaping.ts";
import { Tensor } from "./tensor.ts";

export type { AliasInPlaceMethods, AliasMethods } from "./methods/aliases.ts";
export type { AutogradMethods, AutogradProperties } from "./methods/autograd.ts";
export type { BinaryInPlaceMethods, BinaryMethods } from "./methods/binary.ts";
export type { CallbackMethods } from "./methods/callbacks.ts";
export type { ConversionMethods, ToOptions } from "./methods/conversion.ts";
export type { InPlace } from "./methods/define.ts";
export type { ElementwiseMethods } from "./methods/elementwise.ts";
export type { HostMethods, NestedList, SizeProperties } from "./methods/host.ts";
export type { IndexingInPlaceMethods, IndexingMethods, WritingMethods } from "./methods/indexing.ts";
export type { LinalgMethods } from "./methods/linalg.ts";
export type { CombinationMethods, MatrixInPlaceMethods, MatrixMethods } from "./methods/matrix.ts";
export type {
  MovementInPlaceMethods,
  MovementMethods,
  MovementProperties,
  Sizes,
  TriangleMethods,
} from "./methods/movement.ts";
export type { RandomMethods } from "./methods/random.ts";
export type { ExtremeMethods, ReductionMethods, RunningInPlaceMethods, RunningMethods } from "./methods/reduction.ts";
export type { ReshapingMethods } from "./methods/reshaping.ts";
export type { UnaryInPlaceMethods, UnaryMethods } from "./methods/unary.ts";

/** All methods that are operations, by family. */
export interface TensorMethods
  extends
    AliasMethods,
    AliasInPlaceMethods,
    UnaryMethods,
    UnaryInPlaceMethods,
    BinaryMethods,
    BinaryInPlaceMethods,
    ElementwiseMethods,
    ReductionMethods,
    RunningInPlaceMethods,
    MatrixMethods,
    LinalgMethods,
    MatrixInPlaceMethods,
    MovementMethods,
    MovementInPlaceMethods,
    MovementProperties,
    ReshapingMethods,
    IndexingMethods,
    IndexingInPlaceMethods,
    ConversionMethods,
    RandomMethods,
    AutogradMethods,
    AutogradProperties,
    CallbackMethods,
    HostMethods,
    SizeProperties {}

const families = [
  unary,
  binary,
  aliases,
  elementwise,
  reduction,
  matrix,
  linalg,
  movement,
  reshaping,
  indexing,
  conversion,
  random,
  autograd,
  callbacks,
  host,
];
for (const family of families) Object.defineProperties(Tensor.prototype, family);
