import { assertEquals, assertThrows } from "@std/assert";
import {
  argsort,
  contract,
  fromHost,
  gather,
  iota,
  map,
  reduce,
  scalar,
  scan,
  scatter,
} from "../../../kernels/ir/build.ts";
import { arg, binary, cast, constant, unary } from "../../../kernels/ir/expr.ts";
import { type Node, numel, type Shape } from "../../../kernels/ir/node.ts";
import { expand, pad, permute, reshape, slice, unslice, unwindow, window } from "../../../kernels/ir/views.ts";
import { interpret } from "../../../kernels/lower/interpreter.ts";

const leaf = (values: readonly number[], shape: Shape): Node =>
  fromHost(new Float32Array(values), shape, "float32", "cpu");
const indices = (values: readonly number[], shape: Shape): Node =>
  fromHost(new Int32Array(values), shape, "int32", "cpu");
const count = (shape: Shape): Node => leaf(Array.from({ length: numel(shape) }, (_, i) => i), shape);
const values = (node: Node): number[] => [...interpret(node)];

Deno.test("interpret() broadcasts the inputs of a map", () => {
  const sum = binary("add", arg(0, "float32"), binary("mul", arg(1, "float32"), arg(2, "float32")));
  const node = map(sum, [count([2, 1]), leaf([10, 20, 30], [3]), scalar(0.5, "float32", "cpu")]);
  assertEquals(node.shape, [2, 3]);
  assertEquals(values(node), [5, 10, 15, 6, 11, 16]);
  assertEquals(values(map(cast("float32", arg(0, "int32")), [iota(3, "cpu")])), [0, 1, 2]);
});

Deno.test("interpret() moves elements through views", () => {
  const x = count([2, 3]);
  assertEquals(values(permute(x, [1, 0])), [0, 3, 1, 4, 2, 5]);
  assertEquals(values(reshape(permute(x, [1, 0]), [6])), [0, 3, 1, 4, 2, 5]);
  assertEquals(values(pad(x, [[1, 0], [0, 1]], -1)), [-1, -1, -1, -1, 0, 1, 2, -1, 3, 4, 5, -1]);
  assertEquals(values(expand(leaf([1, 2], [2, 1]), [2, 2, 3])), [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]);
  const ranges = [{ start: 1, size: 1, step: 1 }, { start: 2, size: 2, step: -2 }];
  assertEquals(values(slice(x, ranges)), [5, 3]);
  assertEquals(values(unslice(leaf([7, 8], [2]), [{ start: 1, size: 2, step: 2 }], [5])), [0, 7, 0, 8, 0]);
  const windows = [{ size: 2, stride: 2, dilation: 1 }];
  assertEquals(values(window(count([5]), windows)), [0, 1, 2, 3]);
  assertEquals(values(reduce("sum", unwindow(window(count([5]), windows), windows, [5]), [1])), [0, 1, 2, 3, 0]);
});

Deno.test("interpret() reduces over axes, and over nothing to the identity", () => {
  const x = count([2, 3, 2]);
  assertEquals(values(reduce("sum", x, [0, 2])), [14, 22, 30]);
  assertEquals(values(reduce("max", x, [1])), [4, 5, 10, 11]);
  assertEquals(values(reduce("prod", leaf([], [0, 2]), [0])), [1, 1]);
  assertEquals(values(reduce("min", leaf([], [0]), [0])), [Infinity]);
  assertEquals(values(reduce("max", leaf([1, NaN, 2], [3]), [0])), [NaN]);
  assertEquals(values(reduce("sum", indices([2147483647, 1], [2]), [0])), [-2147483648]);
});

Deno.test("interpret() contracts groups of axes", () => {
  const a = count([2, 2, 3]), b = count([2, 3, 2]);
  const node = contract(a, b, { batch: 1, m: 1, n: 1, k: 1 });
  assertEquals(values(node), [10, 13, 28, 40, 172, 193, 244, 274]);
  assertEquals(values(contract(count([2, 2]), count([2, 2]), { batch: 0, m: 0, n: 0, k: 2 })), [14]);
  assertEquals(values(contract(leaf([], [2, 0]), leaf([], [0, 1]), { batch: 0, m: 1, n: 1, k: 1 })), [0, 0]);
});

Deno.test("interpret() gathers and scatters along an axis", () => {
  const x = count([3, 2]), at = indices([2, 0], [1, 2]);
  const message = (value: number) => new RangeError(`Index ${value} is out of range`);
  assertEquals(values(gather(x, 0, at, message)), [4, 1]);
  assertThrows(() => values(gather(x, 0, indices([3], [1, 1]), message)), RangeError, "Index 3 is out of range");
  assertThrows(() => values(gather(x, 0, indices([-1], [1, 1]))), RangeError, "Index -1");
  const target = leaf([1, 1, 1], [3]), twice = indices([1, 1], [2]), source = leaf([5, 7], [2]);
  assertEquals(values(scatter(target, 0, twice, source, "set")), [1, 7, 1]);
  assertEquals(values(scatter(target, 0, twice, source, "sum")), [1, 13, 1]);
  assertEquals(values(scatter(target, 0, twice, source, "prod")), [1, 35, 1]);
  assertEquals(values(scatter(target, 0, twice, source, "min")), [1, 1, 1]);
});

Deno.test("interpret() scans and sorts", () => {
  assertEquals(values(scan("sum", count([2, 3]), 1)), [0, 1, 3, 3, 7, 12]);
  assertEquals(values(scan("sum", count([2, 3]), 0)), [0, 1, 2, 3, 5, 7]);
  assertEquals(values(scan("max", leaf([1, 3, 2], [3]), 0)), [1, 3, 3]);
  const x = leaf([3, NaN, 1, 1, 2, 2], [2, 3]);
  assertEquals(values(argsort(x, false)), [2, 0, 1, 0, 1, 2]);
  assertEquals(values(argsort(x, true)), [1, 0, 2, 1, 2, 0]);
});

Deno.test("interpret() keeps float64 unless asked to round", () => {
  const third = map(binary("div", arg(0, "float32"), constant(3, "float32")), [leaf([1], [1])]);
  assertEquals(values(third), [1 / 3]);
  assertEquals([...interpret(third, { round: true })], [Math.fround(1 / 3)]);
});

Deno.test("interpret() reads resident leaves through its callback", () => {
  const resident = fromHost(new Float32Array(2), [2], "float32", "cpu");
  resident.host = undefined;
  const node = map(unary("neg", arg(0, "float32")), [resident]);
  assertThrows(() => interpret(node), TypeError, "no elements on the host");
  assertEquals([...interpret(node, { read: () => [1, 2] })], [-1, -2]);
});

Deno.test("interpret() walks graphs of any depth, once per node", () => {
  let node: Node = leaf([1], [1]);
  for (let i = 0; i < 20000; i++) {
    const doubled = binary("add", arg(0, "float32"), binary("sub", arg(1, "float32"), arg(0, "float32")));
    node = map(doubled, [node, node]);
  }
  assertEquals(values(node), [1]);
});
