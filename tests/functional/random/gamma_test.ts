import { assertThrows } from "@std/assert";
import { autograd, AutogradError, functional as F, manualSeed, ShapeError, type Tensor, tensor } from "../../../mod.ts";
import { assertTensor, gradOf } from "../../tensor/expect.ts";

const double = (values: number[], requiresGrad = false): Tensor =>
  tensor(values, { dtype: "float64", device: "cpu", requiresGrad });

Deno.test("standardGamma() draws PyTorch's float64 numbers", () => {
  // torch.manual_seed(3); torch._standard_gamma(torch.tensor([0.05, 3, 20, 0.7, 1, 2.5], dtype=torch.float64))
  manualSeed(3);
  const numbers = [
    0.21590625803482477,
    6.447257186121521,
    17.459670948372374,
    0.4447226919338697,
    1.1902178599142048,
    4.547375803524488,
  ];
  assertTensor(F.standardGamma(double([0.05, 3, 20, 0.7, 1, 2.5])), numbers, 1e-14);
});

Deno.test("gradients of gamma and Dirichlet draws keep their place in the distribution", () => {
  // -dF(x)/da / F'(x) by mpmath with 40 digits, F = gammainc(a, 0, x, regularized=True) and betainc(a, b, 0, x, regularized=True).
  manualSeed(5);
  const alpha = double([0.3, 1, 2.5, 20], true);
  F.standardGamma(alpha).sum().backward();
  assertTensor(gradOf(alpha), [0.3405761541244167, 1.5459410638371411, 1.2648198085220983, 0.8804948372434697], 1e-8);
  manualSeed(6);
  const shapes = double([2, 3], true), x = F.standardDirichlet(shapes);
  x.at(0).backward();
  assertTensor(x, [0.14495923583762113, 1 - 0.14495923583762113], 1e-14);
  assertTensor(gradOf(shapes), [0.11214389229404174, -0.03920108408778399], 1e-9);
});

Deno.test("draws of gamma numbers have no second gradient, and refuse what they cannot draw", () => {
  const alpha = double([1, 2], true);
  const [grad] = autograd.grad(F.standardGamma(alpha).sum(), alpha, { createGraph: true });
  assertThrows(() => grad!.sum().backward(), AutogradError, "StandardGammaGrad");
  assertThrows(() => F.standardDirichlet(tensor(1.5)), ShapeError);
});
