/**
 * Optimizers, and schedules of their learning rates.
 *
 * ```ts
 * import { tensor } from "@tensaur/tensaur";
 * import { Adam, lrScheduler } from "@tensaur/tensaur/optim";
 *
 * const x = tensor([4, -3], { dtype: "float32", requiresGrad: true });
 * const optimizer = new Adam([x], { lr: 0.5 });
 * const scheduler = new lrScheduler.ExponentialLR(optimizer, 0.98);
 * for (let step = 0; step < 100; step++) {
 *   optimizer.zeroGrad();
 *   x.square().sum().backward();
 *   optimizer.step();
 *   scheduler.step();
 * }
 * console.log(x.square().sum().item() < 1e-3); // true
 * ```
 *
 * @module
 */

// Whoever imports this part alone needs tensors with methods, too.
import "../tensor/methods.ts";

export { Adafactor, type AdafactorOptions } from "./adafactor.ts";
export { Adam, type AdamOptions, AdamW } from "./adam.ts";
export { LBFGS, type LBFGSOptions } from "./lbfgs.ts";
export * as lrScheduler from "./lr_scheduler/mod.ts";
export {
  type MaybeNamed,
  Optimizer,
  type OptimizerOptions,
  type OptimizerParameters,
  type OptimizerState,
  type ParameterState,
  type ParamGroup,
  type ParamGroupInit,
  type StateValue,
} from "./optimizer.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
export { Adadelta, type AdadeltaOptions } from "./adadelta.ts";
export { Adagrad, type AdagradOptions } from "./adagrad.ts";
export { Adamax, type AdamaxOptions } from "./adamax.ts";
export { NAdam, type NAdamOptions } from "./nadam.ts";
export { RAdam, type RAdamOptions } from "./radam.ts";
export { RMSprop, type RMSpropOptions } from "./rmsprop.ts";
export { ASGD, type ASGDOptions } from "./asgd.ts";
export { Rprop, type RpropOptions } from "./rprop.ts";
export { Muon, type MuonOptions } from "./muon.ts";
export { SparseAdam } from "./sparse_adam.ts";
export * as swaUtils from "./swa_utils/mod.ts";
