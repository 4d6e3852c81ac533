import type { DType } from "../../../kernels/ir/dtype.ts";
import { acc, and, binary, constant, type Expr, int, load, where } from "../../../kernels/ir/expr.ts";
import { axesOf, elements, flat, type Parts, sum, times, verify } from "./contractions.ts";

type Axis = readonly [Expr, number];

interface Convolution {
  readonly images: number;
  readonly channels: number;
  readonly filters: number;
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/** A convolution with its windows as an operand; `where` says which group the images belong to. */
function convolution(c: Convolution, place: "batch" | "m" | "n", dtype: DType = "float32"): Parts {
  const out = Math.floor((c.size + 2 * c.padding - c.kernel) / c.stride) + 1;
  const groups = {
    batch: place === "batch" ? [c.images] : [],
    m: place === "m" ? [c.images, out, out] : [c.filters],
    n: place === "m" ? [c.filters] : place === "n" ? [c.images, out, out] : [out, out],
    k: [c.channels, c.kernel, c.kernel],
  };
  const axes = axesOf(groups);
  const images = place === "batch" ? [...axes.batch, ...axes.n] : place === "m" ? axes.m : axes.n;
  const [[image], [y], [x]] = images as [Axis, Axis, Axis];
  const filter = (place === "m" ? axes.n : axes.m)[0]!;
  const [channel, [dy], [dx]] = axes.k as [Axis, Axis, Axis];
  const at = (o: Expr, d: Expr) => binary("sub", sum(times(o, c.stride), d), int(c.padding));
  const inside = (p: Expr) => and(binary("le", int(0), p), binary("lt", p, int(c.size)));
  const row = at(y, dy), column = at(x, dx), mask = and(inside(row), inside(column));
  const index = flat([[image, c.images], channel, [row, c.size], [column, c.size]]);
  const windows = where(mask, load(0, dtype, where(mask, index, int(0))), constant(0, dtype));
  const weights = load(1, dtype, flat([filter, ...axes.k]));
  const inputs = [
    elements(dtype, c.images * c.channels * c.size ** 2),
    elements(dtype, c.filters * c.channels * c.kernel ** 2),
    elements(dtype, c.images * c.filters * out ** 2),
  ];
  return {
    groups,
    a: place === "m" ? windows : weights,
    b: place === "m" ? weights : windows,
    stores: [{ slot: 2, index: flat([[image, c.images], filter, [y, out], [x, out]]), value: acc(0, dtype) }],
    inputs,
    bindings: inputs.map((data, i) => ({ dtype, size: data.length, access: i === 2 ? "write" : "read" })),
  };
}

Deno.test("contraction reads masked windows", () => {
  for (const place of ["batch", "m", "n"] as const) {
    for (
      const [images, channels, filters, size, kernel, stride, padding] of [
        [1, 1, 1, 5, 3, 1, 1],
        [2, 3, 4, 7, 3, 1, 1],
        [2, 3, 9, 8, 3, 2, 1],
        [3, 2, 5, 14, 5, 1, 2],
        [2, 2, 3, 6, 1, 1, 2],
        [1, 2, 3, 4, 3, 1, 4],
      ] as const
    ) {
      const c = { images, channels, filters, size, kernel, stride, padding };
      verify("float32", convolution(c, place), `${place} ${JSON.stringify(c)}`);
    }
    const c = { images: 2, channels: 2, filters: 3, size: 6, kernel: 3, stride: 1, padding: 1 };
    for (const dtype of ["float64", "int32", "uint8"] as const) verify(dtype, convolution(c, place, dtype), dtype);
  }
});

Deno.test("contraction computes gradients of strided convolutions", () => {
  for (const stride of [2, 3]) {
    const c = { images: 2, channels: 3, filters: 4, size: 9, kernel: 3, stride, padding: 1 };
    for (const place of ["batch", "m", "n"] as const) verify("float64", gradient(c, place), `${place} ${stride}`);
    for (const place of ["batch", "m", "n"] as const) {
      verify("float32", gradient(c, place, "float32"), `${place} ${stride}`);
    }
  }
});

/** The gradient of a convolution by its input: every position sums over the windows that cover it. */
function gradient(c: Convolution, place: "batch" | "m" | "n", dtype: DType = "float64"): Parts {
  const out = Math.floor((c.size + 2 * c.padding - c.kernel) / c.stride) + 1;
  const groups = {
    batch: place === "batch" ? [c.images] : [],
    m: place === "m" ? [c.images, c.size, c.size] : [c.channels],
    n: place === "m" ? [c.channels] : place === "n" ? [c.images, c.size, c.size] : [c.size, c.size],
    k: [c.filters, c.kernel, c.kernel],
  };
  const axes = axesOf(groups);
  const positions = place === "batch" ? [...axes.batch, ...axes.n] : place === "m" ? axes.m : axes.n;
  const [image, y, x] = positions as [Axis, Axis, Axis];
  const channel = (place === "m" ? axes.n : axes.m)[0]!;
  const [filter, dy, dx] = axes.k as [Axis, Axis, Axis];
  const covering = ([position]: Axis, [element]: Axis): [Expr, Expr] => {
    const offset = binary("sub", sum(position, int(c.padding)), element);
    const inside = and(binary("le", int(0), offset), binary("lt", offset, int((out - 1) * c.stride + 1)));
    const whole = binary("eq", binary("mod", offset, int(c.stride)), int(0));
    return [binary("div", offset, int(c.stride)), and(inside, whole)];
  };
  const [row, rowMask] = covering(y, dy), [column, columnMask] = covering(x, dx);
  const mask = and(rowMask, columnMask);
  const index = flat([image, filter, [row, out], [column, out]]);
  const incoming = where(mask, load(0, dtype, where(mask, index, int(0))), constant(0, dtype));
  const weights = load(1, dtype, flat([filter, channel, dy, dx]));
  const inputs = [
    elements(dtype, c.images * c.filters * out ** 2),
    elements(dtype, c.filters * c.channels * c.kernel ** 2),
    elements(dtype, c.images * c.channels * c.size ** 2),
  ];
  return {
    groups,
    a: place === "m" ? incoming : weights,
    b: place === "m" ? weights : incoming,
    stores: [{ slot: 2, index: flat([image, channel, y, x]), value: acc(0, dtype) }],
    inputs,
    bindings: inputs.map((data, i) => ({ dtype, size: data.length, access: i === 2 ? "write" : "read" })),
  };
}
