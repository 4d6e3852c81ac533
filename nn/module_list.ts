/**
 * Modules in a list.
 *
 * @module
 */

import type { Module } from "./module.ts";
import { LayerList } from "./sequential.ts";

/**
 * A list of modules, whose parameters belong to the module that it is a field of. It has no `forward`. Saved names are the positions:
 * `0.weight`.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const layers = new nn.ModuleList([new nn.Linear(2, 4), new nn.Linear(4, 1)]);
 * let x = ones([3, 2]);
 * for (const layer of layers) x = layer(x).relu();
 * console.log(x.shape, layers.length); // torch.Size([3, 1]) 2
 * ```
 *
 * @throws {IndexError} in `at`, for a position out of range
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html}
 */
export class ModuleList<T extends Module = Module> extends LayerList<T> {
  /** A list of `modules`. */
  constructor(modules: Iterable<T> = []) {
    super();
    this.extend(modules);
  }
}
