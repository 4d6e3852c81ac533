/**
 * Modules in a list.
 *
 * @module
 */

import type { Module } from "./module.ts";
import { LayerList } from "./sequential.ts";

/**
 * A list of modules, whose parameters belong to the module that it is a field of. It has no `forward`.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html}
 */
export class ModuleList<T extends Module = Module> extends LayerList<T> {
  /** A list of `modules`. */
  constructor(modules: Iterable<T> = []) {
    super();
    this.extend(modules);
  }
}
