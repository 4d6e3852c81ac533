/** Numbers from PyTorch 1.13.1 where it has the distribution. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { distributions as D, eye, manualSeed, ShapeError, type Tensor, tensor, ValueError, zeros } from "../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../tensor/expect.ts";

const T = (values: number | number[] | number[][]): Tensor => tensor(values, { dtype: "float32" });

testOnDevices("Wishart is PyTorch's", () => {
  const d = new D.Wishart(T([3, 4]), T([[2, 0.5], [0.5, 1]])), value = T([[3, 1], [1, 2]]);
  assertEquals([d.batchShape, d.eventShape], [[2], [2, 2]]);
  assertTensor(d.logProb(value), [-5.0847335, -5.2529697], 1e-5);
  assertTensor(d.entropy(), [6.3704481, 7.140811], 1e-5);
  assertTensor(d.mean, [[[6, 1.5], [1.5, 3]], [[8, 2], [2, 4]]], 1e-6);
  assertTensor(d.variance, [[[24, 6.75], [6.75, 6]], [[32, 9], [9, 8]]], 1e-6);
  assertTensor(d.mode, [[[NaN, NaN], [NaN, NaN]], [[2, 0.5], [0.5, 1]]], 1e-6);
  for (const [name, matrix] of Object.entries({ precisionMatrix: d.precisionMatrix, scaleTril: d.scaleTril })) {
    assertTensor(new D.Wishart(T([3, 4]), { [name]: matrix }).logProb(value), [-5.0847335, -5.2529697], 1e-4);
  }
  manualSeed(0);
  const drawn = d.sample([2]);
  assertTensor(drawn.at(0), [
    [[14.9926682, 1.6969885], [1.6969885, 0.9876934]],
    [[2.4880869, 1.1725494], [1.1725494, 0.9274778]],
  ], 1e-4);
  assertEquals([...d.expand([3, 2]).sample().shape], [3, 2, 2, 2]);
  const df = T(3).requiresGrad_();
  manualSeed(0);
  new D.Wishart(df, eye(2)).rsample().sum().backward();
  assert(Math.abs(gradOf(df).item()) > 0);
  assertThrows(() => new D.Wishart(1, eye(2)), ValueError, "df");
  assertThrows(() => new D.Wishart(3), ValueError, "0 matrices");
  assertThrows(() => new D.Wishart(3, T([1])), ShapeError, "less than a matrix");
});

Deno.test("the divergence of Wishart distributions of numbers is that of gamma distributions", () => {
  const of = (df: number, v: number) => new D.Wishart(df, T([[v]])),
    gamma = (df: number, v: number) => new D.Gamma(df / 2, 1 / (2 * v));
  assertTensor(
    D.klDivergence(of(3, 2), of(4.5, 0.75)),
    D.klDivergence(gamma(3, 2), gamma(4.5, 0.75)).item(),
    1e-5,
  );
  const p = new D.Wishart(4, T([[2, 0.5], [0.5, 1]]));
  assertTensor(D.klDivergence(p, p), 0, 1e-5);
  assertThrows(() => D.klDivergence(p, of(3, 1)), ValueError, "2 and 1 rows");
});

Deno.test("LogisticNormal and InverseGamma are PyTorch's", () => {
  const d = new D.LogisticNormal(T([0.3, -0.2]), T([1, 2]));
  assertEquals([d.batchShape, d.eventShape, d.support.name], [[], [3], "simplex"]);
  assertTensor(d.logProb(T([0.2, 0.3, 0.5])), 0.4702866, 1e-5);
  assertTensor(d.scale, [1, 2]);
  manualSeed(0);
  assertTensor(d.sample([2]), [[0.7591178, 0.0753585, 0.1655237], [0.0709665, 0.6674784, 0.261555]], 1e-5);
  assertEquals([...new D.LogisticNormal(0, 1).expand([4]).sample().shape], [4, 2]);

  const inverse = new D.InverseGamma(T([3, 1.5]), 2);
  assertTensor(inverse.logProb(T([0.5, 2])).at(0), 0.1588831, 1e-5);
  assertTensor(new D.InverseGamma(3, 2).logProb(tensor(2)), -2.3862944, 1e-5);
  assertTensor(inverse.mean, [1, 4], 1e-6);
  assertTensor(inverse.mode, [0.5, 0.8], 1e-6);
  assertTensor(inverse.variance, [1, Infinity], 1e-6);
  const gamma = new D.Gamma(3, 2), sample = inverse.sample([5]);
  assert(sample.gt(0).all().item<boolean>());
  assertTensor(
    D.klDivergence(new D.InverseGamma(3, 2), new D.InverseGamma(2, 1)),
    D.klDivergence(gamma, new D.Gamma(2, 1)).item(),
    1e-6,
  );
  // The entropy of 1 / x is that of x less E ln x².
  assertTensor(
    new D.InverseGamma(3, 2).entropy(),
    gamma.entropy().sub(T(3).digamma().sub(Math.log(2)).mul(2)).item(),
    1e-5,
  );
});

Deno.test("GeneralizedPareto has the exponential, the uniform and Pareto's distribution as special cases", () => {
  const x = T([0.25, 0.5, 0.75]);
  const cases: [D.GeneralizedPareto, D.Distribution, Tensor][] = [
    [new D.GeneralizedPareto(0, 0.5, 0), new D.Exponential(2), x],
    [new D.GeneralizedPareto(0, 1, -1), new D.Uniform(0, 1), x],
    [new D.GeneralizedPareto(2, 0.5, 0.25), new D.Pareto(2, 4), x.add(2)],
  ];
  for (const [d, same, value] of cases) {
    assertTensor(d.logProb(value), same.logProb(value).tolist() as number[], 1e-5);
    assertTensor(d.cdf(value), same.cdf(value).tolist() as number[], 1e-5);
    assertTensor(d.logCdf(value), same.cdf(value).log().tolist() as number[], 1e-4);
    assertTensor(d.icdf(x), same.icdf(x).tolist() as number[], 1e-5);
    for (const what of ["mean", "variance"] as const) assertTensor(d[what], same[what].item(), 1e-5);
    assertTensor(d.entropy(), same.entropy().item(), 1e-5);
    assertTensor(d.mode, d.loc.item());
  }
  assertTensor(new D.GeneralizedPareto(0, 1, T([1, 0.5])).mean, [Infinity, 2]);
  assertTensor(new D.GeneralizedPareto(0, 1, 0.5).variance, Infinity);
  assertThrows(() => new D.GeneralizedPareto(0, 1, -0.5).logProb(T(2.5)), ValueError, "interval");
  const scale = T(2).requiresGrad_();
  new D.GeneralizedPareto(0, scale, 0).rsample([3]).sum().backward();
  assert(gradOf(scale).item() > 0);
});

class Numbers extends D.ExponentialFamily {
  constructor(readonly mu: Tensor, readonly sigma: Tensor) {
    super(mu.shape, []);
  }
  override get support(): D.Constraint {
    return D.constraints.real;
  }
  override logProb(value: Tensor): Tensor {
    return new D.Normal(this.mu, this.sigma).logProb(value);
  }
  override get naturalParams(): Tensor[] {
    return [this.mu.div(this.sigma.square()), this.sigma.square().reciprocal().mul(-0.5)];
  }
  override logNormalizer(x: Tensor, y: Tensor): Tensor {
    return x.square().div(y).mul(-0.25).add(y.mul(-1 / Math.PI).reciprocal().log().mul(0.5));
  }
}

Deno.test("entropies and divergences of the exponential family follow from the normalizer", () => {
  const p = new Numbers(T([0, 1]), T([1, 2])), q = new Numbers(T([1, 1]), T([1, 1]));
  const normal = ({ mu, sigma }: Numbers) => new D.Normal(mu, sigma);
  assertTensor(p.entropy(), normal(p).entropy().tolist() as number[], 1e-5);
  assertTensor(D.klDivergence(p, q), D.klDivergence(normal(p), normal(q)).tolist() as number[], 1e-5);
  const mu = T([0.5]).requiresGrad_(), sigma = T([2]).requiresGrad_();
  new Numbers(mu, sigma).entropy().sum().backward();
  assertTensor(gradOf(sigma), [0.5], 1e-5);
  class Others extends Numbers {}
  assertThrows(() => D.klDivergence(p, new Others(T(0), T(1))), D.UnsupportedError, "registerKl");
});

testOnDevices("transforms side by side, and of correlations, are PyTorch's", () => {
  const x = T([[0.5, -1, 2]]), corr = new D.CorrCholeskyTransform(), y = corr.call(x);
  assertTensor(y, [[[1, 0, 0], [0.4621172, 0.8868189, 0], [-0.7615942, 0.6247422, 0.1722542]]] as never, 1e-5);
  assertTensor(corr.inv.call(y), [[0.5, -1, 2]], 1e-4);
  assertTensor(corr.logAbsDetJacobian(x, y), [-4.191577], 1e-4);
  assertThrows(() => corr.call(T([1, 2])), ShapeError, "1, 3, 6, 10");

  const halves = [new D.ExpTransform(), new D.AffineTransform(0, 2)];
  const cat = new D.CatTransform(halves, { dim: -1, lengths: [1, 2] }), z = T([0.5, 1, 2]);
  assertTensor(cat.call(z), [1.6487213, 2, 4], 1e-6);
  assertTensor(cat.inverse(cat.call(z)), [0.5, 1, 2], 1e-6);
  assertTensor(cat.logAbsDetJacobian(z, cat.call(z)), [0.5, 0.6931472, 0.6931472], 1e-6);
  assertEquals([cat.bijective, cat.domain.holds(z), cat.codomain.holds(T([-1, 2, 3]))], [true, true, false]);
  assertThrows(() => cat.call(T([1, 2])), ShapeError, "it takes 3");
  assertThrows(() => new D.CatTransform(halves, { lengths: [1] }), ValueError, "2 transforms of 1 lengths");

  const stack = new D.StackTransform(halves, { dim: 1 }), rows = T([[0.5, 1], [2, 3]]);
  assertTensor(stack.call(rows), [[1.6487213, 2], [7.3890561, 6]], 1e-6);
  assertTensor(stack.inv.call(stack.call(rows)), [[0.5, 1], [2, 3]], 1e-6);
  assertTensor(stack.logAbsDetJacobian(rows, rows), [[0.5, 0.6931472], [2, 0.6931472]], 1e-6);
  assertThrows(() => stack.call(T([[1, 2, 3]])), ShapeError, "it takes 2");
  assertTensor(D.identityTransform.logAbsDetJacobian(z, z), [0, 0, 0]);
  const plain = new D.TransformedDistribution(new D.Normal(0, 1), []);
  assertTensor(plain.logProb(T(0.5)), new D.Normal(0, 1).logProb(T(0.5)).item());
});

Deno.test("bijectTo and transformTo find PyTorch's transforms to constraints", () => {
  const { bijectTo, constraints: C, transformTo } = D, x = T([0.5, -1, 2]);
  const cases: [D.Constraint, number[], number | number[]][] = [
    [C.real, [0.5, -1, 2], [0, 0, 0]],
    [C.positive, [1.6487213, 0.3678795, 7.3890561], [0.5, -1, 2]],
    [C.greaterThan(2), [3.6487213, 2.3678795, 9.3890561], [0.5, -1, 2]],
    [C.lessThan(2), [0.3512788, 1.6321206, -5.3890561], [0.5, -1, 2]],
    [C.interval(1, 3), [2.2449188, 1.5378828, 2.7615941], [-0.7550068, -0.9333761, -1.5607087]],
    [C.halfOpenInterval(T(1), T(3)), [2.2449188, 1.5378828, 2.7615941], [-0.7550068, -0.9333761, -1.5607087]],
    [C.unitInterval, [0.6224594, 0.2689414, 0.880797], [-1.448154, -1.6265233, -2.2538562]],
    [C.independent(C.positive, 1), [1.6487213, 0.3678795, 7.3890561], 1.5],
    [C.simplex, [0.3546613, 0.1002614, 0.4801025, 0.0649748], -6.8040781],
    [C.cat([C.positive, C.real], 0, [1, 2]), [1.6487213, -1, 2], [0.5, 0, 0]],
    [C.stack([C.positive, C.real, C.real]), [1.6487213, -1, 2], [0.5, 0, 0]],
  ];
  for (const [constraint, expected, slope] of cases) {
    const transform = bijectTo(constraint), y = transform.call(x);
    assertTensor(y, expected, 1e-5);
    assertTensor(transform.logAbsDetJacobian(x, y), slope, 1e-5);
    assert(constraint.holds(y), constraint.name);
    if (constraint !== C.simplex) assertTensor(transformTo(constraint).call(x), expected, 1e-5);
  }
  assertTensor(transformTo(C.simplex).call(x), [0.1752904, 0.0391126, 0.785597], 1e-5);
  const definite = transformTo(C.positiveDefinite), matrix = T([[0.5, 0], [1, -0.5]]);
  assert(C.positiveDefinite.holds(definite.call(matrix)) && C.positiveSemidefinite.holds(definite.call(matrix)));
  assertTensor(definite.inverse(definite.call(matrix)), [[0.5, 0], [1, -0.5]], 1e-4);
  assertThrows(() => bijectTo(C.lowerCholesky), D.UnsupportedError, "lowerCholesky");
  assertThrows(() => bijectTo(C.boolean), D.UnsupportedError, "boolean");
  const even = new D.Constraint("even", (value) => value.remainder(2).eq(0));
  transformTo.register(even, () => new D.AffineTransform(0, 2));
  assertTensor(transformTo(even).call(T(3)), 6);
  assertEquals(Object.keys(new D.Normal(0, 1).argConstraints), ["loc", "scale"]);
});

Deno.test("constraints of matrices and of joined values check what belongs to them", () => {
  const { constraints: C } = D;
  assertTensor(C.square.check(zeros([3, 2, 2])), [true, true, true]);
  assertTensor(C.square.check(zeros([1, 2, 3])), [false]);
  assertEquals(C.positiveSemidefinite.holds(T([[1, 1], [1, 1]])), true);
  assertEquals(C.positiveSemidefinite.holds(T([[1, 2], [2, 1]])), false);
  assertTensor(C.halfOpenInterval(0, 1).check(T([0, 1])), [true, false]);
  assertTensor(C.cat([C.positive, C.boolean], 0, [2, 1]).check(T([1, -1, 1])), [true, false, true]);
  assertTensor(C.stack([C.positive, C.boolean], 1).check(T([[1, 2]])), [[true, false]]);
  assertEquals([C.stack([C.simplex], -1).eventDim, C.cat([C.boolean, C.real]).isDiscrete], [1, true]);
  assertThrows(() => C.cat([C.real], 0, [1, 2]), ValueError, "1 constraints of 2 lengths");
});
