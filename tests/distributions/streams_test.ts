import { assert, assertEquals } from "@std/assert";
import { defaultDevice, distributions as D, manualSeed, type Tensor, tensor } from "../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../tensor/expect.ts";

const T = (values: number[] | number[][], requiresGrad = false): Tensor =>
  tensor(values, { dtype: "float32", requiresGrad });

// torch.manual_seed(7); d.sample((2,)).flatten() in PyTorch 1.13.1.
const drawn: readonly (readonly [() => D.Distribution, readonly number[]])[] = [
  [() => new D.Normal(1, T([0.5, 2])), [0.9266025, 2.572283, 1.473411, -1.228688]],
  [() => new D.Uniform(-1, T([0.5, 2])), [-0.1976162, -0.4035904, -0.01118243, 0.9706708]],
  [() => new D.Exponential(T([0.5, 2])), [0.6552879, 0.1598917, 3.962351, 0.5345584]],
  [() => new D.Laplace(1, T([0.5, 2])), [1.036202, -0.8445849, 1.191673, 1.753116]],
  [() => new D.Cauchy(1, T([0.5, 2])), [0.5847221, -0.7224061, 2.080946, 2.072567]],
  [() => new D.HalfCauchy(T([0.5, 2])), [0.4152779, 1.722406, 1.080946, 1.072567]],
  [() => new D.HalfNormal(T([0.5, 2])), [0.07339755, 1.572283, 0.4734108, 2.228688]],
  [() => new D.LogNormal(1, T([0.5, 2])), [2.525913, 13.09568, 4.364095, 0.2926763]],
  [() => new D.Gumbel(1, T([0.5, 2])), [1.234495, 0.04078513, 1.437682, 2.733866]],
  [() => new D.Weibull(1, T([0.5, 2])), [0.1073505, 0.565494, 3.925056, 1.033981]],
  [() => new D.Pareto(1, T([0.5, 2])), [1.925697, 1.173384, 52.58079, 1.706694]],
  [() => new D.Kumaraswamy(1.5, T([0.5, 2])), [0.7987444, 0.6746408, 0.6837925, 0.3299324]],
  [() => new D.Gamma(1.5, T([0.5, 2])), [2.030369, 1.119231, 8.223188, 0.2212395]],
  [() => new D.Chi2(T([0.5, 2])), [0.3570638, 7.823482, 0.0008174123, 4.528132]],
  [() => new D.Beta(1.5, T([0.5, 2])), [0.793723, 0.6535103, 0.6769028, 0.3133385]],
  [() => new D.Dirichlet(T([0.5, 2])), [0.07368083, 0.9263192, 0.005520675, 0.9944793]],
  [() => new D.FisherSnedecor(3, T([0.5, 2])), [57.26975, 3.607254, 0.2749442, 0.05527429]],
  [() => new D.StudentT(T([0.5, 2])), [-10.28781, 1.604507, 7.295406, -1.260867]],
  [() => new D.VonMises(1, T([0.5, 2])), [-0.2459135, 1.225586, 2.65246, 2.061193]],
  [() => new D.ContinuousBernoulli(T([0.2, 0.5])), [0.3699172, 0.1988032, 0.4919784, 0.6568903]],
  [() => new D.Bernoulli(T([0.2, 0.5])), [0.0, 1.0, 0.0, 0.0]],
  [() => new D.Geometric(T([0.2, 0.5])), [2.0, 2.0, 1.0, 0.0]],
  [() => new D.Categorical(T([[0.2, 0.5], [1, 3]])), [0.0, 1.0, 0.0, 1.0]],
  [() => new D.OneHotCategorical(T([0.2, 0.5])), [1.0, 0.0, 1.0, 0.0]],
  [() => new D.Multinomial(9, T([0.2, 0.5])), [5.0, 4.0, 3.0, 6.0]],
  [() => new D.Poisson(T([0.5, 12])), [0.0, 16.0, 0.0, 5.0]],
  [() => new D.Binomial(30, T([0.2, 0.5])), [10.0, 10.0, 3.0, 21.0]],
  [() => new D.NegativeBinomial(3, T([0.2, 0.5])), [2.0, 1.0, 0.0, 0.0]],
  [() => new D.RelaxedBernoulli(0.5, T([0.2, 0.5])), [0.07636782, 0.0579989, 0.1895369, 0.7856554]],
  [() => new D.RelaxedOneHotCategorical(0.5, T([0.2, 0.5])), [0.5161481, 0.4838518, 0.1399481, 0.860052]],
  [() => new D.MultivariateNormal(T([0, 1]), T([[2, 1], [1, 2]])), [-0.2075996, 1.859023, 1.339008, 0.3047168]],
  [() => new D.LowRankMultivariateNormal(T([0, 1]), T([[1], [2]]), T([0.5, 2])), [
    0.5227089,
    -0.8695105,
    1.98171,
    1.306805,
  ]],
  [() => new D.LKJCholesky(2, 1.5), [1.0, 0.0, 0.08282395, 0.9965642, 1.0, 0.0, -0.08628965, 0.9962701]],
  [() => new D.MixtureSameFamily(new D.Categorical(T([0.2, 0.5])), new D.Normal(T([-1, 1]), 1)), [
    -0.05317837,
    0.6907902,
  ]],
];

testOnDevices("every distribution draws PyTorch's numbers", () => {
  for (const [make, numbers] of drawn) {
    const d = make();
    manualSeed(7);
    const sample = d.sample([2]);
    assertEquals([...sample.shape], [2, ...d.batchShape, ...d.eventShape], d.constructor.name);
    assertEquals(sample.device, defaultDevice());
    // WebGPU's logarithms and tangents are less exact than the CPU's.
    sample.flatten().dataSync().forEach((x, i) => {
      const difference = Math.abs(x - numbers[i]!) / Math.max(1, Math.abs(numbers[i]!));
      assert(difference < 2e-5, `${d.constructor.name}: ${sample} is not [${numbers}]`);
    });
  }
});

testOnDevices("draws give their parameters PyTorch's gradients", () => {
  const c = T([1.5, 0.4], true), a = T([1.5, 0.4], true), df = T([3, 1.4], true), l = T([[2, 1], [1, 2]], true);
  const draw = (d: D.Distribution) => {
    manualSeed(2);
    const x = d.rsample();
    x.sum().backward();
    return x;
  };
  assertTensor(draw(new D.Gamma(c, 2)), [0.8219, 0.0611], 1e-4);
  assertTensor(gradOf(c), [0.5838, 0.3505], 1e-3);
  assertTensor(draw(new D.Beta(a, 2)), [0.5410, 0.0009], 1e-4);
  assertTensor(gradOf(a), [0.1817, 0.0141], 1e-3);
  assertTensor(draw(new D.StudentT(df)), [0.5198, -0.5126], 1e-4);
  assertTensor(gradOf(df), [-0.0393, 0.2669], 1e-3);
  assertTensor(draw(new D.MultivariateNormal(T([0, 1]), l)), [0.5548, 1.0036], 1e-4);
  assertTensor(gradOf(l), [[0.0465, 0.1843], [0.1843, -0.0913]], 1e-3);
});
