import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  distributions as D,
  functional as F,
  manualSeed,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "../../mod.ts";
import { assertTensor, testOnDevices } from "../tensor/expect.ts";

const T = (values: number | number[] | number[][]): Tensor => tensor(values, { dtype: "float32" });

testOnDevices("parameters come by position or by name, and broadcast", () => {
  const d = new D.Normal(zeros([2, 1]), T([1, 2, 3]));
  assertEquals([d.batchShape, d.eventShape], [[2, 3], []]);
  assertTensor(new D.Normal({ loc: 1, scale: 2 }).mean, 1);
  assertTensor(new D.Normal(1, { scale: 2 }).stddev, 2);
  assertTensor(new D.Bernoulli({ logits: 0 }).probs, 0.5);
  assertEquals(new D.Normal(tensor([0, 1]), 1).loc.dtype, "float32");
  assertEquals(new D.Normal(0, 1).sample([4, 2]).shape.join(), "4,2");
  assertEquals(new D.Normal(0, 1).sample([0]).shape.join(), "0");
});

testOnDevices("expand() repeats any distribution", () => {
  const all: D.Distribution[] = [
    new D.Normal(0, T([1, 2])),
    new D.Beta(1, T([1, 2])),
    new D.Categorical(T([[1, 2], [3, 4]])),
    new D.MultivariateNormal(T([[0, 1], [2, 3]]), { scaleTril: T([[1, 0], [1, 1]]) }),
    new D.LogNormal(0, T([1, 2])),
    new D.RelaxedBernoulli(0.5, T([0.25, 0.5])),
    new D.RelaxedOneHotCategorical(0.5, { logits: zeros([2, 3]) }),
    new D.Independent(new D.Normal(zeros([2, 3]), 1), 1),
    new D.MixtureSameFamily(new D.Categorical(zeros([2, 3]).add(1)), new D.Normal(zeros([2, 3]), 1)),
  ];
  for (const d of all) {
    const wide = d.expand([4, 2]);
    assertEquals([wide.batchShape, wide.eventShape], [[4, 2], d.eventShape], d.constructor.name);
    assert(wide instanceof d.constructor);
    manualSeed(0);
    const x = wide.sample([3]);
    assertEquals([...x.shape], [3, 4, 2, ...d.eventShape], d.constructor.name);
    assertEquals([...wide.logProb(x).shape], [3, 4, 2]);
    assert(F.allclose(wide.logProb(x), d.logProb(x)));
  }
});

// Numbers from PyTorch 1.13.1.
testOnDevices("transformed, independent and mixed distributions are PyTorch's", () => {
  const falling = new D.TransformedDistribution(new D.Normal(T([0, 1]), 1), [
    new D.SigmoidTransform(),
    new D.AffineTransform(1, -3),
  ]);
  assertTensor(falling.logProb(T([-1, 0.25])), [-0.7536999, -2.5456614], 1e-5);
  assertTensor(falling.cdf(T([-1, 0.25])), [0.2441086, 0.9820745], 1e-5);
  assertTensor(falling.icdf(T([0.25, 0.5])), [-0.9875231, -1.1931758], 1e-5);
  const shares = new D.TransformedDistribution(new D.Normal(zeros([2, 2]), 1), new D.StickBreakingTransform());
  assertEquals([shares.batchShape, shares.eventShape], [[2], [3]]);
  assertTensor(shares.logProb(T([[0.2, 0.3, 0.5], [0.6, 0.1, 0.3]])), [1.2979832, 0.9725575], 1e-4);
  const independent = new D.Independent(new D.Normal(zeros([2, 3]), T([1, 2, 3])), 1);
  assertTensor(independent.logProb(zeros([2, 3]).add(1)), [-5.2291307, -5.2291307], 1e-5);
  assertTensor(independent.entropy(), [6.0485754, 6.0485754], 1e-5);
  const mixed = new D.MixtureSameFamily(new D.Categorical(T([0.2, 0.5])), new D.Normal(T([-1, 1]), 1));
  assertTensor(mixed.mean, 0.4285714, 1e-5);
  assertTensor(mixed.variance, 1.8163266, 1e-5);
  assertTensor(mixed.logProb(T(0)), -1.4189384, 1e-5);
  assertTensor(mixed.cdf(T(0.5)), 0.4870105, 1e-5);
});

testOnDevices("divergences of composed distributions, and of vectors, are PyTorch's", () => {
  const { Independent, klDivergence, Normal } = D;
  const p = new Independent(new Normal(zeros([2, 3]), 1), 1),
    q = new Independent(new Normal(zeros([2, 3]).add(1), 2), 1);
  assertTensor(klDivergence(p, q), [1.3294415, 1.3294415], 1e-5);
  const exp = (loc: number) => new D.TransformedDistribution(new Normal(loc, 1), new D.ExpTransform());
  assertTensor(klDivergence(exp(0), exp(1)), 0.5, 1e-6);
  const low = new D.LowRankMultivariateNormal(T([0, 1]), T([[1], [2]]), T([0.5, 2]));
  assertTensor(klDivergence(new D.MultivariateNormal(T([0, 1]), T([[2, 1], [1, 2]])), low), 0.3554126, 1e-5);
  const precise = new D.MultivariateNormal(T([0, 1]), { precisionMatrix: T([[2, 1], [1, 2]]) });
  assertTensor(precise.logProb(T([1, 1])), -2.2885709, 1e-5);
  assertThrows(() => klDivergence(new Normal(0, 1), new D.Poisson(1)), D.UnsupportedError, "registerKl");
});

