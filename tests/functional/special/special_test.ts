/**
 * torch.special against PyTorch's numbers; see tests/golden/special.py.
 *
 * @module
 */

import { assert, assertThrows } from "@std/assert";
import { AutogradError, functional as F, special, type Tensor, tensor, ValueError } from "../../../mod.ts";
import { assertTensor, testOnDevices } from "../../tensor/expect.ts";
import golden from "../../golden/special.json" with { type: "json" };

type Coded = number | string;

/** Beyond its own digits a result inherits those that float32 lacks in a large argument of an exponential or a power. */
const LOOSER: Record<string, number> = { gammainc: 2e-5, gammaincc: 2e-5, airyAi: 2e-5 };

/** The absolute error allowed where terms of about 1 cancel. */
const ABSOLUTE = 4e-6;

function assertClose(got: Tensor, want: readonly Coded[], tolerance: number, what: string): void {
  const values = got.tolist() as number[];
  want.forEach((word, i) => {
    const expected = Number(word), value = values[i]!;
    const close = Object.is(value, expected) || value === expected ||
      (Number.isNaN(value) && Number.isNaN(expected)) ||
      Math.abs(value - expected) <= ABSOLUTE + tolerance * Math.abs(expected);
    assert(close, `${what}[${i}] is ${value}, PyTorch gives ${expected}`);
  });
}

for (const { name, scalars, inputs, out, ...rest } of golden) {
  const grads = "grads" in rest ? rest.grads as Coded[][] : undefined;
  const compute = (special as unknown as Record<string, (...args: unknown[]) => Tensor>)[name]!;
  const call = (tensors: Tensor[]) =>
    name === "polygamma" ? compute(scalars[0], ...tensors) : compute(...tensors, ...scalars);

  testOnDevices(`special.${name}${scalars.length > 0 ? ` of ${scalars}` : ""} gives PyTorch's numbers`, () => {
    const tensors = inputs.map((x) => tensor((x as Coded[]).map(Number), { dtype: "float32", requiresGrad: !!grads }));
    const result = call(tensors), tolerance = LOOSER[name] ?? 5e-6;
    assertClose(result, out, tolerance, name);
    if (grads === undefined) return;
    result.sum().backward();
    // PyTorch's gradients at NaN and infinities are accidents of how they are computed.
    tensors.forEach((x, i) => {
      const finite = x.isfinite().detach();
      const want = tensor(grads[i]!.map(Number), { dtype: "float32" });
      assertClose(F.where(finite, x.grad!, 0), F.where(finite, want, 0).tolist() as number[], 2e-5, `${name} gradient`);
    });
  });
}

Deno.test("special functions are computed in float64 too", () => {
  const wide = (values: number[]) => tensor(values, { dtype: "float64", device: "cpu" });
  const x = wide([0.3, 2.5, 20.5]);
  // scipy.special: k1, j0, erfcx, zeta(s, 0.3), kve(0, x), airy, gammainc(x, 3), ndtri, eval_laguerre(20, 1.7)
  const close = (got: Tensor, want: number[], tolerance = 4e-15) =>
    assertTensor(got.div(wide(want)), want.map(() => 1), tolerance);
  close(special.modifiedBesselK1(x), [3.055992033457325, 0.07389081634774706, 3.5229344787112475e-10]);
  close(special.besselJ0(wide([20.5])), [0.11509696025367488], 1e-14);
  close(special.erfcx(wide([-3.3, 0.3, 25])), [107274.43593281436, 0.7345993345676554, 0.022549572432641357]);
  close(special.zeta(wide([1.3, 3, 12]), 0.3), [8.275730426950124, 37.636268294363006, 1881676.4661271623]);
  close(special.scaledModifiedBesselK0(x), [1.8526273007720147, 0.7595486903280996, 0.2751670355043133]);
  close(
    special.airyAi(wide([-30.3, 0.3, 12])),
    [-0.2165301144240365, 0.2788064819550049, 1.393184688875363e-13],
    1e-13,
  );
  close(special.gammainc(x, wide([3])), [0.9935096273009015, 0.6937810815867212, 3.149391910782177e-11], 1e-12);
  close(special.ndtri(wide([1e-300, 0.3])), [-37.0470962993612, -0.5244005127080409]);
  close(special.laguerrePolynomialL(wide([1.7]), 20), [-0.013702413238668137], 1e-12);
});

testOnDevices("what has no gradient says so", () => {
  const a = tensor([1.5], { requiresGrad: true }), x = tensor([2.5]);
  assertThrows(() => special.gammainc(a, x).backward(), AutogradError, "detach");
  assertThrows(() => special.zeta(a, x).backward(), AutogradError, "detach");
});

testOnDevices("special functions refuse what PyTorch refuses", () => {
  const x = tensor([1.5]);
  assertThrows(() => special.zeta(2, 3), ValueError, "tensor");
  assertThrows(() => special.polygamma(-1, x), ValueError, "-1");
  assertThrows(() => special.multigammaln(x, 0), ValueError, "dimension 0");
  assertThrows(() => special.legendrePolynomialP(x, 1000), ValueError, "512");
  assertThrows(() => F.igamma(x, 2 as unknown as Tensor), ValueError, "tensor");
});

testOnDevices("special functions follow views, and take integers and nothing", () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]]);
  assertTensor(special.entr(x.t()), [[0, -5.545177], [-1.386294, -8.04719], [-3.295837, -10.750557]], 1e-6);
  assertTensor(special.i1(tensor([])), []);
  assertTensor(special.laguerrePolynomialL(0.5, tensor([0, 1, 40])), [1, 0.5, -0.1146253], 1e-5);
});
