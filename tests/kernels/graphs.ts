/**
 * Builders of small graphs, and running them on any device: the engine's devices, the reference device, fused or not.
 *
 * @module
 */

import { contract, fromHost, map, reduce, scalar } from "../../kernels/ir/build.ts";
import { allocate, type DType, type TypedArray } from "../../kernels/ir/dtype.ts";
import { arg, binary, type BinaryOp, cast as castExpr, unary, type UnaryOp } from "../../kernels/ir/expr.ts";
import type { ReduceOp } from "../../kernels/ir/kernel.ts";
import { type Node, numel, type Shape } from "../../kernels/ir/node.ts";
import { frontier, recording } from "../../kernels/ir/pending.ts";
import { reshape } from "../../kernels/ir/views.ts";
import { createCpuDevice } from "../../kernels/runtime/cpu.ts";
import type { Device, DeviceName, RaisedFlag } from "../../kernels/runtime/device.ts";
import { Plan } from "../../kernels/runtime/plan.ts";
import { createReferenceDevice, type ReferenceLimits } from "../../kernels/runtime/reference.ts";
import { Store } from "../../kernels/runtime/store.ts";
import { createWebGpuDevice } from "../../kernels/runtime/webgpu.ts";
import { linearize } from "../../kernels/schedule/graph.ts";
import type { Limits } from "../../kernels/schedule/materialize.ts";
import { type Schedule, schedule } from "../../kernels/schedule/schedule.ts";

/** Nodes are made for this device unless a test says otherwise; where they run is up to `Runner`. */
const CPU: DeviceName = "cpu";

const binaryNode = (op: BinaryOp) => (a: Node, b: Node): Node =>
  map(binary(op, arg(0, a.dtype), arg(1, b.dtype)), [a, b]);
const unaryNode = (op: UnaryOp) => (x: Node): Node => map(unary(op, arg(0, x.dtype)), [x]);

/** a + b, broadcast. */
export const add = binaryNode("add");
/** a - b, broadcast. */
export const sub = binaryNode("sub");
/** a * b, broadcast. */
export const mul = binaryNode("mul");
/** a / b, broadcast. */
export const div = binaryNode("div");
/** The larger of a and b, broadcast. */
export const max = binaryNode("max");
/** e to the x. */
export const exp = unaryNode("exp");
/** The natural logarithm. */
export const log = unaryNode("log");
/** -x. */
export const neg = unaryNode("neg");
/** 1 / sqrt(x). */
export const rsqrt = unaryNode("rsqrt");
/** The square root. */
export const sqrt = unaryNode("sqrt");
/** x as another dtype. */
export const cast = (x: Node, dtype: DType): Node => map(castExpr(dtype, arg(0, x.dtype)), [x]);

/** A leaf of these elements. */
export function data(values: ArrayLike<number>, shape: Shape = [values.length], dtype: DType = "float32"): Node {
  const elements = allocate(dtype, numel(shape));
  elements.set(Array.from(values));
  return fromHost(elements, shape, dtype, CPU);
}

/** A leaf of int32 elements. */
export function ints(values: ArrayLike<number>, shape: Shape = [values.length]): Node {
  return data(values, shape, "int32");
}

/** A leaf of `shape` with elements that differ: multiples of 1/8, positive and negative. */
export function leaf(...shape: number[]): Node {
  return data(Array.from({ length: numel(shape) }, (_, i) => ((i * 37 + 11) % 29 - 14) / 8), shape);
}

/** A number that is data. */
export function number(value: number, dtype: DType = "float32"): Node {
  return scalar(value, dtype, CPU);
}

/** A reduction over one axis that stays, with extent 1. */
export function keeping(op: ReduceOp, x: Node, axis: number): Node {
  return reshape(reduce(op, x, [axis]), x.shape.map((extent, i) => i === axis ? 1 : extent));
}

/** A matrix product. */
export function matmul(a: Node, b: Node): Node {
  return contract(a, b, { batch: 0, m: 1, n: 1, k: 1 });
}

/** exp(x) over its sum along the last axis. */
export function softmax(x: Node): Node {
  const axis = x.shape.length - 1;
  const e = exp(sub(x, keeping("max", x, axis)));
  return div(e, keeping("sum", e, axis));
}

/** The logarithm of `softmax`. */
export function logSoftmax(x: Node): Node {
  const axis = x.shape.length - 1;
  const z = sub(x, keeping("max", x, axis));
  return sub(z, log(keeping("sum", exp(z), axis)));
}

/** The schedule of a graph, on a device like the CPU unless said otherwise. */
export function scheduled(roots: readonly Node[], limits: Partial<Limits> = {}): Schedule {
  const graph = linearize(roots);
  const bytes = (n: number) => 4 * numel(graph.nodes[n]!.shape);
  return schedule(graph, { bindings: 32, parallelism: 4, ...limits }, bytes);
}

/** Runs graphs on one device, past the engine: every run has a plan of its own. */
export class Runner {
  readonly store: Store;

  constructor(readonly name: string, device: Device, readonly limits: Partial<Limits> = {}) {
    this.store = new Store(device);
  }

  /** The roots' elements, and the flags that were raised. */
  run(roots: readonly Node[]): { results: TypedArray[]; raised: RaisedFlag[] } {
    forget();
    const graph = linearize(roots);
    const plan = new Plan(graph, this.store, this.limits);
    plan.run(graph.live);
    const results = roots.map((r) => this.store.device.read(this.store.resident(r).buffer, r.dtype, numel(r.shape)));
    const raised = plan.executable.raised();
    plan.evict();
    return { results, raised };
  }
}

/** Forgets what is pending: graphs for a `Runner` are none of the engine's business. */
export function forget(): void {
  frontier.clear();
  recording.count = 0;
}

/** The reference device, with fused kernels or one for every node. */
export function referenceRunner(fusion = true, limits: ReferenceLimits = {}): Runner {
  const { maxBindings } = limits;
  const name = `reference, ${fusion ? "fused" : "unfused"}${maxBindings ? `, ${maxBindings} bindings` : ""}`;
  return new Runner(name, createReferenceDevice(limits), fusion ? {} : { fusion });
}

/** The CPU device. */
export function cpuRunner(): Runner {
  return new Runner("cpu", createCpuDevice());
}

/** The WebGPU device, or undefined where there is no adapter. */
export async function webGpuRunner(): Promise<Runner | undefined> {
  const webgpu = await createWebGpuDevice();
  return webgpu && new Runner("webgpu", webgpu.device);
}
