/**
 * Products of matrices and what is made of them.
 *
 * @module
 */

import { functional as F } from "../../mod.ts";
import { op, type Operation, real } from "./table.ts";

const int = { dtypes: ["float16", "int32"] } as const;

const shapes: [number[], number[]][] = [
  [[3], [3]],
  [[3], [3, 2]],
  [[2, 3], [3]],
  [[3], [2, 3, 4]],
  [[5, 2, 3], [3, 4]],
  [[2, 3], [2, 3, 4]],
  [[2, 1, 2, 3], [2, 3, 2]],
];

/** Products of matrices and what is made of them. */
export const matrices: readonly Operation[] = [
  op("matmul", F.matmul, [real([3, 5]), real([5, 4])], { ...int, rows: [0] }),
  ...shapes.map(([a, b]) =>
    op(`matmul [${a}]x[${b}]`, F.matmul, [real(a), real(b)], {
      dtypes: [],
      rows: "as of matmul",
    })
  ),
  op("matmul large", F.matmul, [real([40, 50]), real([50, 33])], {
    dtypes: ["float16"],
    rows: "as of matmul",
    slope: "as of matmul",
    absolute: 1e-4,
  }),
  op("mm", F.mm, [real([3, 5]), real([5, 4])], { rows: [0] }),
  op("bmm", F.bmm, [real([2, 3, 5]), real([2, 5, 4])], int),
  op("mv", F.mv, [real([3, 5]), real([5])], { rows: [0] }),
  op("dot", F.dot, [real([5]), real([5])], { rows: "the rows are combined" }),
  op("vdot", F.vdot, [real([5]), real([5])], { rows: "the rows are combined" }),
  op("outer", F.outer, [real([3]), real([2])], { rows: [0] }),
  op("ger", F.ger, [real([3]), real([2])], { rows: [0] }),
  op("inner", F.inner, [real([3, 4]), real([2, 4])], { rows: [0] }),
  op("chainMatmul", (a, b, c) => F.chainMatmul(a, b, c), [real([2, 3]), real([3, 4]), real([4, 2])], { rows: [0] }),
  op("linear", F.linear, [real([3, 5]), real([4, 5]), real([4])], { rows: [0] }),
  op("bilinear", F.bilinear, [real([3, 4]), real([3, 2]), real([5, 4, 2]), real([5])], { rows: [0, 1] }),
  op("addmm", (x, a, b) => F.addmm(x, a, b, { beta: 0.5, alpha: 2 }), [real([3, 4]), real([3, 5]), real([5, 4])], {
    rows: [0, 1],
  }),
  op("addmv", (x, a, b) => F.addmv(x, a, b, { beta: 0.5, alpha: 2 }), [real([3]), real([3, 5]), real([5])], {
    rows: [0, 1],
  }),
  op("addr", (x, a, b) => F.addr(x, a, b, { beta: 0.5, alpha: 2 }), [real([3, 4]), real([3]), real([4])], {
    rows: [0, 1],
  }),
  op("baddbmm", (x, a, b) => F.baddbmm(x, a, b, { beta: 0.5 }), [real([2, 3, 4]), real([2, 3, 5]), real([2, 5, 4])]),
  op("addbmm", (x, a, b) => F.addbmm(x, a, b, { beta: 0.5 }), [real([3, 4]), real([2, 3, 5]), real([2, 5, 4])], {
    rows: "the batch is combined",
  }),
  op("einsum", (a, b, c) => F.einsum("bij,bjk,kl->bil", a, b, c), [real([2, 2, 3]), real([2, 3, 2]), real([2, 3])], {
    rows: [0, 1],
  }),
  op("einsum of-a-diagonal", (a) => F.einsum("iij->j", a), [real([3, 3, 2])], { rows: "the rows are combined" }),
  op("tensordot", (a, b) => F.tensordot(a, b, [[1, 2], [1, 0]]), [real([2, 3, 4]), real([4, 3, 2])], { rows: [0] }),
  op("trace", F.trace, [real([3, 3])], { rows: "the rows are combined" }),
  op("kron", F.kron, [real([2, 2]), real([3])], { rows: [0] }),
  op("cross", (a, b) => F.cross(a, b, 1), [real([2, 3]), real([2, 3])]),
  op("vander", (x) => F.vander(x), [real([3])], { rows: "the number of rows is that of columns" }),
  op("cov", (x) => F.cov(x), [real([3, 5])], { rows: "each row meets each other" }),
  op("corrcoef", (x) => F.corrcoef(x), [real([3, 5])], { rows: "each row meets each other" }),
];
