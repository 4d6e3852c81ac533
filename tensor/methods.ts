/**
 * The methods of tensors: operations of `functional/`, put on the prototype when this module is loaded.
 *
 * @module
 */

import { elementwise, type ElementwiseInPlaceMethods, type ElementwiseMethods } from "./methods/elementwise.ts";
import { Tensor } from "./tensor.ts";

/** All methods that are operations, by family. */
export interface TensorMethods extends ElementwiseMethods, ElementwiseInPlaceMethods {}

Object.defineProperties(Tensor.prototype, {
  ...elementwise,
});
