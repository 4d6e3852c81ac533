/** Expected values are PyTorch's (1.13). */

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  arange,
  asTensor,
  AutogradError,
  type CreationOptions,
  DeviceError,
  type DeviceName,
  DTypeError,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  linspace,
  logspace,
  ones,
  onesLike,
  scalarTensor,
  ShapeError,
  tensor,
  type TensorData,
  trilIndices,
  triuIndices,
  ValueError,
  zeros,
  zerosLike,
} from "../../mod.ts";
import { assertTensor, testOnDevices } from "./expect.ts";

const cpu = { device: "cpu" } as const;

testOnDevices("tensor() takes shape and dtype from its data", () => {
  const cases: [TensorData, number[], string][] = [
    [3, [], "int32"],
    [2.5, [], "float32"],
    [true, [], "bool"],
    [12n, [], "int32"],
    [[1, 2, 3], [3], "int32"],
    [[1, 2.5], [2], "float32"],
    [[1, NaN], [2], "float32"],
    [[true, false], [2], "bool"],
    [[true, 2], [2], "int32"],
    [[[1, 2], [3, 4], [5, 6]], [3, 2], "int32"],
    [[], [0], "float32"],
    [[[], []], [2, 0], "float32"],
    [new Float32Array([1, 2]), [2], "float32"],
    [new Uint8Array([1, 2]), [2], "uint8"],
    [new Uint32Array([1, 2]), [2], "uint32"],
    [new Int16Array([1, -2]), [2], "int32"],
    [new BigInt64Array([1n, -2n]), [2], "int32"],
    [[new Float32Array([1, 2]), new Float32Array([3, 4])], [2, 2], "float32"],
  ];
  for (const [data, shape, dtype] of cases) {
    const x = tensor(data);
    assertEquals([...x.shape], shape);
    assertEquals(x.dtype, dtype);
  }
  assertTensor(tensor([[1, 2], [3, 4]]), [[1, 2], [3, 4]]);
  assertTensor(tensor([[[true]], [[false]]]), [[[true]], [[false]]]);
  assertTensor(tensor(new Int16Array([1, -2])), [1, -2]);
});

Deno.test("tensor() converts to the dtype asked for", () => {
  assertTensor(tensor([1.7, -1.7], { dtype: "int32" }), [1, -1]);
  assertTensor(tensor([0, 0.5, 2], { dtype: "bool" }), [false, true, true]);
  assertTensor(tensor(new Uint8Array([0, 5]), { dtype: "bool" }), [false, true]);
  assertTensor(tensor([1, 2], { dtype: "float64", ...cpu }).div(3), [1 / 3, 2 / 3]);
  assertTensor(tensor(0.1), Math.fround(0.1));
  assertTensor(tensor([-1], { dtype: "uint8" }), [255]);
  assertEquals(tensor(new Float64Array(2), cpu).dtype, "float64");
  assertEquals(tensor([1, 2], { requiresGrad: true }).dtype, "float32");
});

Deno.test("tensor() copies and takes a shape for flat data", () => {
  const data = new Float32Array([1, 2, 3, 4, 5, 6]);
  const x = tensor(data, { shape: [2, 3] });
  data.fill(0);
  assertTensor(x, [[1, 2, 3], [4, 5, 6]]);
  assertThrows(() => tensor(data, { shape: [2, 2] }), ShapeError, "6 values");
  const copy = tensor(x, { dtype: "int32" }), same = tensor(x);
  x.zero_();
  assertTensor(copy, [[1, 2, 3], [4, 5, 6]]);
  assertTensor(same, [[1, 2, 3], [4, 5, 6]]);
});

Deno.test("tensor() refuses what is no array of numbers", () => {
  assertThrows(() => tensor([[1, 2], [3]]), ShapeError, "expected lists of 2 at dimension 1, found a list of 1");
  assertThrows(() => tensor([1, [2]]), ShapeError, "found a list of 1");
  assertThrows(() => tensor([[1], 2]), ShapeError, "found 2");
  assertThrows(() => tensor(["1"] as unknown as number[]), ValueError, "String");
  assertThrows(() => tensor([null] as unknown as number[]), ValueError, "null");
  assertThrows(() => tensor(undefined as unknown as number), ValueError, "undefined");
  assertThrows(() => tensor([zeros(2)] as unknown as number[]), ValueError, "stack()");
  assertThrows(() => tensor([NaN], { dtype: "int32" }), ValueError, "NaN");
  assertThrows(() => tensor([300], { dtype: "uint8" }), DTypeError, "0 to 255");
  assertThrows(() => tensor([3e9]), DTypeError, "overflow");
  assertThrows(() => tensor([1], { dtype: "int32", requiresGrad: true }), AutogradError);
});

