import { assertEquals } from "@std/assert";
import { functional as F, linalg, type Tensor, tensor } from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

// Numbers from PyTorch 1.13.1: a, b, s below; w = arange(1, 10) / 4 and its parts as weights of a sum.
const matrix = (rows: number[][], requiresGrad = true): Tensor => tensor(rows, { dtype: "float32", requiresGrad });
const symmetric = (): Tensor => matrix([[4, 1, 2], [1, 3, 0.5], [2, 0.5, 5]]);
const tall = (): Tensor => matrix([[1, 2], [3, 4], [5, 6.5]]);
const wide = (): Tensor => matrix([[1, 3, 5], [2, 4, 6.5]]);
const weights = (...rows: number[][]): Tensor => matrix(rows, false);
const square = [[0.25, 0.5, 0.75], [1, 1.25, 1.5], [1.75, 2, 2.25]];
const ofTall = [[0.25, 0.5], [0.75, 1], [1.25, 1.5]], ofWide = [[0.25, 0.75, 1.25], [0.5, 1, 1.5]];
const small = [[1, 2], [3, 4]];

const weighed = (x: Tensor, rows: number[][]): Tensor => x.mul(weights(...rows)).sum();

testOnDevices("cholesky() and its gradient are PyTorch's", () => {
  const a = symmetric(), l = linalg.cholesky(a);
  assertTensor(l, [[2, 0, 0], [0.5, 1.6583124, 0], [1, 0, 2]], 1e-6);
  weighed(l, square).backward();
  assertTensor(
    gradOf(a),
    [[0.0961863, -0.1457336, 0.0054943], [-0.1457336, 0.3768892, 0.6030227], [0.0054943, 0.6030227, 0.5625]],
    1e-5,
  );
  assertTensor(linalg.cholesky(a, { upper: true }).mT, l.tolist() as number[][], 1e-6);
});

testOnDevices("qr() of tall and wide matrices and its gradient are PyTorch's", () => {
  const b = tall(), [q, r] = linalg.qr(b);
  assertTensor(q, [[-0.1690309, 0.9778942], [-0.5070926, 0.0208061], [-0.8451543, -0.2080624]], 1e-5);
  assertTensor(r, [[-5.9160795, -7.8599358], [0, 0.6866081]], 1e-5);
  weighed(q, ofTall).add(weighed(r, small)).backward();
  assertTensor(gradOf(b), [[-5.8855052, 3.5624814], [-0.731643, -0.8537258], [0.4328703, -2.5666928]], 1e-4);
  const c = wide(), other = linalg.qr(c);
  weighed(other.Q, small).add(weighed(other.R, ofWide)).backward();
  assertTensor(gradOf(c), [[7.6026306, -1.2298373, -1.9006577], [-4.0808239, -0.2236068, -0.4472136]], 1e-4);
});

testOnDevices("svd() and its gradient are PyTorch's up to signs", () => {
  const b = tall(), { U, S, Vh } = linalg.svd(b, { fullMatrices: false });
  assertTensor(S, [9.8529215, 0.4122664], 1e-5);
  assertTensor(U.abs(), [[0.2233093, 0.9669444], [0.5074637, 0.0075091], [0.8322342, 0.2548765]], 1e-4);
  weighed(U.square(), ofTall).add(weighed(Vh.square(), small)).add(S.at(0)).backward();
  assertTensor(gradOf(b), [[0.1951689, 0.1387861], [-0.1248353, 0.6857727], [0.7441067, 0.5063173]], 1e-4);
});

