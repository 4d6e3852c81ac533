/**
 * A model whose weights are the average of those that another had.
 *
 * @module
 */

import { type DeviceName, noGrad, type Tensor, tensor, ValueError } from "../../tensor/mod.ts";
import { deepcopy } from "../../nn/deepcopy.ts";
import { Module } from "../../nn/module.ts";
import { type AverageFn, getSwaAvgFn, type MultiAverageFn } from "./average.ts";

/** Options of `AveragedModel`. */
export interface AveragedModelOptions {
  /** The device of the averages. Default the model's. */
  readonly device?: DeviceName;
  /** How a weight is averaged. Default equally, as `getSwaAvgFn()` does. */
  readonly avgFn?: AverageFn;
  /** How all weights are averaged together, in place of `avgFn`. */
  readonly multiAvgFn?: MultiAverageFn;
  /** Whether buffers, such as running statistics, are averaged rather than copied. Default false. */
  readonly useBuffers?: boolean;
}

/**
 * A copy of a model whose weights are the average of those that the model had at each `updateParameters`: equal, for stochastic
 * weight averaging, or moving, with `avgFn: getEmaAvgFn(0.999)`. The first update copies the weights. It is called as the model is;
 * its state dict has the model's names after "module.", and "n_averaged".
 *
 * Buffers are copied with each update, as in PyTorch 2, or averaged with `useBuffers`; `updateBn` computes the statistics of batch
 * normalisations anew. Functions are not part of the state dict.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const { AveragedModel, getEmaAvgFn } = optim.swaUtils;
 * const model = new nn.Linear(4, 1), optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
 * const averaged = new AveragedModel(model, { avgFn: getEmaAvgFn(0.9) });
 * for (let i = 0; i < 3; i++) {
 *   optimizer.zeroGrad();
 *   model(randn([8, 4])).square().mean().backward();
 *   optimizer.step();
 *   averaged.updateParameters(model);
 * }
 * console.log(averaged(randn([2, 4])).shape, averaged.nAveraged.item()); // torch.Size([2, 1]) 3
 * ```
 *
 * Errors: both `avgFn` and `multiAvgFn`; a model with other weights.
 *
 * @see {@link https://arxiv.org/abs/1803.05407 Averaging Weights Leads to Wider Optima and Better Generalization}
 * @see {@link https://pytorch.org/docs/stable/optim.html#torch.optim.swa_utils.AveragedModel}
 */
export class AveragedModel<M extends Module = Module> extends Module {
  /** The copy with the averages. */
  readonly module: M;
  /** How many models were averaged; on the CPU, where it is read with each update. */
  readonly nAveraged: Tensor;
  /** How a weight is averaged. */
  readonly avgFn: AverageFn;
  /** How all weights are averaged together. */
  readonly multiAvgFn: MultiAverageFn | null;
  /** Whether buffers are averaged rather than copied. */
  readonly useBuffers: boolean;

  /** A copy of `model`, to be averaged. */
  constructor(model: M, { device, avgFn, multiAvgFn, useBuffers = false }: AveragedModelOptions = {}) {
    super();
    if (avgFn !== undefined && multiAvgFn !== undefined) {
      throw new ValueError("Cannot average in two ways: pass avgFn or multiAvgFn");
    }
    this.module = deepcopy(model);
    if (device !== undefined) this.module.to(device);
    this.nAveraged = tensor(0, { dtype: "int32", device: "cpu" });
    this.registerBuffer("nAveraged", this.nAveraged);
    this.avgFn = avgFn ?? getSwaAvgFn();
    this.multiAvgFn = multiAvgFn ?? null;
    this.useBuffers = useBuffers;
  }

  /** What the model with the averages computes. */
  override forward(...inputs: Parameters<M["forward"]>): ReturnType<M["forward"]> {
    return this.module.call(...inputs) as ReturnType<M["forward"]>;
  }

  /** Takes the present weights of `model` into the average. */
  updateParameters(model: Module): void {
    const of = (module: Module) => [...module.parameters(), ...(this.useBuffers ? module.buffers() : [])];
    const averaged = of(this.module), present = of(model);
    const shapes = (tensors: readonly Tensor[]) => tensors.map(({ shape }) => `[${shape.join(", ")}]`).join(", ");
    if (shapes(averaged) !== shapes(present)) {
      throw new ValueError(`Cannot average weights of shapes ${shapes(averaged)} and ${shapes(present)}`);
    }
    const count = Number(this.nAveraged.item());
    noGrad(() => {
      const current = present.map((weight, i) => weight.detach().to(averaged[i]!.device));
      if (count === 0) averaged.forEach((average, i) => average.copy_(current[i]!));
      else if (this.multiAvgFn !== null) this.multiAvgFn(averaged, current, count);
      else averaged.forEach((average, i) => average.copy_(this.avgFn(average.detach(), current[i]!, count)));
      if (!this.useBuffers) {
        const buffers = model.buffers();
        this.module.buffers().forEach((buffer, i) => buffer.copy_(buffers[i]!.detach()));
      }
      this.nAveraged.add_(1);
    });
  }
}
