/**
 * The part of `autograd` that needs no operations: the backward pass, functions with a gradient of their own, hooks, modes, and checking gradients.
 *
 * @module
 */

export {
  type AnomalyGuard,
  type AnomalyOptions,
  detectAnomaly,
  isAnomalyCheckNanEnabled,
  isAnomalyEnabled,
  setDetectAnomaly,
} from "./anomaly.ts";
export { backward, type BackwardOptions, grad, type GradientsOf, type GradOptions } from "./autograd.ts";
export { Function, FunctionContext, type FunctionGradients, type FunctionType } from "./function.ts";
export { enableGrad, inferenceMode, isGradEnabled, noGrad, setGradEnabled } from "./grad_mode.ts";
export { gradcheck, type GradcheckOptions, gradgradcheck, type TensorFunction } from "./gradcheck.ts";
export { type HookHandle, registerHook, registerPostAccumulateGradHook, retainGrad } from "./hooks.ts";
