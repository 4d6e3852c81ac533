import { assertThrows } from "@std/assert";
import {
  autograd,
  AutogradError,
  functional as F,
  linalg,
  manualSeed,
  randn,
  type Tensor,
  tensor,
  zeros,
} from "../../../mod.ts";

const options = { dtype: "float64", device: "cpu" } as const;
const random = (...shape: number[]): Tensor => randn(shape, options);
const leaf = (x: Tensor): Tensor => x.detach().requiresGrad_();
const positive = (x: Tensor): Tensor => x.matmul(x.mT).add(x.mT.matmul(x));

type Case = [name: string, f: (...inputs: Tensor[]) => Tensor | readonly Tensor[], ...inputs: Tensor[]];

function cases(): Case[] {
  manualSeed(4);
  const a = random(2, 3, 3), b = random(2, 3, 2), tall = random(4, 3), wide = random(2, 4);
  const signless = (x: Tensor) => x.square();
  const even = (x: Tensor) => x.add(x.mT);
  return [
    ["inv", (x) => linalg.inv(x), a],
    ["det", (x) => linalg.det(x), a],
    ["slogdet", (x) => linalg.slogdet(x).logabsdet, a],
    ["solve", (x, y) => linalg.solve(x, y), a, b],
    ["solve from the right", (x, y) => linalg.solve(x, y.mT, { left: false }), a, b],
    ["solveTriangular", (x, y) => linalg.solveTriangular(x, y, { upper: true }), a, b],
    ["solveTriangular, unit", (x, y) => linalg.solveTriangular(x, y, { upper: false, unitriangular: true }), a, b],
    ["cholesky", (x) => linalg.cholesky(positive(x)), a],
    ["choleskySolve", (y, x) => F.choleskySolve(y, x.tril()), b, a],
    ["eigh", (x) => {
      const { eigenvalues, eigenvectors } = linalg.eigh(even(x));
      return [eigenvalues, signless(eigenvectors)];
    }, random(3, 3)],
    ["svd", (x) => {
      const { U, S, Vh } = linalg.svd(x, { fullMatrices: false });
      return [signless(U), S, signless(Vh)];
    }, tall],
    ["svd, full", (x) => [linalg.svd(x).S, signless(linalg.svd(x).U)], wide],
    ["pinv", (x) => linalg.pinv(x), tall],
    ["pinv, wide", (x) => linalg.pinv(x), wide],
    ["lstsq", (x, y) => linalg.lstsq(x, y).solution, tall, random(4, 2)],
    ["qr", (x) => [...linalg.qr(x)], tall],
    ["qr, wide", (x) => [...linalg.qr(x, { mode: "complete" })], wide],
    ["luFactor", (x) => linalg.luFactor(x).LU, a],
    ["luFactor, tall", (x) => linalg.luFactor(x).LU, tall],
    ["luFactor, wide", (x) => linalg.luFactor(x).LU, wide],
    [
      "luSolve",
      (x, y) => {
        const { LU, pivots } = linalg.luFactor(x);
        return linalg.luSolve(LU, pivots, y, { adjoint: true });
      },
      a,
      b,
    ],
    ["householderProduct", (x, y) => linalg.householderProduct(x, y), tall, random(3)],
    ["ormqr", (x, y, z) => F.ormqr(x, y, z, { transpose: true }), tall, random(3), random(4, 2)],
    ["matrixExp", (x) => linalg.matrixExp(x), random(2, 2)],
    ["matrixPower", (x) => linalg.matrixPower(x, -3), random(2, 2)],
    ["cond", (x) => linalg.cond(x), tall],
  ];
}

for (const [name, f, ...inputs] of cases()) {
  Deno.test(`first and second derivatives of ${name} are those of finite differences`, () => {
    const leaves = inputs.map(leaf);
    autograd.gradcheck(f, leaves, { atol: 1e-5, rtol: 1e-4 });
    autograd.gradgradcheck(f, leaves, { atol: 1e-4, rtol: 1e-3 });
  });
}

Deno.test("the gradient of det() at a singular matrix is the matrix of cofactors", () => {
  autograd.gradcheck((x) => linalg.det(x), leaf(tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]], options)));
});

Deno.test("what PyTorch cannot go backward through is refused", () => {
  const x = leaf(random(4, 3));
  assertThrows(() => linalg.qr(x, { mode: "r" }).R.sum().backward(), AutogradError, "reduced");
  assertThrows(() => linalg.qr(x, { mode: "complete" }).Q.sum().backward(), AutogradError, "4 rows and 3 columns");
  assertThrows(() => linalg.ldlFactor(leaf(random(2, 2))).LD.sum().backward(), AutogradError, "ldlFactor");
});

Deno.test("a loss may depend on any of several outputs, or on an empty one", () => {
  const x = leaf(zeros([2, 0, 3], options));
  linalg.svd(x).S.sum().backward();
  const y = leaf(random(3, 3));
  const { Q, R } = linalg.qr(y);
  R.sum().backward({ retainGraph: true });
  Q.sum().backward();
});
