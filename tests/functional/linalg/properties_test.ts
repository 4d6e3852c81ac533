import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  DTypeError,
  eye,
  functional as F,
  linalg,
  manualSeed,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "../../../mod.ts";
import { assertTensor, testOnDevices } from "../../tensor/expect.ts";

function assertClose(actual: Tensor, expected: Tensor, tolerance = 2e-5): void {
  assertEquals([...actual.shape], [...expected.shape]);
  if (actual.numel() > 0) {
    assert(actual.sub(expected).abs().max().item() as number <= tolerance, `${actual} ${expected}`);
  }
}

testOnDevices("decompositions of batches multiply back", () => {
  manualSeed(1);
  for (const [m, n] of [[5, 5], [7, 4], [4, 7]] as const) {
    const a = randn([2, 3, m, n]);
    for (const mode of ["reduced", "complete"] as const) {
      const { Q, R } = linalg.qr(a, { mode });
      assertClose(Q.matmul(R), a);
      assertClose(Q.mT.matmul(Q), eye(Q.shape.at(-1)!).expand([2, 3, -1, -1]));
    }
    const { U, S, Vh } = linalg.svd(a, { fullMatrices: false });
    assertClose(U.mul(S.unsqueeze(-2)).matmul(Vh), a);
    const full = linalg.svd(a);
    assertEquals([...full.U.shape, ...full.Vh.shape], [2, 3, m, m, 2, 3, n, n]);
    assertClose(full.U.mT.matmul(full.U), eye(m).expand([2, 3, m, m]));
    assertClose(full.Vh.matmul(full.Vh.mT), eye(n).expand([2, 3, n, n]));
    const { P, L, U: upper } = linalg.lu(a);
    assertClose(P.matmul(L).matmul(upper), a);
    const p = linalg.pinv(a);
    assertClose(a.matmul(p).matmul(a), a, 1e-4);
    const { a: vectors, tau } = F.geqrf(a);
    if (m >= n) assertClose(linalg.householderProduct(vectors, tau), linalg.qr(a).Q);
  }
});

testOnDevices("symmetric matrices decompose, views and repeated eigenvalues too", () => {
  manualSeed(2);
  const x = randn([3, 6, 6]), a = x.add(x.mT).mT;
  const { eigenvalues, eigenvectors } = linalg.eigh(a);
  assertClose(eigenvectors.mul(eigenvalues.unsqueeze(-2)).matmul(eigenvectors.mT), a);
  assertClose(linalg.eigvalsh(a, { UPLO: "U" }), eigenvalues);
  assertTensor(linalg.eigvalsh(eye(4)), [1, 1, 1, 1]);
  const { LD, pivots } = linalg.ldlFactor(a), b = randn([3, 6, 2]);
  assertClose(a.matmul(linalg.ldlSolve(LD, pivots, b)), b, 1e-3);
  const positive = x.matmul(x.mT).add(eye(6));
  const l = linalg.cholesky(positive);
  assertClose(l.matmul(l.mT), positive);
  assertClose(F.choleskySolve(b, l), linalg.solve(positive, b), 1e-4);
  assertClose(F.choleskyInverse(l), linalg.inv(positive), 1e-4);
});

testOnDevices("systems are solved from both sides, for vectors and broadcast batches", () => {
  manualSeed(3);
  const a = randn([2, 4, 4]).add(eye(4).mul(4)), b = randn([2, 4, 3]);
  assertClose(a.matmul(linalg.solve(a, b)), b);
  assertClose(linalg.solve(a, b.mT, { left: false }).matmul(a), b.mT);
  assertEquals([...linalg.solve(a, randn([2, 4])).shape], [2, 4]);
  assertEquals([...linalg.solve(a, randn([4])).shape], [2, 4]);
  assertEquals([...linalg.solve(a, randn([5, 1, 4, 1])).shape], [5, 2, 4, 1]);
  const { LU, pivots } = linalg.luFactor(a);
  for (const adjoint of [false, true]) {
    const matrix = adjoint ? a.mT : a;
    assertClose(matrix.matmul(linalg.luSolve(LU, pivots, b, { adjoint })), b);
    assertClose(linalg.luSolve(LU, pivots, b.mT, { adjoint, left: false }).matmul(matrix), b.mT);
  }
  const { a: vectors, tau } = F.geqrf(a);
  assertClose(F.ormqr(vectors, tau, b, { transpose: true }), linalg.qr(a).Q.mT.matmul(b));
  assertClose(F.triangularSolve(b, a, { transpose: true }).solution, linalg.solve(a.triu().mT, b), 1e-4);
  assertClose(linalg.matrixPower(a, -2).matmul(linalg.matrixPower(a, 2)), eye(4).expand([2, 4, 4]), 1e-4);
});

