/**
 * How drawn numbers of gamma and beta distributions move with the distribution's shape, their place in it being kept:
 * -∂F/∂α / ∂F/∂x, F being the cumulative distribution function.
 *
 * Both are an integral of one sign over one side of x, chosen so that nothing cancels, and computed by the double exponential rule.
 *
 * @see Figurnov, Mohamed and Mnih, Implicit reparameterization gradients, NeurIPS 2018
 * @see Takahasi and Mori, Double exponential formulas for numerical integration, Publ. RIMS 9 (1974)
 * @module
 */

const STEP = 1 / 12, REACH = 54;

/** Nodes u and weights of ∫ f(u) du over u > 0, for f that decays exponentially beyond 1. */
const nodes = Array.from({ length: 2 * REACH + 1 }, (_, i) => {
  const t = (i - REACH) * STEP;
  const u = Math.exp(t - Math.exp(-t));
  return [u, u * (1 + Math.exp(-t)) * STEP] as const;
});

/** ∫ f(u) du over u > 0, for f that decays over a length of about `length`. */
function integral(f: (u: number) => number, length: number): number {
  let sum = 0;
  for (const [u, weight] of nodes) {
    const value = f(u * length) * weight;
    if (value > 0) sum += value;
  }
  return sum * length;
}

/** The derivative of ln Γ, for x > 0: recurrence, then the asymptotic series. */
function digamma(x: number): number {
  let result = 0, y = x;
  for (; y < 10; y++) result -= 1 / y;
  const r = 1 / (y * y);
  return result + Math.log(y) - 0.5 / y - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r / 132))));
}

/** dx/dα of a number x of the gamma distribution with shape α and scale 1. */
export function gammaSlope(x: number, alpha: number): number {
  if (!(x > 0 && alpha > 0)) return NaN;
  // F is x^α / Γ(α + 1) there, and the integral too long.
  if (x < 1e-8) return x / alpha * (digamma(alpha + 1) - Math.log(x));
  const distance = Math.log(x) - digamma(alpha);
  // With t = x · e^±u, ∫ (ln t - ψ(α)) (t/x)^(α-1) e^(x-t) dt over the side of x on which the first factor keeps its sign.
  const side = distance >= 0 ? 1 : -1, gap = Math.abs(distance);
  const length = 1 / Math.max(Math.sqrt(x), Math.abs(alpha - x));
  return x * integral((u) => (gap + u) * Math.exp(side * alpha * u - x * Math.expm1(side * u)), length);
}

/** dx/dα of a number x of the beta distribution with shapes α and β. */
export function betaSlope(x: number, alpha: number, beta: number): number {
  if (!(x > 0 && x < 1 && alpha > 0 && beta > 0)) return NaN;
  const center = digamma(alpha) - digamma(alpha + beta), y = 1 - x;
  const side = Math.log(x) >= center ? 1 : -1;
  const length = 1 / Math.max(Math.sqrt((alpha + beta) * x * y), Math.abs(alpha * y - beta * x));
  // With t / (1 - t) = x / y · e^±u, ∫ (ln t - center) (t/x)^(α-1) ((1-t)/y)^(β-1) dt over the side where the first factor keeps its sign.
  return x * y * integral((u) => {
    const shrinkage = Math.log1p(x * Math.expm1(side * u)), growth = side * u - shrinkage;
    return side * (Math.log(x) + growth - center) * Math.exp(alpha * growth - beta * shrinkage);
  }, length);
}
