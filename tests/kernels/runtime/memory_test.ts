/**
 * What lives, and until when, where the tensor layer cannot see it: values fused away, memory lent by plans, donors, collection.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { TensaurError } from "../../../kernels/errors.ts";
import { fromHost, gather, iota, map, reduce, scalar } from "../../../kernels/ir/build.ts";
import { allocate, type DType } from "../../../kernels/ir/dtype.ts";
import { arg, binary, type BinaryOp, cast } from "../../../kernels/ir/expr.ts";
import { type Node, numel, type Shape } from "../../../kernels/ir/node.ts";
import { recording } from "../../../kernels/ir/pending.ts";
import { expand, reshape } from "../../../kernels/ir/views.ts";
import type { DeviceName } from "../../../kernels/runtime/device.ts";
import { availableDevices, deviceStats, storeOf } from "../../../kernels/runtime/devices.ts";
import { donate, flush, planOf, plansKept, read, release } from "../../../kernels/runtime/engine.ts";
import { linearize } from "../../../kernels/schedule/graph.ts";

/** Builders for one device. */
class Builders {
  constructor(readonly device: DeviceName) {}

  data(values: readonly number[], shape: Shape = [values.length], dtype: DType = "float32"): Node {
    const elements = allocate(dtype, numel(shape));
    elements.set(values);
    return fromHost(elements, shape, dtype, this.device);
  }

  /** Too many elements to stay on the host once they are on the device. */
  large(value = 1): Node {
    return this.data(new Array(5000).fill(value));
  }

  number(value: number): Node {
    return scalar(value, "float32", this.device);
  }

  two(op: BinaryOp, a: Node, b: Node | number): Node {
    const other = typeof b === "number" ? this.number(b) : b;
    return map(binary(op, arg(0, a.dtype), arg(1, other.dtype)), [a, other]);
  }

  sum(x: Node): Node {
    return reduce("sum", x, x.shape.map((_, i) => i));
  }
}

function test(name: string, body: (b: Builders) => void): void {
  for (const device of availableDevices()) {
    Deno.test(`${name} (${device})`, () => {
      flush();
      body(new Builders(device));
    });
  }
}

const first = (x: Node): number => read(x)[0]!;
const launched = (device: DeviceName) => deviceStats(device).launched;

test("a value that was fused away is computed again when it is read, and kept from the third time on", (b) => {
  const x = b.large(3);
  const doubled = b.two("mul", x, 2);
  for (let i = 0; i < 3; i++) assertEquals(first(b.sum(doubled)), 30000);
  const before = launched(b.device);
  assertEquals(first(doubled), 6);
  assertEquals(launched(b.device), before);
});

test("what a run had to store stays readable until the plan runs again", (b) => {
  const sums = () => {
    const rows = reduce("sum", reshape(b.large(), [50, 100]), [1]);
    return { rows, all: reduce("max", b.two("add", rows, reduce("max", rows, [0])), [0]) };
  };
  const a = sums();
  assertEquals(first(a.all), 200);
  const plan = planOf(linearize([sums().all]), b.device);
  assert(plan.schedule.temporaries.sizes.length > 0, "rows have a buffer of the plan");
  const before = launched(b.device);
  assertEquals(first(a.rows), 100);
  assertEquals(launched(b.device), before);
  const c = sums();
  assertEquals(first(c.all), 200);
  assertEquals(first(a.rows), 100);
});

test("a plan may read what its last run lent out", (b) => {
  // The state of every step is a temporary of the plan that computes the next one.
  const step = (state: Node) => {
    const next = b.two("add", state, expand(reshape(reduce("max", state, [0]), [1]), [5000]));
    const rows = reduce("sum", reshape(next, [50, 100]), [1]);
    const wide = reshape(expand(reshape(rows, [50, 1]), [50, 100]), [5000]);
    return { state: b.two("div", wide, 100), seen: reduce("max", rows, [0]) };
  };
  let state = b.large(1), expected = 1;
  for (let i = 0; i < 8; i++) {
    const now = step(state);
    assertEquals(first(now.seen), 200 * expected);
    expected *= 2;
    state = now.state;
  }
  assertEquals(first(state), expected);
});

test("temporary memory that was taken back is computed again", (b) => {
  const rows = reduce("sum", reshape(b.large(), [50, 100]), [1]);
  const all = reduce("max", b.two("add", rows, reduce("max", rows, [0])), [0]);
  const graph = linearize([all]);
  const plan = planOf(graph, b.device);
  assertEquals(first(all), 200);
  const { bytes } = deviceStats(b.device);
  plan.evict();
  assert(deviceStats(b.device).bytes < bytes);
  assertEquals(first(rows), 100);
});