testOnDevices("ranks and pseudoinverses drop what is below the tolerance", () => {
  const a = tensor([[1, 0], [0, 1e-9]], { dtype: "float32" });
  assertEquals(linalg.matrixRank(a).item(), 1);
  assertEquals(linalg.matrixRank(a, { atol: 1e-12 }).item(), 2);
  assertEquals(linalg.matrixRank(a, { atol: 2 }).item(), 0);
  assertEquals(linalg.matrixRank(a, { hermitian: true }).item(), 1);
  assertTensor(linalg.pinv(a), [[1, 0], [0, 0]]);
  assertTensor(linalg.svdvals(zeros([2, 3])), [0, 0]);
  assertTensor(linalg.matrixRank(tensor([[[1.5, 0], [0, 1]], [[1, 1], [1, 1]]])), [2, 1]);
});

testOnDevices("empty batches and empty matrices give empty results and neutral numbers", () => {
  assertEquals([...linalg.inv(zeros([0, 3, 3])).shape], [0, 3, 3]);
  assertEquals([...linalg.svd(zeros([2, 0, 3])).Vh.shape], [2, 3, 3]);
  assertTensor(linalg.det(zeros([2, 0, 0])), [1, 1]);
  assertTensor(linalg.slogdet(zeros([0, 0])).logabsdet, 0);
  assertEquals([...linalg.qr(zeros([3, 0]), { mode: "complete" }).Q.shape], [3, 3]);
  assertEquals([...linalg.eigvalsh(zeros([0, 0])).shape], [0]);
  assertTensor(linalg.matrixRank(zeros([2, 0, 3])), [0, 0]);
  assertEquals([...linalg.solve(zeros([0, 0]), zeros([0, 4])).shape], [0, 4]);
});

Deno.test("singular and other unfit matrices are named", () => {
  const batch = tensor([[[1, 0], [0, 1]], [[1, 2], [2, 4]]], { dtype: "float32" });
  assertThrows(() => linalg.inv(batch), linalg.LinAlgError, "matrix 1 of the batch is singular");
  assertThrows(() => linalg.solve(batch.at(1), zeros([2])), linalg.LinAlgError, "pivot 2");
  assertThrows(
    () => linalg.cholesky(batch.neg()),
    linalg.LinAlgError,
    "matrix 0 of the batch is not positive definite",
  );
  assertThrows(() => linalg.luFactor(batch), linalg.LinAlgError, "lstsq");
  assertThrows(() => linalg.svd(batch.mul(NaN)), linalg.LinAlgError, "NaN");
  assertThrows(() => linalg.eigh(batch.div(0)), linalg.LinAlgError, "NaN or infinite");
  assertTensor(linalg.invEx(batch).info, [0, 2]);
  assertTensor(linalg.choleskyEx(batch).info, [0, 2]);
  assertTensor(linalg.luFactorEx(batch).info, [0, 2]);
});

Deno.test("shapes, dtypes and options that do not fit are refused", () => {
  assertThrows(() => linalg.inv(zeros([2, 3])), ShapeError, "square");
  assertThrows(() => linalg.det(zeros([3])), ShapeError, "at least 2 dimensions");
  assertThrows(() => linalg.inv(tensor([[1]])), DTypeError, "float()");
  assertThrows(() => linalg.solve(eye(2), zeros([3])), ShapeError, "2 rows");
  assertThrows(() => linalg.solve(eye(2), zeros([2], { dtype: "float64" })), DTypeError, "one dtype");
  assertThrows(() => linalg.solveTriangular(eye(2), zeros([2, 3]), { upper: true, left: false }), ShapeError);
  assertThrows(() => linalg.luFactor(eye(2), { pivot: false }), ValueError);
  assertThrows(() => linalg.multiDot([eye(2)]), ValueError);
  assertThrows(() => linalg.multiDot([eye(2), zeros([2, 2, 2])]), ShapeError, "place 1");
  assertThrows(() => linalg.matrixNorm(eye(2), 3), ValueError);
  assertThrows(() => linalg.norm(zeros([2, 2, 2]), 2), ShapeError);
  assertThrows(() => linalg.norm(zeros([3]), "fro"), ShapeError);
  assertThrows(() => linalg.vander(tensor([1, 2]), { N: 1 }), ValueError);
  assertThrows(() => linalg.tensorinv(zeros([2, 3]), { ind: 1 }), ShapeError);
  assertThrows(() => linalg.lstsq(zeros([3, 2]), zeros([2, 1])), ShapeError);
});

Deno.test("ill-conditioned and large float64 matrices keep their accuracy", () => {
  const n = 8;
  const hilbert = tensor(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => 1 / (i + j + 1))), {
    dtype: "float64",
    device: "cpu",
  });
  // numpy.linalg.svd of the Hilbert matrix of order 8: the least singular value.
  assertTensor(linalg.svdvals(hilbert).at(-1).mul(1e9), 0.11115389663728e0, 1e-6);
  const huge = eye(3, { dtype: "float64", device: "cpu" }).mul(1e300);
  assertTensor(linalg.svdvals(huge).div(1e300), [1, 1, 1], 1e-12);
  assertTensor(linalg.matrixExp(eye(2, { dtype: "float64", device: "cpu" }).mul(-50)).diag(), [
    Math.exp(-50),
    Math.exp(-50),
  ], 1e-12);
});
