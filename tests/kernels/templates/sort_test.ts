import { allocate, type DType, isFloat, type TypedArray } from "../../../kernels/ir/dtype.ts";
import type { SortKernel } from "../../../kernels/ir/kernel.ts";
import { assertAgree, generator, runOnCpu, runReference } from "./run_kernel.ts";

const random = generator(2);

function sorting(dtype: DType, rows: number, length: number, count: number, descending: boolean): SortKernel {
  const written = { dtype: "int32", size: rows * count, access: "write" } as const;
  const bindings = [{ dtype, size: rows * length, access: "read" }, written] as const;
  return { kind: "sort", rows, length, count, descending, bindings, scalars: [], checks: 0 };
}

function verify(dtype: DType, rows: number, data: TypedArray, wanted?: number): void {
  for (const descending of [false, true]) {
    const length = rows === 0 ? 3 : data.length / rows, count = wanted ?? length;
    const kernel = sorting(dtype, rows, length, count, descending);
    const inputs = [data, allocate("int32", rows * count)];
    const what = `${dtype} first ${count} of ${rows} rows of ${length}${descending ? " descending" : ""}`;
    assertAgree(runOnCpu(kernel, inputs), runReference(kernel, inputs), 0, what);
  }
}

const dtypes = ["float32", "float64", "int32", "uint32", "uint8", "bool"] as const;

Deno.test("sort orders rows of every short length, equal elements as they came", () => {
  for (const dtype of dtypes) {
    for (const length of [1, 2, 3, 5, 15, 16, 17, 31, 32, 33, 47, 64, 65, 100]) {
      const values = dtype === "bool" ? 2 : 7;
      verify(dtype, 3, allocate(dtype, 3 * length).map(() => Math.floor(random() * values)));
    }
  }
});

Deno.test("sort orders negative and large numbers", () => {
  for (const dtype of dtypes) {
    if (dtype === "bool") continue;
    const data = allocate(dtype, 3000).map(() => {
      const x = (random() * 2 - 1) * 2 ** Math.floor(random() * 40);
      return isFloat(dtype) ? x : dtype === "int32" ? x | 0 : Math.abs(x) >>> 0;
    });
    verify(dtype, 3, data);
  }
});

Deno.test("sort puts NaN above infinity, and takes -0 and 0 as equal", () => {
  const values = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 5e-324, 1e-45, -1e-45, NaN];
  for (const dtype of ["float32", "float64"] as const) {
    verify(dtype, 4, allocate(dtype, 400).map(() => values[Math.floor(random() * values.length)]!));
  }
});

Deno.test("sort leaves sorted and reversed rows right, and handles nothing", () => {
  verify("float32", 1, allocate("float32", 1000).map((_, i) => i));
  verify("float32", 1, allocate("float32", 1000).map((_, i) => -i));
  verify("int32", 0, allocate("int32", 0));
  verify("int32", 5, allocate("int32", 0));
});

Deno.test("sort shares many and long rows among threads", () => {
  verify("float32", 70000, allocate("float32", 210000).map(() => Math.floor(random() * 3)));
  verify("float32", 2, allocate("float32", 200000).map(() => random()));
});

/** Lengths of rows, and how many positions are wanted: of rows that are held whole, and of longer ones. */
const FEW = [[5, 0], [5, 1], [63, 5], [64, 5], [65, 5], [300, 1], [300, 40], [300, 299], [2000, 17]] as const;

Deno.test("sort finds the first few, equal elements as they came", () => {
  const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1];
  for (const dtype of dtypes) {
    for (const [length, count] of FEW) {
      const values = dtype === "bool" ? 2 : 7;
      verify(dtype, 3, allocate(dtype, 3 * length).map(() => Math.floor(random() * values)), count);
      if (dtype === "bool") continue;
      // Rising and falling rows: every element, or none, precedes the last one found.
      verify(dtype, 2, allocate(dtype, 2 * length).map((_, i) => i % length >> (dtype === "uint8" ? 3 : 0)), count);
      if (isFloat(dtype)) {
        verify(dtype, 2, allocate(dtype, 2 * length).map(() => special[Math.floor(random() * special.length)]!), count);
        verify(dtype, 1, allocate(dtype, length).fill(NaN), count);
      }
    }
  }
});
