import { assertEquals } from "@std/assert";
import type { DType, TypedArray } from "../../../kernels/ir/dtype.ts";
import {
  acc,
  binary,
  cast,
  check,
  constant,
  type Expr,
  int,
  load,
  scalarArg,
  unary,
  variable,
  where,
} from "../../../kernels/ir/expr.ts";
import type { Binding, ContractKernel } from "../../../kernels/ir/kernel.ts";
import { lower } from "../../../kernels/lower/wgsl/mod.ts";
import {
  add,
  agree,
  agreeOn,
  apart,
  at,
  gpuTest,
  indices,
  mul,
  numbers,
  read,
  software,
  write,
} from "../runtime/gpu_case.ts";

/** A contraction of float32, with what is not said empty. */
function contract(
  kernel: Partial<ContractKernel> & { a: Expr; b: Expr; bindings: Binding[]; value?: Expr; index: Expr },
): ContractKernel {
  const { value = acc(0, kernel.dtype ?? "float32"), index, ...rest } = kernel;
  const stores = [{ slot: kernel.bindings.length - 1, index, value }];
  return {
    kind: "contract",
    batch: [],
    m: [],
    n: [],
    k: [],
    dtype: "float32",
    scalars: [],
    checks: 0,
    stores,
    ...rest,
  };
}

/** [m, k] x [k, n], either operand transposed in memory. */
function matmul(
  m: number,
  n: number,
  k: number,
  transposed: [boolean, boolean] = [false, false],
  dtype: DType = "float32",
) {
  const [i, j, l] = [variable(0, m), variable(1, n), variable(2, k)];
  const a = load(0, dtype, transposed[0] ? at([l, i], [k, m]) : at([i, l], [m, k]));
  const b = load(1, dtype, transposed[1] ? at([j, l], [n, k]) : at([l, j], [k, n]));
  const bindings = [read(dtype, m * k), read(dtype, k * n), write(dtype, m * n)];
  return contract({ m: [m], n: [n], k: [k], a, b, dtype, bindings, index: at([i, j], [m, n]) });
}

gpuTest("matrix products of all shapes and layouts agree with the host", () => {
  const shapes: [number, number, number, boolean, boolean][] = [
    [1, 1, 1, false, false],
    [8, 12, 5, false, false],
    [7, 5, 33, false, true],
    [36, 40, 20, true, true],
    [3, 70, 18, false, false],
    [66, 2, 17, true, false],
    [1, 9, 40, false, true],
  ];
  for (const [m, n, k, a, b] of shapes) {
    agree({ kernel: matmul(m, n, k, [a, b]), data: [numbers(m * k), numbers(k * n, 2)] }, true);
  }
  const kernel = matmul(260, 260, 3);
  agree({ kernel, data: [numbers(780), numbers(780, 2)] }, true);
});

gpuTest("rows that a subgroup shares are those that each invocation loads", () => {
  const shapes: [number, number, number, boolean, boolean][] = [
    [37, 35, 210, false, false],
    [16, 64, 256, true, false],
    [5, 90, 602, false, true],
    [50, 18, 301, true, true],
    [100, 3, 900, false, false],
    [2, 120, 1100, false, false],
  ];
  for (const [m, n, k, a, b] of shapes) {
    const kernel = matmul(m, n, k, [a, b]);
    const lines = lower(kernel, { software: true, subgroup: 8 })[0]!.body;
    assertEquals(lines.join().includes("subgroupBroadcast"), m >= 4 && n >= 16, `${m} ${n} ${k}`);
    agreeOn([software!, apart!], { kernel, data: [numbers(m * k), numbers(k * n, 2)], tolerance: 1e-4 });
  }
  const bytes = [34 * 200, 200 * 40].map((length, seed) => Uint8Array.from(indices(length, 256, seed + 1)));
  agreeOn([software!, apart!], { kernel: matmul(34, 40, 200, [false, false], "uint8"), data: bytes });
  const poisoned = numbers(20 * 400);
  poisoned[401] = NaN;
  agreeOn([software!, apart!], {
    kernel: matmul(20, 36, 400),
    data: [poisoned, numbers(400 * 36, 2)],
    tolerance: 1e-4,
  });
});

gpuTest("a contraction over nothing is zero, one without elements launches nothing", () => {
  agree({ kernel: matmul(5, 6, 0), data: [] }, true);
  assertEquals(lower(matmul(0, 6, 3), { software: true }), []);
});

gpuTest("NaN in one row or column stays there", () => {
  const x = numbers(9 * 18), y = numbers(18 * 6, 2);
  x[20] = NaN;
  y[7] = Infinity;
  agree({ kernel: matmul(9, 6, 18), data: [x, y] }, true);
});

gpuTest("integers, bytes, bools and half precision contract in their own arithmetic", () => {
  const [m, n, k] = [5, 8, 6];
  for (const dtype of ["int32", "uint8", "bool", "float16"] as const) {
    const fill = (length: number, seed: number): TypedArray => {
      if (dtype === "float16") return Float16Array.from(numbers(length, seed));
      return dtype === "int32"
        ? indices(length, 100000, seed)
        : Uint8Array.from(indices(length, dtype === "bool" ? 2 : 256, seed));
    };
    agree(
      { kernel: matmul(m, n, k, [false, false], dtype), data: [fill(m * k, 1), fill(k * n, 2)], tolerance: 2e-3 },
      true,
    );
  }
});

