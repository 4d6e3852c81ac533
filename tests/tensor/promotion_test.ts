/** The tables are PyTorch's (1.13), with int32 for int64. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  availableDevices,
  canCast,
  DeviceError,
  type DType,
  DTypeError,
  getDefaultDtype,
  ones,
  promoteTypes,
  resultType,
  type Scalar,
  setDefaultDtype,
  tensor,
  ValueError,
  zeros,
} from "../../mod.ts";
import { assertTensor } from "./expect.ts";

const dtypes = ["bool", "uint8", "int32", "float32", "float64"] as const satisfies DType[];
const cpu = { device: "cpu" } as const;

Deno.test("promoteTypes() is PyTorch's table", () => {
  const order: DType[] = ["bool", "uint8", "int32", "float16", "float32", "float64"];
  order.forEach((a, i) => order.forEach((b, j) => assertEquals(promoteTypes(a, b), order[Math.max(i, j)])));
  assertEquals(promoteTypes("uint32", "uint8"), "uint32");
  assertEquals(promoteTypes("uint32", "float16"), "float16");
  assertThrows(() => promoteTypes("uint32", "int32"), DTypeError, "uint32 and int32");
});

Deno.test("resultType() ranks tensors, 0-d tensors and numbers", () => {
  const rows: Record<typeof dtypes[number], [yes: DType, two: DType, half: DType, zeroD: DType[]]> = {
    bool: ["bool", "int32", "float32", ["bool", "uint8", "int32", "float32", "float64"]],
    uint8: ["uint8", "uint8", "float32", ["uint8", "uint8", "uint8", "float32", "float64"]],
    int32: ["int32", "int32", "float32", ["int32", "int32", "int32", "float32", "float64"]],
    float32: ["float32", "float32", "float32", ["float32", "float32", "float32", "float32", "float32"]],
    float64: ["float64", "float64", "float64", ["float64", "float64", "float64", "float64", "float64"]],
  };
  for (const dtype of dtypes) {
    const x = ones(2, { dtype, ...cpu }), scalar = ones([], { dtype, ...cpu });
    const [yes, two, half, zeroD] = rows[dtype];
    const plain: [Scalar, DType][] = [[true, yes], [2, two], [2.5, half]];
    for (const [number, expected] of plain) {
      assertEquals(resultType(x, number), expected);
      assertEquals(resultType(number, scalar), expected);
    }
    dtypes.forEach((other, i) => assertEquals(resultType(x, ones([], { dtype: other, ...cpu })), zeroD[i]));
  }
  assertEquals(resultType(1, 2), "int32");
  assertEquals(resultType(1, 2.5, true), "float32");
});

Deno.test("operations compute in the promoted dtype", () => {
  const ints = tensor([1, 2]), flags = tensor([true, false]);
  assertTensor(ints.add(flags), [2, 2]);
  assertEquals(ints.mul(0.5).dtype, "float32");
  assertTensor(ints.mul(0.5), [0.5, 1]);
  assertEquals(ints.add(tensor(1, { dtype: "float64", ...cpu }).to(ints.device)).dtype, "float64");
  assertEquals(tensor([1.5]).mul(tensor(2, { dtype: "float64", ...cpu })).dtype, "float32");
  assertEquals(ints.div(2).dtype, "float32");
  assertTensor(ints.gt(1.5), [false, true]);
  assertTensor(tensor([1], { dtype: "uint8" }).sub(2), [255]);
});

Deno.test("numbers that a dtype cannot hold throw", () => {
  assertThrows(() => tensor([1, 2]).add(3e9), DTypeError, "overflow");
  assertThrows(() => tensor([1], { dtype: "uint8" }).mul(300), DTypeError, "0 to 255");
  assertEquals(tensor([1, 2]).mul(NaN).dtype, "float32");
});

Deno.test("canCast() follows the categories", () => {
  assert(canCast("int32", "uint8") && canCast("float64", "float16") && canCast("bool", "int32"));
  assert(!canCast("float32", "int32") && !canCast("uint8", "bool") && !canCast("float16", "bool"));
});

Deno.test("setDefaultDtype() changes what literals and zeros are", () => {
  const before = getDefaultDtype();
  setDefaultDtype("float64");
  try {
    assertEquals(tensor([1.5], cpu).dtype, "float64");
    assertEquals(zeros(2, cpu).dtype, "float64");
    assertEquals(tensor([1], cpu).mul(0.5).dtype, "float64");
  } finally {
    setDefaultDtype(before);
  }
  assertThrows(() => setDefaultDtype("int32"), ValueError, "default dtype");
});

Deno.test({
  name: "tensors on two devices do not mix, but for 0-d ones on the CPU",
  ignore: !availableDevices().includes("webgpu"),
  fn: () => {
    const far = ones(2, { device: "webgpu" }), near = ones(2, cpu);
    assertThrows(() => far.add(near), DeviceError, '.to("webgpu")');
    assertThrows(() => near.add(ones([], { device: "webgpu" })), DeviceError, '.to("cpu")');
    const sum = far.add(tensor(2.5, cpu));
    assertEquals(sum.device, "webgpu");
    assertTensor(sum, [3.5, 3.5]);
    assertTensor(tensor(2.5, { dtype: "float64", ...cpu }).mul(far), [2.5, 2.5]);
    assertTensor(near.add(far.cpu()), [2, 2]);
  },
});