testOnDevices("lu() of tall and wide matrices and its gradient are PyTorch's", () => {
  const b = tall(), { P, L, U } = linalg.lu(b);
  assertTensor(P, [[0, 1, 0], [0, 0, 1], [1, 0, 0]]);
  assertTensor(L, [[1, 0], [0.2, 1], [0.6, 0.142857]], 1e-5);
  assertTensor(U, [[5, 6.5], [0, 0.7]], 1e-5);
  weighed(L, ofTall).add(weighed(U, small)).backward();
  assertTensor(gradOf(b), [[-4.6520414, 3.6938777], [-2.5357146, 2.1428573], [3.4518371, -0.02449]], 1e-4);
  const c = wide(), other = linalg.lu(c);
  weighed(other.L, small).add(weighed(other.U, ofWide)).backward();
  assertTensor(gradOf(c), [[-5.375, 1, 1.5], [2.9375, 0.25, 0.5]], 1e-4);
});

testOnDevices("pinv() and matrixExp() and their gradients are PyTorch's", () => {
  const b = tall(), p = linalg.pinv(b);
  assertTensor(p, [[-1.8636326, 0.0454549, 0.5454533], [1.4242393, 0.0303027, -0.3030293]], 1e-4);
  weighed(p, ofWide).backward();
  assertTensor(gradOf(b), [[0.5843616, -0.4260749], [-0.1587464, 0.1037648], [-0.0716253, 0.0229567]], 2e-4);
  const a = symmetric(), e = linalg.matrixExp(a.div(2));
  assertTensor(
    e,
    [[13.5290022, 4.8416371, 12.3350677], [4.8416371, 5.7703896, 4.5422544], [12.3350668, 4.5422540, 18.6358185]],
    1e-6,
  );
  weighed(e, square).backward();
  assertTensor(
    gradOf(a),
    [[14.007143, 10.4613972, 18.48876], [11.8214989, 7.9643555, 14.9842625], [25.186655, 17.4050808, 31.2904243]],
    1e-5,
  );
});

testOnDevices("lstsq() gives solution, residuals, rank and singular values as PyTorch", () => {
  const found = linalg.lstsq(tall(), matrix([[1], [2], [4]], false), { driver: "gelsd" });
  assertTensor(found.solution, [[0.4090901], [0.2727281]], 1e-4);
  assertTensor(found.residuals, [0.1363637], 1e-4);
  assertEquals(found.rank.item(), 2);
  assertTensor(found.singularValues, [9.8529205, 0.4122663], 1e-5);
  assertEquals(linalg.lstsq(tall(), matrix([[1], [2], [4]], false)).singularValues.numel(), 0);
});

testOnDevices("norms and condition numbers are PyTorch's", () => {
  const b = tall(), orders = ["fro", "nuc", 1, -1, 2, -2, Infinity, -Infinity] as const;
  const norms = [9.8615417, 10.2651882, 12.5, 9, 9.8529215, 0.4122664, 11.5, 3];
  orders.forEach((order, i) => assertTensor(linalg.matrixNorm(b, order), norms[i]!, 1e-5));
  const a = symmetric();
  assertTensor(linalg.cond(a), 3.2583759, 1e-5);
  assertTensor(linalg.cond(a, 1), 4.133523, 1e-5);
  assertTensor(linalg.cond(a, "nuc"), 11.3863649, 1e-5);
  assertEquals(linalg.cond(matrix([[1, 2], [2, 4]]), 1).item(), Infinity);
  assertTensor(F.norm(b, "nuc"), 10.2651882, 1e-5);
});

testOnDevices("determinants and their gradients hold for singular matrices", () => {
  // d det / d A is the matrix of cofactors; PyTorch gives 0 where A is singular.
  const singular = matrix([[1, 2], [2, 4]]), regular = matrix([[1, 2], [3, 4]]);
  linalg.det(singular).backward();
  assertTensor(gradOf(singular), [[4, -2], [-2, 1]], 1e-5);
  linalg.det(regular).backward();
  assertTensor(gradOf(regular), [[4, -3], [-2, 1]], 1e-5);
  const { sign, logabsdet } = linalg.slogdet(matrix([[1, 2], [2, 4]]));
  assertEquals([sign.item(), logabsdet.item()], [0, -Infinity]);
  assertEquals(F.logdet(matrix([[0, 1], [1, 0]])).item(), NaN);
});