test("values in temporary memory cannot be written in place", (b) => {
  const rows = () => reduce("sum", reshape(b.large(), [50, 100]), [1]);
  const total = (r: Node) => reduce("max", b.two("add", r, reduce("max", r, [0])), [0]);
  const r = rows();
  first(total(r));
  assertEquals(first(r), 100);
  const next = b.two("add", r, 1);
  donate(next, r);
  flush();
  first(total(rows()));
  assertEquals(first(next), 101);
});

test("a donor that serves twice, or does not fit, gives its memory to no one who would spoil it", (b) => {
  const p = b.large(2);
  storeOf(b.device).resident(p);
  const [a, c] = [b.two("add", p, 1), b.two("mul", p, 5)];
  donate(a, p);
  donate(c, p);
  flush();
  assertEquals([first(a), first(c)], [3, 10]);
  const q = b.large(2);
  storeOf(b.device).resident(q);
  const asInt = map(cast("int32", arg(0, "float32")), [q]), shorter = reduce("sum", reshape(q, [50, 100]), [1]);
  donate(asInt, q);
  donate(shorter, q);
  flush();
  assertEquals([first(asInt), first(shorter)], [2, 200]);
});

test("updates in place take no memory, and what read the old elements comes first", (b) => {
  let p = b.large(1);
  storeOf(b.device).resident(p);
  flush();
  const seen: Node[] = [];
  for (let i = 0; i < 5; i++) {
    seen.push(b.sum(p));
    const next = b.two("add", p, 1);
    donate(next, p);
    p = next;
    flush();
  }
  const { bytes } = deviceStats(b.device);
  const next = b.two("add", p, 1);
  donate(next, p);
  flush();
  assertEquals(deviceStats(b.device).bytes, bytes);
  assertEquals(first(next), 7);
  assertEquals(seen.map(first), [5000, 10000, 15000, 20000, 25000]);
});

test("a value that is gone complains when it is read, and holds nothing else up", (b) => {
  const p = b.large(1);
  storeOf(b.device).resident(p);
  const spent = b.two("mul", p, 2);
  first(b.sum(spent));
  const next = b.two("add", p, 1);
  donate(next, p);
  flush();
  const late = b.two("add", spent, 1), sound = b.two("add", next, 1);
  flush();
  assertEquals(first(sound), 3);
  for (let i = 0; i < 2; i++) assertThrows(() => read(late), TensaurError, "overwritten in place");
  assertThrows(() => read(spent), TensaurError, "clone()");
});

test("what was computed from a released value still reads right", (b) => {
  const x = b.large(1), y = b.two("add", x, 1), z = b.two("mul", y, 3);
  storeOf(b.device).resident(x);
  release(x);
  release(y);
  assertEquals(first(z), 6);
  assertThrows(() => read(x), TensaurError);
  // A released reader does not take along what it would have read.
  const [p, q] = [b.large(1), b.large(2)];
  for (const n of [p, q]) storeOf(b.device).resident(n);
  const [p2, q2] = [b.two("add", q, 0), b.two("add", p, 0)];
  donate(p2, p);
  donate(q2, q);
  release(b.two("add", q2, 1));
  assertEquals([first(p2), first(q2)], [2, 1]);
});

test("an index out of range is reported wherever the queue was cut", (b) => {
  const x = b.data([1, 2, 3]), bad = b.data([0, 7], [2], "int32");
  let node = b.two("add", x, 1);
  while (recording.count < 4095) node = b.two("add", node, 0);
  const late = gather(x, 0, bad, (value) => new RangeError(`no element ${value}`));
  assertThrows(() => read(late), RangeError, "no element 7");
  assertEquals(first(node), 2);
});

test("nothing, one number and a single element are tensors like others", (b) => {
  const none = b.data([], [0, 3]);
  assertEquals(read(b.two("add", none, 1)).length, 0);
  assertEquals([...read(reduce("sum", none, [0]))], [0, 0, 0]);
  assertEquals([...read(reduce("max", b.two("add", none, 1), [0, 1]))], [-Infinity]);
  assertEquals([...read(reshape(b.two("add", b.number(2), 3), [1, 1]))], [5]);
  assertEquals([...read(iota(1, b.device))], [0]);
  const p = b.data([], [0]), next = b.two("add", p, 1);
  donate(next, p);
  flush();
  assertEquals(read(next).length, 0);
});

test("plans are kept up to a number", (b) => {
  if (b.device === "webgpu") return; // The same code; every plan would be a kernel to compile.
  for (let n = 1; n <= 600; n++) first(b.two("add", b.data(new Array(n).fill(1)), 1));
  assert(plansKept() <= 512, `${plansKept()} plans`);
});

test("results that are dropped are freed within a synchronous loop, and no one's promises run", (b) => {
  let ran = false;
  void Promise.resolve().then(() => ran = true);
  const x = b.large(1);
  let most = 0;
  for (let i = 0; i < 3000; i++) {
    b.two("add", x, i);
    flush();
    most = Math.max(most, deviceStats(b.device).buffers);
  }
  assert(most < 2500, `${most} buffers at once`);
  assertEquals(ran, false);
});
