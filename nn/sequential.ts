/**
 * Modules one after another.
 *
 * @module
 */

import { IndexError } from "../tensor/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Container } from "./container.ts";
import type { Module } from "./module.ts";
import { requireModule } from "./require_module.ts";

/** A module that makes one tensor of one tensor. */
export type Layer = Module & ((input: Tensor) => Tensor);

/**
 * Base of `Sequential` and `ModuleList`: layers that are numbered fields of a module.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const list: nn.LayerList<nn.Layer> = new nn.Sequential(new nn.ReLU());
 * list.append(new nn.Tanh());
 * console.log(list.length, list.at(-1)); // 2 Tanh()
 * ```
 *
 * @throws {IndexError} in `at`, for a position out of range
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html}
 */
export abstract class LayerList<T extends Module> extends Container implements Iterable<T> {
  /** The module at a position. */
  [index: number]: T;

  /** Number of modules. */
  override get length(): number {
    return this.moduleFields().length;
  }

  /** The modules, in order. */
  *[Symbol.iterator](): Iterator<T> {
    for (const [, module] of this.moduleFields()) yield module as T;
  }

  /** The module at a position; negative ones count from the end. */
  at(index: number): T {
    const found = [...this].at(index);
    if (found === undefined) throw new IndexError(`Cannot take module ${index} of ${this.length}`);
    return found;
  }

  /** Adds a module at the end. */
  append(module: T): this {
    requireModule(this, module);
    this.registerModule(String(this.length), module);
    return this;
  }

  /** Adds modules at the end. */
  extend(modules: Iterable<T>): this {
    for (const module of [...modules]) this.append(module);
    return this;
  }

  /** Puts a module before the one at `index`. */
  insert(index: number, module: T): this {
    requireModule(this, module);
    const modules = [...this];
    modules.splice(index, 0, module);
    modules.forEach((module, i) => this.registerModule(String(i), module));
    return this;
  }

  /** Takes the module at a position out and returns it; negative positions count from the end, and those behind it move up. */
  pop(index = -1): T {
    const found = this.at(index), kept = [...this].toSpliced(index, 1);
    for (let i = 0; i <= kept.length; i++) this.unregister(String(i));
    this.extend(kept);
    return found;
  }
}

/**
 * Runs layers one after another. Layers in an object are named by its keys.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const net = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
 * console.log(net(randn([4, 2])).shape); // torch.Size([4, 1])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html}
 */
export class Sequential<L extends readonly Layer[] = Layer[]> extends LayerList<Layer> {
  /** A chain of layers, in order. */
  constructor(...layers: L);
  /** A chain of layers under names, in order. */
  constructor(layers: Readonly<Record<string, Layer>>);
  constructor(...layers: readonly Layer[] | readonly [Readonly<Record<string, Layer>>]) {
    super();
    const [first] = layers;
    const named = typeof first === "object" && first !== null;
    for (const [name, layer] of Object.entries(named ? first : layers)) {
      requireModule(this, layer);
      this.registerModule(name, layer);
    }
  }

  /** The layer at a position; negative ones count from the end. */
  override at<I extends number>(index: I): `${I}` extends `-${string}` ? Layer : L[I] {
    return super.at(index) as `${I}` extends `-${string}` ? Layer : L[I];
  }

  /** The output of the last layer. */
  override forward(input: Tensor): Tensor {
    for (const layer of this) input = layer(input);
    return input;
  }

  /** A chain of the layers from `start` to before `end`. */
  slice(start?: number, end?: number): Sequential {
    return new Sequential(Object.fromEntries(this.moduleFields().slice(start, end)) as Record<string, Layer>);
  }
}
