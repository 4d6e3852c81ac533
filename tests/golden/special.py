"""Writes special.json: what PyTorch 1.13 gives for torch.special, values and gradients, at ordinary and special arguments.

Where PyTorch's float32 is inexact (airyAi far from 0) or has no gradient, the numbers are those of its float64, or left out.

Run with: python3 tests/golden/special.py
"""
import json
import math
import os

import torch

torch.set_num_threads(1)
S = torch.special
X = [math.nan, math.inf, -math.inf, -0.0, 0.0, 1.0, -1.0, 0.3, -0.7, 1.9, 2.5, -2.5, 7.9, 8.1, 20.5, -20.5, 85.0, -85.0, 1000.5, 1e-8, 1e-30]
P = [math.nan, -0.5, 0.0, 1e-38, 1e-20, 1e-5, 0.13, 0.14, 0.3, 0.5, 0.7, 0.86, 0.87, 0.99999, 1.0, 1.5]


def number(v):
    if math.isnan(v):
        return "NaN"
    if math.isinf(v):
        return "Infinity" if v > 0 else "-Infinity"
    if v == 0:
        return "-0" if math.copysign(1, v) < 0 else 0
    return float(f"{v:.9g}")


def row(t):
    return [number(v) for v in t.detach().double().tolist()]


cases = []


def case(name, f, *inputs, grad=True, scalars=()):
    """Computed in float64 from float32 arguments, and rounded to float32's range."""
    tensors = [torch.tensor(i, dtype=torch.float32).double().requires_grad_(grad) for i in inputs]
    out = f(*tensors)
    entry = {"name": name, "scalars": list(scalars), "inputs": [row(t) for t in tensors], "out": row(out.float())}
    if grad:
        entry["grads"] = [row(g.float()) for g in torch.autograd.grad(out.sum(), tensors)]
    cases.append(entry)


for name, f in {"i0": S.i0, "i0e": S.i0e, "i1": S.i1, "i1e": S.i1e, "erfcx": S.erfcx, "ndtr": S.ndtr, "logNdtr": S.log_ndtr, "entr": S.entr}.items():
    case(name, f, X)
for name, f in {"besselJ0": S.bessel_j0, "besselJ1": S.bessel_j1, "besselY0": S.bessel_y0, "besselY1": S.bessel_y1,
                "modifiedBesselK0": S.modified_bessel_k0, "modifiedBesselK1": S.modified_bessel_k1,
                "scaledModifiedBesselK0": S.scaled_modified_bessel_k0, "scaledModifiedBesselK1": S.scaled_modified_bessel_k1,
                "sphericalBesselJ0": S.spherical_bessel_j0, "airyAi": S.airy_ai}.items():
    case(name, f, X, grad=False)
case("ndtri", S.ndtri, P)
pairs = [(x, y) for x in (0.0, 2.0, -1.5, math.nan) for y in (-1.0, 0.0, 1e-8, 3.0, math.inf, math.nan)]
case("xlog1py", S.xlog1py, [p[0] for p in pairs], [p[1] for p in pairs], grad=False)
pairs = [(s, q) for s in (1.0, 1.1, 2.0, 3.0, 12.0, 0.5) for q in (0.1, 1.0, 3.3, 50.0, 0.0, -1.0, -0.3, -2.5, math.nan)]
case("zeta", S.zeta, [p[0] for p in pairs], [p[1] for p in pairs], grad=False)
pairs = [(a, x) for a in (0.0, 0.01, 0.5, 1.0, 4.5, 19.0, 20.0, 35.5, 1000.0, 1e6, math.inf, -1.0, math.nan) for x in (0.0, 0.02, 1.0, 4.0, 18.0, 30.0, 60.0, 990.0, 1.001e6, math.inf, -1.0)]
for name, f in {"gammainc": S.gammainc, "gammaincc": S.gammaincc}.items():
    case(name, f, [p[0] for p in pairs], [p[1] for p in pairs], grad=False)
for n in (0, 1, 2, 5):
    case("polygamma", lambda x: S.polygamma(n, x), [0.3, 1.0, 2.5, 20.5, 1000.5, 1e-3], scalars=[n])
case("multigammaln", lambda x: S.multigammaln(x, 3), [1.3, 2.5, 20.5, 1000.5, math.nan, math.inf], scalars=[3])
pairs = [(x, n) for x in (-2.5, -1.0, -0.6, 0.0, 0.25, 0.8, 1.0, 1.7) for n in (-2, 0, 1, 2, 5, 9, 20)]
for name, f in {"chebyshevPolynomialT": S.chebyshev_polynomial_t, "chebyshevPolynomialU": S.chebyshev_polynomial_u,
                "chebyshevPolynomialV": S.chebyshev_polynomial_v, "chebyshevPolynomialW": S.chebyshev_polynomial_w,
                "shiftedChebyshevPolynomialT": S.shifted_chebyshev_polynomial_t, "shiftedChebyshevPolynomialU": S.shifted_chebyshev_polynomial_u,
                "shiftedChebyshevPolynomialV": S.shifted_chebyshev_polynomial_v, "shiftedChebyshevPolynomialW": S.shifted_chebyshev_polynomial_w,
                "hermitePolynomialH": S.hermite_polynomial_h, "hermitePolynomialHe": S.hermite_polynomial_he,
                "laguerrePolynomialL": S.laguerre_polynomial_l, "legendrePolynomialP": S.legendre_polynomial_p}.items():
    case(name, f, [p[0] for p in pairs], [float(p[1]) for p in pairs], grad=False)

with open(os.path.join(os.path.dirname(__file__), "special.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases")
