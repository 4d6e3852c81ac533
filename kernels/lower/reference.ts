/**
 * Runs kernels in plain TypeScript and double precision, slowly and literally: what the targets are held against, and the judge of
 * the scheduler. It refuses what a target would silently get wrong: indices out of bounds, writes to inputs, and elements that two
 * parallel iterations share.
 *
 * @module
 */

import { bounds, type DType, isFloat, roundTo, type TypedArray } from "../ir/dtype.ts";
import { type Environment, evaluator } from "../ir/evaluate.ts";
import type { ContractKernel, Kernel, LoopKernel, ReduceOp, SortKernel, Stage, Store } from "../ir/kernel.ts";
import { numel } from "../ir/node.ts";

/** Runs a kernel over the elements of its bindings. */
export type ReferenceProgram = (
  bindings: readonly TypedArray[],
  scalars: readonly number[],
  raise: (check: number, value: number) => void,
) => void;

/** `kernel` as a function. */
export function compileReference(kernel: Kernel): ReferenceProgram {
  switch (kernel.kind) {
    case "loop":
      return compileLoop(kernel);
    case "contract":
      return compileContract(kernel);
    case "sort":
      return compileSort(kernel);
  }
}

/** The value that `op` starts from. */
export function identity(op: ReduceOp, dtype: DType): number {
  switch (op) {
    case "sum":
      return 0;
    case "prod":
      return 1;
    case "max":
      return bounds(dtype).lowest;
    case "min":
      return bounds(dtype).highest;
  }
}

/** `a` and `b` combined. */
export function combine(op: ReduceOp, a: number, b: number, dtype: DType): number {
  switch (op) {
    case "sum":
      return isFloat(dtype) ? a + b : roundTo(dtype, a + b);
    case "prod":
      return isFloat(dtype) ? a * b : roundTo(dtype, Math.imul(a, b));
    case "max":
      return Math.max(a, b);
    case "min":
      return Math.min(a, b);
  }
}

/** How `a` sorts against `b`: NaN is the largest. */
export function order(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Calls `body` for every point of a domain, the last axis fastest, with its coordinates in `variables` from `offset` on. */
export function forEach(extents: readonly number[], variables: Int32Array, offset: number, body: () => void): void {
  const go = (axis: number) => {
    if (axis === extents.length) return body();
    for (let i = 0; i < extents[axis]!; i++) {
      variables[offset + axis] = i;
      go(axis + 1);
    }
  };
  go(0);
}

/** Marks an element that more than one iteration has read. */
const SEVERAL = -1;

/** The elements of a kernel's bindings, watched for accesses that a parallel run would get wrong. */
class Memory {
  /** The iteration at work. */
  iteration = 0;
  /** For each binding that is written, the iterations (from 1) that wrote and read each element last. */
  readonly #writers: (Int32Array | undefined)[];
  readonly #readers: (Int32Array | undefined)[];

  constructor(readonly kernel: Kernel, readonly data: readonly TypedArray[]) {
    const watch = kernel.bindings.map((b) => b.access === "read" ? undefined : new Int32Array(b.size));
    this.#writers = watch;
    this.#readers = watch.map((w) => w?.slice());
    data.forEach((array, i) => {
      const shared = data.some((other, j) => i !== j && other.buffer === array.buffer);
      if (shared && watch[i]) throw new Error(`Binding ${i} is written and bound twice`);
    });
  }

  load(slot: number, index: number): number {
    const data = this.#at(slot, index);
    const readers = this.#readers[slot];
    if (readers !== undefined) {
      const writer = this.#writers[slot]![index]!;
      if (this.kernel.bindings[slot]!.access === "write" && writer === 0) {
        throw new Error(`Element ${index} of binding ${slot} is read before it is written`);
      }
      if (writer !== 0) this.#same(writer, slot, index);
      const reader = readers[index]!, here = this.iteration + 1;
      readers[index] = reader === 0 || reader === here ? here : SEVERAL;
    }
    return data[index]!;
  }

  store(slot: number, index: number, value: number): void {
    const data = this.#at(slot, index), { dtype } = this.kernel.bindings[slot]!;
    const writers = this.#writers[slot];
    if (writers === undefined) throw new Error(`Binding ${slot} is an input and written`);
    if (writers[index] !== 0) this.#same(writers[index]!, slot, index);
    if (this.#readers[slot]![index] !== 0) this.#same(this.#readers[slot]![index]!, slot, index);
    writers[index] = this.iteration + 1;
    data[index] = roundTo(dtype, value);
  }

  /** The element that a scatter combines into; it is there already, whatever the binding says. */
  current(slot: number, index: number): number {
    return this.#at(slot, index)[index]!;
  }

  #at(slot: number, index: number): TypedArray {
    const { size } = this.kernel.bindings[slot]!;
    if (!(index >= 0 && index < size)) throw new Error(`Index ${index} of binding ${slot} is not in [0, ${size})`);
    return this.data[slot]!;
  }

  #same(iteration: number, slot: number, index: number): void {
    if (iteration === this.iteration + 1) return;
    throw new Error(`Parallel iterations share element ${index} of binding ${slot}, which is written`);
  }
}

interface Frame extends Environment {
  readonly memory: Memory;
  readonly variables: Int32Array;
  readonly accumulators: Float64Array;
}

