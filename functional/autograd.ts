/**
 * What goes by the name of `autograd`: the backward pass, functions with a gradient of their own, hooks, modes, checking gradients, and
 * derivatives of functions.
 *
 * @module
 */

export * from "../tensor/differentiation.ts";
export * as functional from "./derivatives/mod.ts";
