/**
 * Running a model to look at it.
 *
 * @module
 */

import { getRngState, setRngState } from "../tensor/mod.ts";
import type { Module } from "./module.ts";
import { isLazy } from "./uninitialized.ts";

/** Runs `body`, in training or evaluation; afterwards the model's modes, its buffers and the default generator are as before. */
export function unchanged(model: Module, training: boolean, body: () => void): void {
  const state = getRngState(), modes = model.modules().map((module) => [module, module.training] as const);
  const known = model.buffers().filter((buffer) => !isLazy(buffer));
  const saved = known.map((buffer) => ({ buffer, version: buffer.version, copy: buffer.clone() }));
  try {
    model.train(training);
    body();
  } finally {
    for (const [module, mode] of modes) module.training = mode;
    for (const { buffer, version, copy } of saved) if (buffer.version !== version) buffer.copy_(copy);
    setRngState(state);
  }
}
