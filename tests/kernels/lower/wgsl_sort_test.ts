import { assertEquals } from "@std/assert";
import type { DType, TypedArray } from "../../../kernels/ir/dtype.ts";
import type { SortKernel } from "../../../kernels/ir/kernel.ts";
import { lower } from "../../../kernels/lower/wgsl/mod.ts";
import { agree, gpuTest, indices, numbers, read, write } from "../runtime/gpu_case.ts";

function sort(rows: number, length: number, descending: boolean, dtype: DType): SortKernel {
  const bindings = [read(dtype, rows * length), write("int32", rows * length)];
  return { kind: "sort", rows, length, count: length, descending, bindings, scalars: [], checks: 0 };
}

gpuTest("sorting is stable in both directions, for any length", () => {
  for (const descending of [false, true]) {
    for (const [rows, length] of [[4, 1], [5, 2], [3, 31], [3, 32], [2, 33], [3, 100], [2, 1025]] as const) {
      // Few different values, so that many are equal.
      const data = [Float32Array.from(indices(rows * length, 7), (x) => x / 2)];
      agree({ kernel: sort(rows, length, descending, "float32"), data });
    }
  }
  assertEquals(lower(sort(3, 0, false, "float32"), { software: true }), []);
  assertEquals(lower(sort(0, 3, false, "float32"), { software: true }), []);
});

gpuTest("sorting puts NaN last, infinities before it, and both zeros together", () => {
  const values = Float32Array.of(NaN, 1, -Infinity, 0, -0, NaN, Infinity, -1, 1e-40, -1e-40, 0, 3);
  for (const descending of [false, true]) agree({ kernel: sort(1, 12, descending, "float32"), data: [values] });
});

gpuTest("sorting takes integers, bytes, bools and half precision", () => {
  const arrays: [DType, TypedArray][] = [
    ["int32", Int32Array.of(3, -2147483648, 2147483647, 0, -1, 3)],
    ["uint32", Uint32Array.of(3, 4294967295, 0, 2147483648, 1, 3)],
    ["uint8", Uint8Array.of(3, 255, 0, 128, 1, 3)],
    ["bool", Uint8Array.of(1, 0, 0, 1, 1, 0)],
    ["float16", Float16Array.from(numbers(6))],
  ];
  for (const [dtype, data] of arrays) agree({ kernel: sort(1, 6, dtype === "int32", dtype), data: [data] });
});
