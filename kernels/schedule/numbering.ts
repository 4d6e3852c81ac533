/**
 * A kernel's own numbering of what it uses: buffers, scalars, accumulators and checks are numbered from 0 in the order they are met, so that
 * equal kernels have equal text.
 *
 * @module
 */

import type { DType } from "../ir/dtype.ts";
import { acc, check, type Expr, load, rewrite, scalarArg } from "../ir/expr.ts";
import type { Binding, Store } from "../ir/kernel.ts";
import { numel } from "../ir/node.ts";
import type { Part } from "./body.ts";
import type { Subgraph } from "./subgraph.ts";

/** Numbers for the things of one kind in a kernel, in the order they are met. */
class Numbering {
  readonly nodes: number[] = [];
  readonly #slots = new Map<number, number>();

  slot(node: number): number {
    let slot = this.#slots.get(node);
    if (slot === undefined) {
      slot = this.nodes.length;
      this.nodes.push(node);
      this.#slots.set(node, slot);
    }
    return slot;
  }
}

/** A kernel under construction: its numberings, and which buffer stands for a node. */
export class Numbered {
  readonly buffers = new Numbering();
  readonly scalars = new Numbering();
  readonly accs = new Numbering();
  readonly checks = new Numbering();
  readonly written = new Set<number>();
  readonly read = new Set<number>();
  readonly #memo = new Map<Expr, Expr>();

  constructor(readonly graph: Subgraph, readonly bufferOf: (node: number) => number) {}

  expr(e: Expr): Expr {
    return rewrite(e, (x) => {
      switch (x.op) {
        case "load": {
          const buffer = this.bufferOf(x.slot);
          this.read.add(buffer);
          return load(this.buffers.slot(buffer), x.dtype, this.expr(x.args[0]!));
        }
        case "scalar":
          return scalarArg(this.scalars.slot(x.slot), x.dtype, x.value);
        case "acc":
          return acc(this.accs.slot(x.slot), x.dtype);
        case "check":
          return check(this.expr(x.args[0]!), x.value, this.checks.slot(x.slot));
        default:
          return undefined;
      }
    }, this.#memo);
  }

  store(part: Part): Store {
    const buffer = this.bufferOf(part.node);
    const value = this.expr(part.value), index = this.expr(part.index);
    this.written.add(buffer);
    return { slot: this.buffers.slot(buffer), index, value };
  }

  bindings(): Binding[] {
    return this.buffers.nodes.map((n) => ({
      dtype: this.graph.nodes[n]!.dtype,
      size: numel(this.graph.nodes[n]!.shape),
      access: !this.written.has(n) ? "read" : this.read.has(n) ? "readwrite" : "write",
    }));
  }

  scalarTypes(): DType[] {
    return this.scalars.nodes.map((n) => this.graph.nodes[n]!.dtype);
  }
}