testOnDevices("filled tensors take a list or numbers, and options", () => {
  assertTensor(zeros(2, 3), [[0, 0, 0], [0, 0, 0]]);
  assertTensor(zeros([2, 1]), [[0], [0]]);
  assertTensor(ones(2, { dtype: "int32" }), [1, 1]);
  assertTensor(ones([1, 2], { dtype: "bool" }), [[true, true]]);
  assertTensor(ones([]), 1);
  assertTensor(ones(), 1);
  assertEquals([...empty(3, 0).shape], [3, 0]);
  assertTensor(full([2], 7), [7, 7]);
  assertTensor(full([2], true), [true, true]);
  assertTensor(full([1], 0.5), [0.5]);
  assertEquals(full([2], 7).dtype, "float32");
  assertTensor(scalarTensor(2), 2);
  assertEquals(scalarTensor(2).dtype, "float32");
  assert(zeros(2, { requiresGrad: true }).requiresGrad);
});

Deno.test("the like forms keep shape, dtype and device", () => {
  const x = tensor([[1, 2]]);
  assertTensor(zerosLike(x), [[0, 0]]);
  assertTensor(onesLike(x), [[1, 1]]);
  assertTensor(fullLike(x, 5.9), [[5, 5]]);
  assertEquals(onesLike(x).dtype, "int32");
  assertEquals(emptyLike(x, { dtype: "float32" }).dtype, "float32");
});

testOnDevices("ranges are PyTorch's", () => {
  assertTensor(arange(4), [0, 1, 2, 3]);
  assertEquals(arange(4).dtype, "int32");
  assertTensor(arange(2, 5), [2, 3, 4]);
  assertTensor(arange(5, 0, -2), [5, 3, 1]);
  assertTensor(arange(3, { dtype: "float32" }), [0, 1, 2]);
  assertEquals(arange(3, { dtype: "float32" }).dtype, "float32");
  assertTensor(arange(1, 2.5, 0.5), [1, 1.5, 2]);
  assertTensor(arange(0, 1, 0.1), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map(Math.fround));
  assertTensor(arange(0), []);
  assertTensor(linspace(-1, 2, 11), [
    -1,
    -0.699999988079071,
    -0.3999999761581421,
    -0.09999996423721313,
    0.20000004768371582,
    0.4999999403953552,
    0.7999999523162842,
    1.0999999046325684,
    1.399999976158142,
    1.7000000476837158,
    2,
  ]);
  assertTensor(linspace(0, 10, 4, { dtype: "int32" }), [0, 3, 6, 10]);
  assertTensor(linspace(2, 3, 1), [2]);
  assertTensor(logspace(-2, 3, 6), [0.01, 0.1, 1, 10, 100, 1000].map(Math.fround));
  assertTensor(logspace(0, 4, 5, { base: 2 }), [1, 2, 4, 8, 16]);
  assertTensor(eye(2, 3), [[1, 0, 0], [0, 1, 0]]);
  assertTensor(eye(2, { dtype: "bool" }), [[true, false], [false, true]]);
  assertTensor(trilIndices(3, 4, -1), [[1, 2, 2], [0, 0, 1]]);
  assertTensor(triuIndices(2, 3, 1), [[0, 0, 1], [1, 2, 2]]);
});

Deno.test("float64 ranges are exact to the last bit", () => {
  const options: CreationOptions = { dtype: "float64", ...cpu };
  assertTensor(arange(0, 1, 0.3, options), [0, 0.3, 0.6, 0.8999999999999999]);
  assertTensor(linspace(0, 1, 4, options), [0, 1 / 3, 1 - 1 / 3, 1]);
});

Deno.test("sizes and ranges that make no sense throw", () => {
  assertThrows(() => zeros(-1), ShapeError, "[-1]");
  assertThrows(() => ones(2.5), ShapeError);
  assertThrows(() => full([NaN], 1), ShapeError);
  assertThrows(() => full([2], 300, { dtype: "uint8" }), DTypeError);
  assertThrows(() => eye(-2), ShapeError);
  assertThrows(() => arange(0, 5, -1), ValueError, "leads away");
  assertThrows(() => arange(0, 5, 0), ValueError, "step");
  assertThrows(() => arange(Infinity), ValueError);
  assertThrows(() => arange(300, { dtype: "uint8" }), DTypeError);
  assertThrows(() => linspace(0, 1, -1), ShapeError);
  assertThrows(() => zeros(2, { device: "cuda" as DeviceName }), DeviceError, "cuda");
});

Deno.test("asTensor() keeps a tensor that fits", () => {
  const x = tensor([1, 2]);
  assertStrictEquals(asTensor(x), x);
  assertEquals(asTensor(x, { dtype: "float32" }).dtype, "float32");
  assertTensor(asTensor([1, 2]), [1, 2]);
});