testOnDevices("transforms invert themselves and know their slope", () => {
  const cases: [D.Transform, Tensor, number[], number | number[]][] = [
    [new D.TanhTransform(), T([0.3, -2]), [0.2913126, -0.9640276], [-0.0886815, -2.6500053]],
    [new D.SoftplusTransform(), T([0.3, -2]), [0.8543553, 0.126928], [-0.5543553, -2.1269281]],
    [new D.PowerTransform(2), T([0.3, 2]), [0.09, 4], [-0.5108256, 1.3862944]],
    [new D.SigmoidTransform(), T([0.3, -2]), [0.5744425, 0.1192029], [-1.4087105, -2.2538562]],
    [
      new D.ComposeTransform([new D.ExpTransform(), new D.AffineTransform(0, -2)]),
      T([0.3, -2]),
      [-2.6997175, -0.2706706],
      [0.9931472, -1.3068528],
    ],
    [new D.StickBreakingTransform(), T([0.3, -2]), [0.4029599, 0.0711689, 0.5258712], -4.1943164],
  ];
  for (const [transform, x, expected, slope] of cases) {
    const y = transform.call(x);
    assertTensor(y, expected, 1e-5);
    assertTensor(transform.inv.call(y), x.tolist() as number[], 1e-4);
    assertTensor(transform.logAbsDetJacobian(x, y), slope, 1e-4);
    assert(transform.inv.inv === transform);
  }
  const matrix = T([[1, 0], [3, 2]]), lower = new D.LowerCholeskyTransform();
  assertTensor(lower.inv.call(lower.call(matrix)), [[1, 0], [3, 2]], 1e-5);
  assertTensor(new D.ReshapeTransform([4], [2, 2]).call(T([1, 2, 3, 4])), [[1, 2], [3, 4]]);
  const uniform = new D.CumulativeDistributionTransform(new D.Normal(0, 1));
  assertTensor(uniform.inv.call(uniform.call(T([0.5]))), [0.5], 1e-5);
});

testOnDevices("discrete distributions enumerate their values", () => {
  assertTensor(new D.Bernoulli(T([0.2, 0.5])).enumerateSupport(), [[0, 0], [1, 1]]);
  assertTensor(new D.Bernoulli(T([0.2, 0.5])).enumerateSupport({ expand: false }), [[0], [1]]);
  assertTensor(new D.Categorical(T([0.2, 0.5])).enumerateSupport(), [0, 1]);
  assertTensor(new D.OneHotCategorical(T([1, 1])).enumerateSupport(), [[1, 0], [0, 1]]);
  assertTensor(new D.Binomial(2, 0.5).enumerateSupport(), [0, 1, 2]);
  assertTensor(new D.Binomial(4, T([0.2, 0.5])).entropy(), [1.1230803, 1.4075317], 1e-5);
  assertTensor(new D.Multinomial(3, T([0.2, 0.5, 0.3])).entropy(), 2.0413585, 1e-5);
  assertTensor(new D.Normal(0, 1).perplexity(), 4.1327314, 1e-5);
});

Deno.test("parameters and values outside of their sets are refused", () => {
  assertThrows(() => new D.Normal(0, -1), ValueError, "scale");
  assertThrows(() => new D.Normal({ loc: 0 }), ValueError, "without scale");
  assertThrows(() => new D.Uniform(1, 0), ValueError, "low must be below high");
  assertThrows(() => new D.Bernoulli({ probs: 2 }), ValueError, "probs");
  assertThrows(() => new D.Bernoulli({ probs: 0.5, logits: 0 }), ValueError, "both");
  assertThrows(() => new D.Categorical(T([-1, 2])), ValueError);
  assertThrows(() => new D.MultivariateNormal(T([0, 0]), T([[1, 2], [2, 1]])), ValueError, "positiveDefinite");
  assertThrows(() => new D.MultivariateNormal(T([0, 0]), {}), ValueError, "0 matrices");
  assertThrows(() => new D.Exponential(1).logProb(T(-1)), ValueError, "nonnegative");
  assertThrows(() => new D.Categorical(T([1, 2])).logProb(T(2)), ValueError);
  assertThrows(() => new D.Normal(T([0, 1]), 1).logProb(T([1, 2, 3])), ShapeError);
  assertThrows(() => new D.Dirichlet(T([1, 1])).logProb(T([0.5, 0.6])), ValueError, "simplex");
  assertThrows(() => new D.Poisson(1).rsample(), D.UnsupportedError, "sample()");
  assertThrows(() => new D.Poisson(1).entropy(), D.UnsupportedError, "entropy");
  assertEquals(new D.Exponential(1, { validateArgs: false }).logProb(T(-1)).item(), 1);
  D.Distribution.setDefaultValidateArgs(false);
  try {
    assertEquals(new D.Normal(0, -1).scale.item(), -1);
  } finally {
    D.Distribution.setDefaultValidateArgs(true);
  }
});

Deno.test("constraints check what belongs to them", () => {
  const { constraints } = D;
  assertTensor(constraints.simplex.check(T([[0.5, 0.5], [0.5, 0.6]])), [true, false]);
  assertEquals(constraints.corrCholesky.check(T([[1, 0], [0.6, 0.8]])).item<boolean>(), true);
  assertEquals(constraints.positiveDefinite.check(T([[1, 2], [2, 1]])).item<boolean>(), false);
  assertTensor(constraints.integerInterval(0, 2).check(T([0, 1.5, 3])), [true, false, false]);
  assertTensor(constraints.multinomial(2).check(T([[1, 1], [2, 1]])), [true, false]);
  assertTensor(constraints.lessThan(1).check(T([0, 1])), [true, false]);
});
