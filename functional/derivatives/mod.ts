/**
 * Derivatives of functions of tensors: what goes by the name of `autograd.functional`.
 *
 * @module
 */

export type { DerivativeOptions, EachOf, FunctionOf, OneOrMore } from "./evaluate.ts";
export { hessian, jacobian } from "./jacobian.ts";
export { hvp, jvp, vhp, vjp } from "./products.ts";
