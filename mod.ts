/**
 * PyTorch for Deno: tensors, automatic differentiation, neural networks and optimizers, in TypeScript.
 *
 * Everything can be imported from here: functions that create tensors, {@linkcode Tensor} with its methods, every operation as a
 * function, and `nn`, `functional`, `optim`, `data`, `distributions` and `io`, which are entry points too (`@tensaur/tensaur/nn`).
 * Only `@tensaur/tensaur/data/images`, which reads PNG and JPEG, is not part of it: it has dependencies.
 *
 * ```ts
 * import { tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([1.5, -2], { requiresGrad: true });
 * x.mul(x).sum().backward();
 * console.log(x.grad); // tensor([ 3., -4.])
 * ```
 *
 * @module
 */

import "./tensor/methods.ts";

export type * from "./tensor/methods.ts";
export * from "./tensor/mod.ts";
export * from "./functional/mod.ts";
export * as autograd from "./functional/autograd.ts";
export * as functional from "./functional/mod.ts";
export * as linalg from "./functional/linalg/mod.ts";
export * as masked from "./functional/masked/mod.ts";
export * as special from "./functional/special/mod.ts";
export * as nn from "./nn/mod.ts";
export { summary } from "./nn/summary.ts";
export * as optim from "./optim/mod.ts";
export * as distributions from "./distributions/mod.ts";
export * as data from "./data/mod.ts";
export * as io from "./io/mod.ts";
export { load, save } from "./io/load.ts";
