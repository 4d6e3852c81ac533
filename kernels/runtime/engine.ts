/**
 * Running the lazy graph: what is asked for, what was written in place, and, when a run overwrites something, everything pending.
 *
 * @module
 */

import { TensaurError } from "../errors.ts";
import type { TypedArray } from "../ir/dtype.ts";
import { allocate } from "../ir/dtype.ts";
import { scheduling } from "../ir/intern.ts";
import { type Node, numel } from "../ir/node.ts";
import { frontier, pendingHeld, recording } from "../ir/pending.ts";
import { type Graph, isAvailable, linearize } from "../schedule/graph.ts";
import type { DeviceName } from "./device.ts";
import { storeOf } from "./devices.ts";
import { Plan } from "./plan.ts";
import type { Store } from "./store.ts";
import { awaitVerdict, verify } from "./verdicts.ts";

/** Plans by device and structure. */
const plans = new Map<string, Plan>();
const MOST_PLANS = 512;
/** Temporary memory that all plans of a device may keep between runs; more, where a plan by itself needs a third of it. */
const ARENA_BUDGET = 2 ** 27;

recording.overflow = flush;

/** The plan of a graph, made if it is new. */
export function planOf(graph: Graph, device: DeviceName): Plan {
  const key = `${device} ${graph.key}`;
  let plan = plans.get(key);
  if (plan === undefined) {
    const store = storeOf(device);
    plan = scheduling(() => new Plan(graph, store));
    plans.set(key, plan);
    store.onPressure = () => evictArenas(store, 0);
  }
  plan.used = ++clock;
  return plan;
}

/** Counts uses of plans. */
let clock = 0;

function dropOldest(): void {
  const [key, plan] = [...plans].reduce((oldest, entry) => entry[1].used < oldest[1].used ? entry : oldest);
  plan.evict();
  plans.delete(key);
}

/** How many plans are kept, for tests. */
export function plansKept(): number {
  return plans.size;
}

/** Gives temporary memory of plans that did not run lately back, until no more than `budget` is taken. */
function evictArenas(store: Store, budget: number): void {
  if (store.arenaBytes <= budget) return;
  for (const plan of [...plans.values()].sort((a, b) => a.used - b.used)) {
    if (plan.store === store) plan.evict();
    if (store.arenaBytes <= budget) return;
  }
}

/**
 * Computes a graph's nodes. Whatever comes of it, they are not pending any more: a failure is not to come back with every run. Gives the
 * error of a check that is known to have failed.
 */
function run(graph: Graph, device: DeviceName): Error | undefined {
  for (const node of graph.live) frontier.delete(node);
  const plan = planOf(graph, device);
  recording.count = Math.max(0, recording.count - plan.operations);
  plan.run(graph.live);
  recording.checks = Math.max(0, recording.checks - plan.checks);
  // Not before: a run may read what the oldest plan lent out.
  while (plans.size > MOST_PLANS) dropOldest();
  evictArenas(plan.store, Math.max(ARENA_BUDGET, 3 * plan.arenaBytes));
  plan.store.maybeCollect();
  return plan.verdict === undefined ? undefined : awaitVerdict(plan);
}

/**
 * A run of these nodes, and of pending ones that are sure to be looked at, gradients: together with a loss, say, they cost less than by
 * themselves.
 */
function linearizeWithHeld(roots: readonly Node[], device: DeviceName): Graph {
  const held = pendingHeld().filter((node) => node.device === device && !isAvailable(node));
  if (held.length === 0) return linearize(roots);
  try {
    return linearize([...roots, ...held]);
  } catch (error) {
    // Of a gradient that cannot be computed any more, whoever reads it is told.
    if (!(error instanceof TensaurError)) throw error;
    return linearize(roots);
  }
}

/** Computes these nodes, so that their elements stay at hand, and with them what is held. */
export function realize(nodes: readonly Node[]): void {
  for (const [device, roots] of byDevice(nodes)) {
    const graph = linearizeWithHeld(roots, device);
    if (!graph.overwrites) run(graph, device);
    else {
      // Whoever still wants the old elements has to come along.
      for (const node of roots) frontier.add(node);
      flush();
    }
  }
}

/**
 * Runs what is pending if it has checks that can be looked at for nothing, and throws the error of one that failed. Said before values are
 * overwritten that depend on it; where the device is not the host, they are refused later.
 */
export function verifyPending(): void {
  if (recording.checks <= 0) return;
  recording.checks = 0;
  for (const [device, roots] of byDevice(frontier)) {
    if (!storeOf(device).device.onHost) continue;
    const error = run(linearizeComputable(roots), device);
    if (error !== undefined) throw error;
  }
}

