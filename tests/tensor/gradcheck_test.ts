import { assert, assertThrows } from "@std/assert";
import { autograd, AutogradError, DTypeError, type Tensor, tensor, ValueError } from "../../mod.ts";

const leaf = (values: number[][]): Tensor => tensor(values, { dtype: "float64", device: "cpu", requiresGrad: true });

Deno.test("gradcheck() and gradgradcheck() accept right gradients", () => {
  const x = leaf([[0.5, -1.2], [2, 0.3]]), y = leaf([[1.5, -0.7]]);
  const f = (x: Tensor, y: Tensor) => [x.mul(y).exp().sum(0), x.matmul(x.t()).sin()];
  assert(autograd.gradcheck(f, [x, y]));
  assert(autograd.gradgradcheck(f, [x, y]));
  assert(autograd.gradcheck((x) => x.at(0).prod().add(x.at(":", [1, 1]).pow(3).sum()), x));
  const constant = tensor([[2, 3]], { dtype: "float64", device: "cpu" });
  assert(autograd.gradcheck((x, c) => x.div(c), [x, constant]));
});

Deno.test("gradcheck() refuses wrong gradients and unfit inputs", () => {
  class Wrong extends autograd.Function {
    static forward(_ctx: autograd.FunctionContext, x: Tensor): Tensor {
      return x.mul(2);
    }
    static backward(_ctx: autograd.FunctionContext, grad: Tensor): Tensor {
      return grad.mul(3);
    }
  }
  assertThrows(() => autograd.gradcheck((x) => Wrong.apply(x), leaf([[1, 2]])), AutogradError, "3 by backward()");
  const single = tensor([1.5], { requiresGrad: true });
  assertThrows(() => autograd.gradcheck((x) => x.exp(), single), DTypeError, "double()");
  assertThrows(() => autograd.gradcheck((x) => x.exp(), tensor([1.5])), ValueError, "requires grad");
});