function frame(
  kernel: Kernel,
  bindings: readonly TypedArray[],
  scalars: readonly number[],
  raise: (check: number, value: number) => void,
  variables: number,
  accumulators: number,
): Frame {
  const memory = new Memory(kernel, bindings);
  return {
    memory,
    variables: new Int32Array(variables),
    accumulators: new Float64Array(accumulators),
    scalars: kernel.scalars.map((dtype, i) => roundTo(dtype, scalars[i]!)),
    load: (slot, index) => memory.load(slot, index),
    raise,
  };
}

function compileStore(store: Store): (f: Frame) => { slot: number; index: number; value: number } {
  const index = evaluator(store.index), value = evaluator(store.value);
  return (f) => ({ slot: store.slot, index: index(f), value: value(f) });
}

/** A stage as a function of the row's frame; `next` starts another parallel iteration. */
function compileStage(stage: Stage, rank: number): (f: Frame, next: () => void) => void {
  switch (stage.kind) {
    case "reduce": {
      const values = stage.reductions.map((r) => ({ ...r, dtype: r.value.dtype, evaluate: evaluator(r.value) }));
      return (f) => {
        const sums = values.map((r) => identity(r.op, r.dtype));
        forEach(stage.inner, f.variables, rank, () => {
          values.forEach((r, i) => sums[i] = combine(r.op, sums[i]!, r.evaluate(f), r.dtype));
        });
        values.forEach((r, i) => f.accumulators[r.slot] = sums[i]!);
      };
    }
    case "store": {
      const stores = stage.stores.map(compileStore);
      return (f, next) =>
        forEach(stage.inner, f.variables, rank, () => {
          next();
          for (const s of stores.map((s) => s(f))) f.memory.store(s.slot, s.index, s.value);
        });
    }
    case "scan": {
      const store = compileStore(stage.store), { dtype } = stage.store.value;
      return (f) => {
        let running = identity(stage.op, dtype);
        forEach(stage.inner, f.variables, rank, () => {
          const { slot, index, value } = store(f);
          running = combine(stage.op, running, value, dtype);
          f.memory.store(slot, index, running);
        });
      };
    }
    case "scatter": {
      const store = compileStore(stage.store), { dtype } = stage.store.value;
      return (f) =>
        forEach(stage.inner, f.variables, rank, () => {
          const { slot, index, value } = store(f);
          const result = stage.op === "set" ? value : combine(stage.op, f.memory.current(slot, index), value, dtype);
          f.memory.store(slot, index, result);
        });
    }
  }
}

function compileLoop(kernel: LoopKernel): ReferenceProgram {
  const { rows, stages } = kernel;
  const run = stages.map((s) => compileStage(s, rows.length));
  const variables = rows.length + Math.max(0, ...stages.map((s) => s.inner.length));
  const slots = stages.flatMap((s) => s.kind === "reduce" ? s.reductions.map((r) => r.slot + 1) : []);
  // Points of an elementwise kernel run in parallel; else a row is one iteration.
  const elementwise = rows.length === 0 && stages.length === 1;
  return (bindings, scalars, raise) => {
    const f = frame(kernel, bindings, scalars, raise, variables, Math.max(0, ...slots));
    const next = elementwise ? () => void f.memory.iteration++ : () => {};
    forEach(rows, f.variables, 0, () => {
      for (const stage of run) stage(f, next);
      f.memory.iteration++;
    });
  };
}

function compileContract(kernel: ContractKernel): ReferenceProgram {
  const { batch, m, n, k, dtype } = kernel;
  const a = evaluator(kernel.a), b = evaluator(kernel.b), stores = kernel.stores.map(compileStore);
  const atM = batch.length, atN = atM + m.length, atK = atN + n.length;
  const rows = numel(m), columns = numel(n), depth = numel(k);
  return (bindings, scalars, raise) => {
    const f = frame(kernel, bindings, scalars, raise, atK + k.length, 1);
    const left = new Float64Array(rows * depth), right = new Float64Array(depth * columns);
    forEach(batch, f.variables, 0, () => {
      let i = 0, j = 0, row = 0;
      forEach(m, f.variables, atM, () => forEach(k, f.variables, atK, () => left[i++] = a(f)));
      forEach(k, f.variables, atK, () => forEach(n, f.variables, atN, () => right[j++] = b(f)));
      forEach(m, f.variables, atM, () => {
        let column = 0;
        forEach(n, f.variables, atN, () => {
          let sum = 0;
          for (let l = 0; l < depth; l++) {
            const product = combine("prod", left[row * depth + l]!, right[l * columns + column]!, dtype);
            sum = combine("sum", sum, product, dtype);
          }
          f.accumulators[0] = sum;
          for (const s of stores.map((s) => s(f))) f.memory.store(s.slot, s.index, s.value);
          f.memory.iteration++;
          column++;
        });
        row++;
      });
    });
  };
}

function compileSort(kernel: SortKernel): ReferenceProgram {
  const { rows, length, count, descending } = kernel;
  return (bindings) => {
    const [source, target] = bindings as [TypedArray, TypedArray];
    for (let row = 0; row < rows; row++) {
      const at = row * length;
      const positions = Array.from({ length }, (_, i) => i);
      positions.sort((i, j) => {
        const c = order(source[at + i]!, source[at + j]!);
        return descending ? -c : c;
      });
      target.set(positions.slice(0, count), row * count);
    }
  };
}
