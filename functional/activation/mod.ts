/**
 * Activation functions.
 *
 * @module
 */

export { celu, elu, type EluOptions, selu } from "./elu.ts";
export { gelu, type GeluOptions, logsigmoid, mish, silu, softplus, type SoftplusOptions } from "./gelu.ts";
export { glu, type GluOptions } from "./glu.ts";
export { hardshrink, hardsigmoid, hardswish, type ShrinkOptions, softshrink, softsign, tanhshrink } from "./hard.ts";
export { celu_, elu_, hardtanh_, leakyRelu_, relu6_, relu_, rrelu_, selu_, threshold_ } from "./in_place.ts";
export { gumbelSoftmax, type GumbelSoftmaxOptions, rrelu, type RreluOptions } from "./random.ts";
export {
  hardtanh,
  type HardtanhOptions,
  leakyRelu,
  type LeakyReluOptions,
  prelu,
  relu,
  relu6,
  threshold,
} from "./relu.ts";
