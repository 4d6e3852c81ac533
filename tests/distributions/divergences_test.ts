import { assertEquals } from "@std/assert";
import { distributions as D, tensor } from "../../mod.ts";
import { assertTensor } from "../tensor/expect.ts";

const p = {
  Beta: new D.Beta(2, 3),
  ContinuousBernoulli: new D.ContinuousBernoulli(0.3),
  Exponential: new D.Exponential(1.5),
  Gamma: new D.Gamma(2, 1.5),
  Gumbel: new D.Gumbel(0.5, 2),
  Laplace: new D.Laplace(0.5, 2),
  Normal: new D.Normal(0.5, 2),
  Pareto: new D.Pareto(1, 3),
  Uniform: new D.Uniform(0.25, 0.75),
  Bernoulli: new D.Bernoulli(0.3),
  Poisson: new D.Poisson(1.5),
  Binomial: new D.Binomial(4, 0.3),
} as const;
const q = {
  Beta: new D.Beta(1.5, 2),
  ContinuousBernoulli: new D.ContinuousBernoulli(0.3),
  Exponential: new D.Exponential(1.5),
  Gamma: new D.Gamma(2.5, 1.5),
  Gumbel: new D.Gumbel(1, 1.5),
  Laplace: new D.Laplace(1, 1.5),
  Normal: new D.Normal(1, 1.5),
  Pareto: new D.Pareto(0.125, 3),
  Uniform: new D.Uniform(0, 1),
  Bernoulli: new D.Bernoulli(0.3),
  Poisson: new D.Poisson(2.5),
  Binomial: new D.Binomial(4, 0.3),
} as const;
type Family = keyof typeof p;

// torch.distributions.kl_divergence(p, q) in PyTorch 1.13.1.
const divergences: readonly (readonly [Family, Family, number])[] = [
  ["Beta", "ContinuousBernoulli", 0.179913],
  ["Beta", "Exponential", 0.429441],
  ["Beta", "Gamma", 1.730927],
  ["Beta", "Normal", 1.648199],
  ["Beta", "Uniform", 0.234906],
  ["ContinuousBernoulli", "Exponential", 0.269255],
  ["ContinuousBernoulli", "Normal", 1.443806],
  ["Exponential", "Gamma", 1.150506],
  ["Exponential", "Gumbel", 0.937139],
  ["Exponential", "Normal", 0.853326],
  ["Gamma", "Exponential", 0.422784],
  ["Gamma", "Gumbel", 0.389466],
  ["Gamma", "Normal", 0.374875],
  ["Gumbel", "Normal", 0.611378],
  ["Laplace", "Normal", 0.771443],
  ["Normal", "Gumbel", 1.354769],
  ["Normal", "Laplace", 0.083446],
  ["Pareto", "Exponential", 1.609814],
  ["Pareto", "Gamma", 0.786299],
  ["Pareto", "Normal", 1.311905],
  ["Uniform", "Beta", 0.478955],
  ["Uniform", "ContinuousBernoulli", 0.722883],
  ["Uniform", "Exponential", 1.037682],
  ["Uniform", "Gamma", 1.821731],
  ["Uniform", "Gumbel", 2.167361],
  ["Uniform", "Normal", 2.077736],
  ["Uniform", "Pareto", 2.879356],
  ["Bernoulli", "Poisson", 1.614248],
];
const infinite: readonly (readonly [Family, string])[] = [
  ["Beta", "Pareto"],
  ["ContinuousBernoulli", "Pareto"],
  ["Exponential", "Beta ContinuousBernoulli Pareto Uniform"],
  ["Gamma", "Beta ContinuousBernoulli Pareto Uniform"],
  ["Gumbel", "Beta ContinuousBernoulli Exponential Gamma Pareto Uniform"],
  ["Laplace", "Beta ContinuousBernoulli Exponential Gamma Pareto Uniform"],
  ["Normal", "Beta ContinuousBernoulli Exponential Gamma Pareto Uniform"],
  ["Pareto", "Beta ContinuousBernoulli Uniform"],
  ["Poisson", "Bernoulli Binomial"],
];

Deno.test("divergences of distributions of different families are PyTorch's", () => {
  for (const [from, to, value] of divergences) assertTensor(D.klDivergence(p[from], q[to]), value, 2e-5);
});

Deno.test("divergences are infinite where the first gives what the second cannot", () => {
  for (const [from, names] of infinite) {
    for (const to of names.split(" ")) {
      assertEquals(D.klDivergence(p[from], q[to as Family]).item(), Infinity, `${from}, ${to}`);
    }
  }
  assertEquals(D.klDivergence(new D.Uniform(-1, 1), p.Exponential).item(), Infinity);
  assertEquals(D.klDivergence(new D.Uniform(tensor([0.5, -1]), 2), q.Pareto).tolist(), [
    D.klDivergence(new D.Uniform(0.5, 2), q.Pareto).item(),
    Infinity,
  ]);
});
