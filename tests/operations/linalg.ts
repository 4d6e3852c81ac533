/**
 * Decompositions of matrices and what they solve: computed on the host, as functions of `functional` and of `linalg`.
 *
 * @module
 */

import { functional as F, linalg, type Tensor } from "../../mod.ts";
import { op, type Operation, real, type Settings } from "./table.ts";

/** The host computes, in float64 and one matrix at a time, whatever the device; on some, it shows that elements are read and placed. */
const everywhere: Settings = {
  dtypes: [],
  rows: "one matrix at a time",
  relative: 1e-5,
  absolute: 1e-5,
};
const host: Settings = { ...everywhere, sameKernels: "the host computes" };
const exact: Settings = { ...host, slope: "not differentiable" };
const settingsOf = (name: string): Settings => ["det", "inverse", "choleskySolve"].includes(name) ? everywhere : host;

const square = () => [real([2, 3, 3])];
/** Far from singular. */
const regular = (x: Tensor) => F.add(x, F.mul(F.diagEmbed(x.newOnes([3])), 6));
const definite = (x: Tensor) => regular(F.matmul(x, F.mT(x)));
const right = () => [real([2, 3, 3]), real([2, 3, 2])];

function reflections(x: Tensor): [Tensor, Tensor] {
  const { a, tau } = F.geqrf(x.detach());
  return [a, tau];
}

/** Functions of a regular matrix. */
const ofRegular: Record<string, (a: Tensor) => unknown> = {
  "det": F.det,
  "logdet": F.logdet,
  "slogdet": (a) => F.slogdet(a).logabsdet,
  "inverse": F.inverse,
  "pinverse": (a) => F.pinverse(a),
  "matrixExp": (a) => F.matrixExp(F.mul(a, 0.2)),
  "matrixPower": (a) => [F.matrixPower(a, 3), F.matrixPower(a, -1)],
  "lu": (a) => F.lu(a)[0],
  "luUnpack": (a) => {
    const [packed, pivots] = F.lu(a);
    return F.luUnpack(packed!, pivots!);
  },
  "qr": (a) => F.qr(a),
  "linalg.qr": (a) => linalg.qr(a),
  "linalg.det": linalg.det,
  "linalg.slogdet": (a) => linalg.slogdet(a).logabsdet,
  "linalg.inv": (a) => linalg.inv(a),
  "linalg.invEx": (a) => linalg.invEx(a),
  "linalg.pinv": (a) => linalg.pinv(a),
  "linalg.lu": (a) => linalg.lu(a),
  "linalg.luFactor": (a) => linalg.luFactor(a),
  "linalg.luFactorEx": (a) => linalg.luFactorEx(a),
  "linalg.matrixPower": (a) => linalg.matrixPower(a, 2),
  "linalg.matrixExp": (a) => linalg.matrixExp(F.mul(a, 0.2)),
  "linalg.cond": (a) => linalg.cond(a),
  "linalg.matrixNorm": (
    a,
  ) => [linalg.matrixNorm(a), linalg.matrixNorm(a, "nuc"), linalg.matrixNorm(a, 2), linalg.matrixNorm(a, 1)],
  "linalg.norm": (a) => [linalg.norm(a), linalg.norm(F.select(a, 0, 0), 2)],
  "linalg.svdvals": (a) => linalg.svdvals(a),
  "linalg.svd": (a) => linalg.svd(a).S,
  "svd": (a) => F.svd(a).S,
  "linalg.tensorinv": (a) => linalg.tensorinv(F.reshape(F.select(a, 0, 0), [3, 3, 1]), { ind: 1 }),
};

/** Functions of a symmetric positive definite matrix. */
const ofDefinite: Record<string, (a: Tensor) => unknown> = {
  "cholesky": (a) => F.cholesky(a),
  "choleskyInverse": (a) => F.choleskyInverse(F.cholesky(a)),
  "symeig": (a) => F.symeig(a, { eigenvectors: true }).eigenvalues,
  "linalg.cholesky": (a) => linalg.cholesky(a),
  "linalg.choleskyEx": (a) => linalg.choleskyEx(a),
  "linalg.eigh": (a) => linalg.eigh(a).eigenvalues,
  "linalg.eigvalsh": (a) => linalg.eigvalsh(a),
};

/** Functions of a regular matrix and a right side. */
const solving: Record<string, (a: Tensor, b: Tensor) => unknown> = {
  "choleskySolve": (a, b) => F.choleskySolve(b, F.tril(a)),
  "luSolve": (a, b) => {
    const [packed, pivots] = F.lu(a);
    return F.luSolve(b, packed!, pivots!);
  },
  "triangularSolve": (a, b) => F.triangularSolve(b, a).solution,
  "linalg.solve": (a, b) => linalg.solve(a, b),
  "linalg.solveEx": (a, b) => linalg.solveEx(a, b),
  "linalg.luSolve": (a, b) => {
    const { LU, pivots } = linalg.luFactor(a);
    return linalg.luSolve(LU, pivots, b);
  },
  "linalg.solveTriangular": (a, b) => linalg.solveTriangular(a, b, { upper: true }),
  "linalg.lstsq": (a, b) => linalg.lstsq(a, b).solution,
  "linalg.tensorsolve": (a, b) => linalg.tensorsolve(F.select(a, 0, 0), F.select(F.select(b, 0, 0), 1, 0)),
};

/** Decompositions of matrices and what they solve. */
export const decompositions: readonly Operation[] = [
  ...Object.entries(ofRegular).map(([name, call]) => op(name, (x) => call(regular(x)), square(), settingsOf(name))),
  ...Object.entries(ofDefinite).map(([name, call]) => op(name, (x) => call(definite(x)), square(), host)),
  ...Object.entries(solving).map(([name, call]) => op(name, (x, y) => call(regular(x), y), right(), settingsOf(name))),
  op("geqrf", (x) => F.geqrf(x.detach()), square(), exact),
  op("orgqr", (x) => F.orgqr(...reflections(x)), square(), exact),
  op("ormqr", (x, y) => F.ormqr(...reflections(x), y), right(), exact),
  op("linalg.householderProduct", (x) => linalg.householderProduct(...reflections(x)), square(), exact),
  op("linalg.ldlFactor", (x) => linalg.ldlFactor(definite(x.detach())), square(), exact),
  op("linalg.ldlFactorEx", (x) => linalg.ldlFactorEx(definite(x.detach())), square(), exact),
  op(
    "linalg.ldlSolve",
    (x, y) => {
      const { LD, pivots } = linalg.ldlFactor(definite(x.detach()));
      return linalg.ldlSolve(LD, pivots, y.detach());
    },
    right(),
    exact,
  ),
  op("linalg.matrixRank", (x) => linalg.matrixRank(x.detach()), square(), exact),
  op("linalg.vectorNorm", (x) => linalg.vectorNorm(x, 3, 1), [real([3, 4])]),
  op("linalg.multiDot", (a, b, c) => linalg.multiDot([a, b, c]), [real([2, 3]), real([3, 4]), real([4, 2])], {
    rows: [0],
  }),
  op("linalg.matmul", linalg.matmul, [real([3, 5]), real([5, 4])], { rows: [0] }),
  op("linalg.cross", (a, b) => linalg.cross(a, b), [real([2, 3]), real([2, 3])]),
  op("linalg.vecdot", (a, b) => linalg.vecdot(a, b), [real([3, 4]), real([3, 4])]),
  op("linalg.diagonal", (x) => linalg.diagonal(x), [real([2, 3, 3])]),
  op("linalg.vander", (x) => linalg.vander(x), [real([2, 3])]),
];
