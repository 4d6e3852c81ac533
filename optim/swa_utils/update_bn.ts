/**
 * Statistics of batch normalisations for weights that were never trained.
 *
 * @module
 */

import { type DeviceName, noGrad, Tensor, ValueError } from "../../tensor/mod.ts";
import { BatchNorm } from "../../nn/batch_norm.ts";
import type { Module } from "../../nn/module.ts";

/** Options of `updateBn`. */
export interface UpdateBnOptions {
  /** The device that inputs are moved to. Default: where they are. */
  readonly device?: DeviceName;
}

/**
 * Computes the running statistics of a model's batch normalisations anew, as the plain mean over all batches of `loader`: tensors, or
 * lists that begin with the input. Batches of a stream are collected first: `await Array.fromAsync(loader)`.
 *
 * ```ts
 * import { data, nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Sequential(new nn.Linear(4, 3), new nn.BatchNorm1d(3));
 * const averaged = new optim.swaUtils.AveragedModel(model);
 * const loader = new data.DataLoader(new data.TensorDataset(randn([32, 4]), randn([32])), { batchSize: 8 });
 * optim.swaUtils.updateBn(loader, averaged);
 * console.log(averaged.getBuffer("module.1.num_batches_tracked").item()); // 4
 * ```
 *
 * Errors: a batch that is neither a tensor nor a list that begins with one.
 *
 * @see {@link https://pytorch.org/docs/stable/optim.html#torch.optim.swa_utils.update_bn}
 */
export function updateBn(loader: Iterable<unknown>, model: Module, { device }: UpdateBnOptions = {}): void {
  const norms = model.modules().filter((module) => module instanceof BatchNorm);
  if (norms.length === 0) return;
  const momenta = norms.map(({ momentum }) => momentum), wasTraining = model.training;
  for (const norm of norms) {
    norm.resetRunningStats();
    norm.momentum = null;
  }
  try {
    model.train();
    noGrad(() => {
      for (const batch of loader) {
        const input: unknown = Array.isArray(batch) ? batch[0] : batch;
        if (!(input instanceof Tensor)) {
          throw new ValueError(
            "Cannot update batch normalisations by this batch: expected a tensor, or a list with one first",
          );
        }
        model.call(device === undefined ? input : input.to(device));
      }
    });
  } finally {
    norms.forEach((norm, i) => norm.momentum = momenta[i]!);
    model.train(wasTraining);
  }
}
