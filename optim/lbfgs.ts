/**
 * A quasi-Newton method that evaluates the objective several times a step.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { flush, Tensor, ValueError, zeros } from "../tensor/mod.ts";
import { type LinePoint, strongWolfe } from "./line_search.ts";
import { requireRange } from "./checks.ts";
import {
  Optimizer,
  type OptimizerOptions,
  type OptimizerParameters,
  type ParameterState,
  type ParamGroup,
} from "./optimizer.ts";

/** Options of `LBFGS`. */
export interface LBFGSOptions extends OptimizerOptions {
  /** Learning rate: the length of a step, or with a line search of the first that it tries. Default 1. */
  lr: number;
  /** Iterations of a step. Default 20. */
  maxIter: number;
  /** Evaluations of the closure after which a step ends. Default 1.25 times `maxIter`, rounded down. */
  maxEval: number;
  /** A step ends when no component of the gradient is larger. Default 1e-7. */
  toleranceGrad: number;
  /** A step ends when neither parameters nor the objective change more. Default 1e-9. */
  toleranceChange: number;
  /** How many changes of parameters and gradient are remembered. Default 100. */
  historySize: number;
  /** How the length of a step is found: by a search for the strong Wolfe conditions, or not at all, the default. */
  lineSearchFn: "strong_wolfe" | null;
}

/** What is remembered, of all parameters together, as a state of the first. */
interface History extends ParameterState {
  funcEvals: number;
  nIter: number;
  /** The last direction, and how far it was followed. */
  d: Tensor;
  t: number;
  /** Changes of the gradient. */
  oldDirs: Tensor[];
  /** Changes of the parameters. */
  oldStps: Tensor[];
  /** 1 / (change of gradient · change of parameters). */
  ro: number[];
  HDiag: number;
  prevFlatGrad: Tensor;
  prevLoss: number;
}

const numbers = new Set(["funcEvals", "nIter", "t", "ro", "al", "HDiag", "prevLoss"]);

/** Numbers of the device, read together. */
function read(...values: Tensor[]): number[] {
  return F.stack(values).tolist() as number[];
}

/** Tensors that are computed now: they outlive what they are made of, which is overwritten. */
function kept<T extends readonly Tensor[]>(...tensors: T): T {
  flush();
  return tensors;
}

