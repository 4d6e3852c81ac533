/**
 * The lines of a summary, gathered while the network runs.
 *
 * @module
 */

import { Tensor } from "../tensor/mod.ts";
import type { Module } from "./module.ts";
import type { LayerSummary } from "./summary.ts";
import { isLazy } from "./uninitialized.ts";

/** A line while the network runs. */
export interface Line extends LayerSummary {
  /** The shapes of the tensors that came out, so far none. */
  outputShapes: number[][];
  /** Parameters of the layer and of those within it; of a lazy layer, counted when it was called. */
  params: number;
  /** Parameters of the layer itself. */
  ownParams: number;
  /** Counted so far. */
  multAdds: number;
  /** Bytes of what came out. */
  outputBytes: number;
  /** The lines of layers within it. */
  readonly layers: Line[];
}

/** Notes each call of a layer; afterwards `root` has the lines. */
export class Observer {
  /** The line of the network itself. */
  root: Line | undefined;
  readonly #names = new Map<Module, string>();
  readonly #seen = new Set<Module>();
  readonly #open: Line[] = [];

  /** Nothing is called yet. */
  constructor(model: Module) {
    for (const module of model.modules()) {
      for (const [name, child] of module.namedChildren()) if (!this.#names.has(child)) this.#names.set(child, name);
    }
  }

  /** A layer is called. */
  enter(module: Module): void {
    const line = this.#line(module, this.#open.length);
    const above = this.#open.at(-1);
    if (above === undefined) this.root = line;
    else above.layers.push(line);
    this.#open.push(line);
  }

  /** The layers as they lie within one another, of a network that is not called. */
  outline(module: Module, depth = 0): Line {
    const line = this.#line(module, depth);
    for (const child of module.children()) line.layers.push(this.outline(child, depth + 1));
    return line;
  }

  #line(module: Module, depth: number): Line {
    const recursive = this.#seen.has(module);
    this.#seen.add(module);
    return {
      name: depth === 0 ? "" : this.#names.get(module) ?? "",
      type: module.constructor.name,
      params: count(module.parameters()),
      ownParams: count(module.parameters({ recurse: false })),
      ...{ depth, recursive, outputShapes: [], multAdds: 0, outputBytes: 0, layers: [] },
    };
  }

  /** The layers that are at work compute. */
  count(multiplyAdds: number): void {
    for (const line of this.#open) line.multAdds += multiplyAdds;
  }

  /** A layer is done. */
  leave(module: Module, output: unknown): void {
    const line = this.#open.pop()!;
    const tensors = [...tensorsIn(output)];
    line.outputShapes = tensors.map((t) => [...t.shape]);
    line.outputBytes = bytesOf(tensors);
    line.params = count(module.parameters());
    line.ownParams = count(module.parameters({ recurse: false }));
    // Layers that their owner uses without calling them, as attention does with its last one.
    for (const child of module.namedChildren().map(([, child]) => child)) {
      if (!this.#seen.has(child) && child.parameters().length > 0) {
        line.layers.push(this.#line(child, this.#open.length + 1));
      }
    }
  }
}

/** The tensors in lists and objects. */
export function* tensorsIn(value: unknown): Generator<Tensor> {
  if (value instanceof Tensor) yield value;
  else if (Array.isArray(value)) { for (const part of value) yield* tensorsIn(part); }
  else if (value !== null && typeof value === "object") {
    for (const part of Object.values(value)) yield* tensorsIn(part);
  }
}

/** The elements of all; those of no known shape count as none. */
export function count(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, t) => sum + (isLazy(t) ? 0 : t.numel()), 0);
}

/** The bytes of all; those of no known shape count as none. */
export function bytesOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, t) => sum + (isLazy(t) ? 0 : t.nbytes), 0);
}

/** The bytes that the innermost layers give. */
export function innermostBytes(line: Line): number {
  if (line.layers.length === 0) return line.outputBytes;
  return line.layers.reduce((sum, layer) => sum + innermostBytes(layer), 0);
}