gpuTest("batches, broadcast operands and an epilogue with bias, scale and activation agree with the host", () => {
  const [batch, m, n, k] = [3, 6, 8, 10];
  const [h, i, j, l] = [variable(0, batch), variable(1, m), variable(2, n), variable(3, k)];
  const index = at([h, i, j], [batch, m, n]);
  const shifted = add(mul(acc(0, "float32"), scalarArg(0, "float32")), load(2, "float32", j));
  const value = add(unary("tanh", shifted), load(3, "float32", at([h, j, i], [batch, n, m])));
  const kernel = contract({
    batch: [batch],
    m: [m],
    n: [n],
    k: [k],
    a: load(0, "float32", at([h, i, l], [batch, m, k])),
    b: load(1, "float32", at([l, j], [k, n])),
    value,
    index,
    scalars: ["float32"],
    bindings: [
      read("float32", batch * m * k),
      read("float32", k * n),
      read("float32", n),
      read("float32", batch * m * n),
      write("float32", batch * m * n),
    ],
  });
  const data = [numbers(batch * m * k), numbers(k * n, 2), numbers(n, 3), numbers(batch * m * n, 4)];
  agree({ kernel, data, scalars: [0.7] }, true);
});

gpuTest("a padded, strided convolution agrees with the host, and so does the gradient of its weight", () => {
  const [images, channels, size, filters, window] = [2, 3, 7, 5, 3];
  const out = Math.floor((size + 2 - window) / 2) + 1;
  // out[image, filter, y, x] with m = filter, n = (image, y, x), k = (channel, v, u).
  const convolution = (slots: { f: number; b: number; y: number; x: number; c: number; v: number; u: number }) => {
    const f = variable(slots.f, filters), b = variable(slots.b, images);
    const [y, x] = [variable(slots.y, out), variable(slots.x, out)];
    const [c, v, u] = [variable(slots.c, channels), variable(slots.v, window), variable(slots.u, window)];
    const row = add(add(mul(y, int(2)), v), int(-1)), column = add(add(mul(x, int(2)), u), int(-1));
    const within = (e: Expr) => binary("and", binary("le", int(0), e), binary("lt", e, int(size)));
    const inside = binary("and", within(row), within(column));
    const image = at([b, c, row, column], [images, channels, size, size]);
    return {
      pixel: where(inside, load(0, "float32", where(inside, image, int(0))), constant(0, "float32")),
      weight: at([f, c, v, u], [filters, channels, window, window]),
      output: at([b, f, y, x], [images, filters, out, out]),
    };
  };
  const pixels = images * channels * size ** 2,
    weights = filters * channels * window ** 2,
    outputs = images * filters * out ** 2;
  const forward = convolution({ f: 0, b: 1, y: 2, x: 3, c: 4, v: 5, u: 6 });
  const kernel = contract({
    m: [filters],
    n: [images, out, out],
    k: [channels, window, window],
    a: load(1, "float32", forward.weight),
    b: forward.pixel,
    index: forward.output,
    bindings: [read("float32", pixels), read("float32", weights), write("float32", outputs)],
  });
  agree({ kernel, data: [numbers(pixels), numbers(weights, 2)] }, true);
  const backward = convolution({ f: 0, c: 1, v: 2, u: 3, b: 4, y: 5, x: 6 });
  const gradient = contract({
    m: [filters],
    n: [channels, window, window],
    k: [images, out, out],
    a: load(1, "float32", backward.output),
    b: backward.pixel,
    index: backward.weight,
    bindings: [read("float32", pixels), read("float32", outputs), write("float32", weights)],
  });
  agree({ kernel: gradient, data: [numbers(pixels), numbers(outputs, 2)] }, true);
});

gpuTest("operands may be formulas and checked gathers", () => {
  const [m, n, k] = [6, 8, 9];
  const [i, j, l] = [variable(0, m), variable(1, n), variable(2, k)];
  const x = load(0, "float32", at([check(load(2, "int32", i), 4, 0), l], [4, k]));
  const kernel = contract({
    m: [m],
    n: [n],
    k: [k],
    a: binary("max", x, constant(0, "float32")),
    b: cast("float32", binary("lt", load(1, "float32", at([l, j], [k, n])), constant(0.5, "float32"))),
    index: at([i, j], [m, n]),
    checks: 1,
    bindings: [read("float32", 4 * k), read("float32", k * n), read("int32", m), write("float32", m * n)],
  });
  const rows = indices(m, 4);
  agree({ kernel, data: [numbers(4 * k), numbers(k * n, 2), rows] }, true);
  rows[5] = 4;
  assertEquals(agree({ kernel, data: [numbers(4 * k), numbers(k * n, 2), rows] }, true).raised, [{
    flag: 0,
    value: 4,
  }]);
});