/**
 * Runs everything that is pending, on every device.
 *
 * @example
 * ```ts
 * import { flush, ones } from "@tensaur/tensaur";
 *
 * const x = ones([2]).add(1);
 * flush();
 * console.log(x); // tensor([2., 2.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/notes/cuda.html#asynchronous-execution}
 */
export function flush(): void {
  recording.count = recording.checks = 0;
  for (const [device, roots] of byDevice(frontier)) run(linearizeComputable(roots), device);
  frontier.clear();
  // None is pending any more: lets all of them go.
  pendingHeld();
}

/** The nodes that still have to be computed. */
function byDevice(nodes: Iterable<Node>): Map<DeviceName, Node[]> {
  const result = new Map<DeviceName, Node[]>();
  for (const node of nodes) {
    if (isAvailable(node)) continue;
    const list = result.get(node.device);
    if (list === undefined) result.set(node.device, [node]);
    else list.push(node);
  }
  return result;
}

/** A run of all nodes but those whose operands are gone; these complain when they are read. */
function linearizeComputable(roots: readonly Node[]): Graph {
  try {
    return linearize(roots);
  } catch (error) {
    if (!(error instanceof TensaurError)) throw error;
    return linearize(roots.filter(isComputable));
  }
}

function isComputable(node: Node): boolean {
  try {
    linearize([node]);
    return true;
  } catch (error) {
    if (error instanceof TensaurError) return false;
    throw error;
  }
}

/** Host elements up to this size are kept, so that reading twice costs nothing. */
const KEPT_ON_HOST = 4096;

/** The elements, row-major, waiting for them. The array is the caller's. */
export function read(node: Node): TypedArray {
  const length = numel(node.shape);
  if (node.attributes.op === "scalar") return filled(node);
  if (length === 0) return allocate(node.dtype, 0);
  if (recording.evaluate !== undefined) return recording.evaluate(node);
  if (node.host === undefined) {
    realize([node]);
    const store = storeOf(node.device);
    const data = store.device.read(store.resident(node).buffer, node.dtype, length);
    verify(node);
    return kept(node, data);
  }
  verify(node);
  return node.host.slice();
}

/** The elements, row-major, without blocking where the host allows that. The array is the caller's. */
export async function readAsync(node: Node): Promise<TypedArray> {
  if (node.host !== undefined || node.attributes.op === "scalar" || numel(node.shape) === 0) return read(node);
  realize([node]);
  const store = storeOf(node.device), { device } = store;
  const data = await device.readAsync(store.resident(node).buffer, node.dtype, numel(node.shape));
  // What was submitted meanwhile has flags that came too late for this read.
  for (let flags = device.missingFlags?.(); flags !== undefined; flags = device.missingFlags?.()) await flags;
  verify(node);
  return kept(node, data);
}

/** Elements for the caller, who may write to them; few are kept with the node as well. */
function kept(node: Node, data: TypedArray): TypedArray {
  if (data.length > KEPT_ON_HOST) return data;
  node.host = data;
  return data.slice();
}

function filled(node: Node): TypedArray {
  const data = allocate(node.dtype, 1);
  data[0] = node.value;
  return data;
}

/** The elements if they are on the host already; not to be written. */
export function hostData(node: Node): TypedArray | undefined {
  if (node.attributes.op === "scalar") return filled(node);
  if (node.host !== undefined) verify(node);
  return node.host;
}

/** Declares that `next` takes the place, and when it can the memory, of `previous`. */
export function donate(next: Node, previous: Node): void {
  if (next === previous || isAvailable(next) || next.inputs.length === 0) return;
  next.written = true;
  previous.written = false;
  if (isAvailable(previous)) next.donor = previous;
  else if (previous.donor !== undefined) {
    next.donor = previous.donor;
    previous.donor = undefined;
  }
}

/** Frees a node's memory now; its tensor must not be used again, but what was computed from it may. */
export function release(node: Node): void {
  if (!isAvailable(node)) {
    // What it would have been computed from is pending on its own account again.
    if (!frontier.delete(node)) return;
    for (const input of node.inputs) if (!isAvailable(input)) frontier.add(input);
    return;
  }
  if (linearizeComputable([...frontier]).live.includes(node)) flush();
  storeOf(node.device).release(node);
  node.host = undefined;
  node.overwritten = true;
}

/**
 * Waits until everything submitted to a device is done.
 *
 * @example
 * ```ts
 * import { defaultDevice, flush, ones, synchronize } from "@tensaur/tensaur";
 *
 * const start = performance.now();
 * ones([2]).add(1);
 * flush();
 * synchronize(defaultDevice());
 * console.log(performance.now() > start); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cuda.synchronize.html}
 */
export function synchronize(device: DeviceName): void {
  storeOf(device).device.synchronize();
}