/**
 * L-BFGS: steps along −H·g, where H approximates the inverse of the second derivatives by the last changes of gradient and parameters.
 *
 * `step` takes a closure, as it evaluates the objective several times: the closure clears the gradients, computes the loss, calls
 * `backward` and returns the loss. There is one group of parameters only. It suits small, smooth problems without noise, mostly with
 * `lineSearchFn: "strong_wolfe"`.
 *
 * ```ts
 * import { optim, tensor } from "@tensaur/tensaur";
 *
 * const x = tensor([-1.2, 1], { requiresGrad: true });
 * const optimizer = new optim.LBFGS([x], { lineSearchFn: "strong_wolfe", maxIter: 50 });
 * const rosenbrock = () => {
 *   optimizer.zeroGrad();
 *   const loss = x.at(0).neg().add(1).square().add(x.at(1).sub(x.at(0).square()).square().mul(100));
 *   loss.backward();
 *   return loss;
 * };
 * optimizer.step(rosenbrock);
 * console.log(x.allclose(tensor([1, 1], { dtype: "float32" }), { atol: 1e-3 })); // true
 * ```
 *
 * Errors: no closure, more than one group, a `lineSearchFn` of another name.
 *
 * @see Liu and Nocedal, On the limited memory BFGS method for large scale optimization (1989)
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.LBFGS.html}
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<LBFGSOptions>, options: Partial<LBFGSOptions> = {}) {
    const maxIter = options.maxIter ?? 20;
    super(params, {
      lr: 1,
      maxIter,
      maxEval: Math.floor(maxIter * 5 / 4),
      toleranceGrad: 1e-7,
      toleranceChange: 1e-9,
      historySize: 100,
      lineSearchFn: null,
    }, options);
  }

  /** Refuses options that make no sense. */
  protected override check({ lr, lineSearchFn }: LBFGSOptions): void {
    requireRange("lr", lr);
    if (this.paramGroups.length > 0) throw new ValueError("Cannot optimize several groups by LBFGS: pass one list");
    if (lineSearchFn !== null && lineSearchFn !== "strong_wolfe") {
      throw new ValueError(`Cannot search by "${lineSearchFn}": expected lineSearchFn "strong_wolfe" or null`);
    }
  }

  /** All parameters are updated together, by `advance`. */
  protected override update(): void {}

  /** The histories are vectors of all parameters. */
  protected override stateShape(name: string): readonly number[] | null {
    return numbers.has(name) ? null : [this.#group.params.reduce((sum, parameter) => sum + parameter.numel(), 0)];
  }

  get #group(): ParamGroup<LBFGSOptions> {
    return this.paramGroups[0]!;
  }

  /** The gradients of all parameters in one vector. */
  #flatGrad(): Tensor {
    const parts = this.#group.params.map((parameter) => {
      const { grad, dtype, device } = parameter;
      return grad === null ? zeros([parameter.numel()], { dtype, device }) : grad.detach().reshape([-1]);
    });
    return kept(F.cat(parts))[0];
  }

  /** Moves the parameters from where they were by `t` times a direction. */
  #move(from: readonly Tensor[], direction: Tensor, t: number): void {
    const { params } = this.#group;
    F.split(direction, params.map((parameter) => parameter.numel())).forEach((part, i) => {
      params[i]!.copy_(from[i]!.add(part.reshape(from[i]!.shape), { alpha: t }));
    });
  }

  /** One step of up to `maxIter` iterations. */
  protected override advance(closure: (() => unknown) | undefined): unknown {
    if (closure === undefined) {
      throw new ValueError(
        "Cannot step LBFGS without a closure: pass step a function that computes loss and gradients",
      );
    }
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, lineSearchFn, params } = this.#group;
    let state = this.state.get(params[0]!) as History | undefined;
    if (state === undefined) this.state.set(params[0]!, state = { funcEvals: 0, nIter: 0 } as History);
    const evaluate = (): { result: unknown; loss: number; grad: Tensor } => {
      const result = closure(), grad = this.#flatGrad();
      return { result, loss: Number(result instanceof Tensor ? result.item() : result), grad };
    };

    let { result: first, loss, grad } = evaluate(), evaluations = 1;
    state.funcEvals++;
    let [largest, sum] = read(grad.abs().max(), grad.abs().sum()) as [number, number];
    if (largest <= toleranceGrad) return first;

    for (let iteration = 1; iteration <= maxIter; iteration++) {
      state.nIter++;
      const [direction] = kept(this.#direction(state, grad));
      const [slope, size] = read(grad.dot(direction), direction.abs().max()) as [number, number];
      const t = state.nIter === 1 ? Math.min(1, 1 / sum) * lr : lr;
      const previous = loss;
      Object.assign(state, { d: direction, t, prevFlatGrad: grad, prevLoss: previous });
      if (slope > -toleranceChange) break;

      const from = kept(...params.map((parameter) => parameter.detach().clone()));
      let more = 0;
      if (lineSearchFn !== null) {
        const at = (t: number): LinePoint => {
          this.#move(from, direction, t);
          const { loss, grad } = evaluate();
          return { t, loss, grad, slope: Number(grad.dot(direction).item()) };
        };
        const { point, evaluations } = strongWolfe(at, { t: 0, loss, grad, slope }, t, size);
        ({ loss, grad, t: state.t } = point);
        more = evaluations;
        this.#move(from, direction, point.t);
      } else {
        this.#move(from, direction, t);
        // A last evaluation would tell nothing that is used.
        if (iteration < maxIter) {
          ({ loss, grad } = evaluate());
          more = 1;
        }
      }
      evaluations += more;
      state.funcEvals += more;
      if (iteration === maxIter || evaluations >= maxEval) break;
      [largest, sum] = read(grad.abs().max(), grad.abs().sum()) as [number, number];
      if (largest <= toleranceGrad) break;
      if (size * Math.abs(state.t) <= toleranceChange || Math.abs(loss - previous) < toleranceChange) break;
    }
    return first;
  }

  /** Where to go: the gradient, turned by what the history tells of the second derivatives. */
  #direction(state: History, grad: Tensor): Tensor {
    if (state.nIter === 1) {
      Object.assign(state, { oldDirs: [], oldStps: [], ro: [], HDiag: 1 });
      return grad.neg();
    }
    const { oldDirs, oldStps, ro } = state;
    const [y, s] = kept(grad.sub(state.prevFlatGrad), state.d.mul(state.t));
    const [ys, yy] = read(y.dot(s), y.dot(y)) as [number, number];
    if (ys > 1e-10) {
      if (oldDirs.length === this.#group.historySize) { for (const list of [oldDirs, oldStps, ro]) list.shift(); }
      oldDirs.push(y);
      oldStps.push(s);
      ro.push(1 / ys);
      state.HDiag = ys / yy;
    }
    const along: number[] = [], direction = grad.neg();
    for (let i = oldDirs.length - 1; i >= 0; i--) {
      along[i] = ro[i]! * Number(oldStps[i]!.dot(direction).item());
      direction.sub_(oldDirs[i]!, { alpha: along[i]! });
    }
    direction.mul_(state.HDiag);
    for (let i = 0; i < oldDirs.length; i++) {
      const across = ro[i]! * Number(oldDirs[i]!.dot(direction).item());
      direction.add_(oldStps[i]!, { alpha: along[i]! - across });
    }
    return direction;
  }
}
