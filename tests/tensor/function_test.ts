import { assert, assertEquals, assertThrows } from "@std/assert";
import { autograd, AutogradError, type Tensor, tensor } from "../../mod.ts";
import { assertTensor, gradOf } from "./expect.ts";

type Context = autograd.FunctionContext;

class Exp extends autograd.Function {
  static forward(ctx: Context, x: Tensor): Tensor {
    const y = x.exp();
    ctx.saveForBackward(y);
    return y;
  }
  static backward(ctx: Context, grad: Tensor): Tensor {
    return grad.mul(ctx.savedTensors[0]!);
  }
}

class Scale extends autograd.Function {
  static forward(ctx: Context, x: Tensor, factor: number): Tensor {
    ctx.factor = factor;
    return x.mul(factor);
  }
  static backward(ctx: Context, grad: Tensor): (Tensor | null)[] {
    return [grad.mul(ctx.factor as number), null];
  }
}

/** Product and sum of two tensors; says which gradients it was asked for. */
class Both extends autograd.Function {
  static asked: boolean[] = [];
  static forward(ctx: Context, a: Tensor, b: Tensor): [Tensor, Tensor] {
    ctx.saveForBackward(a, b);
    return [a.mul(b), a.add(b)];
  }
  static backward(ctx: Context, product: Tensor, sum: Tensor): (Tensor | null)[] {
    const [a, b] = ctx.savedTensors;
    Both.asked = [...ctx.needsInputGrad];
    return [product.mul(b!).add(sum), ctx.needsInputGrad[1] ? product.mul(a!).add(sum) : null];
  }
}

Deno.test("Function differentiates by its own backward, to any order", () => {
  const x = tensor([0.5, 1], { requiresGrad: true });
  const y = Exp.apply(x);
  assertEquals(y.gradFn?.name, "ExpBackward");
  const [g1] = autograd.grad(y.sum(), x, { createGraph: true });
  const [g2] = autograd.grad(g1.sum(), x);
  const expected = [Math.exp(0.5), Math.exp(1)];
  for (const t of [y, g1, g2]) assertTensor(t, expected, 1e-6);
});

Deno.test("Function passes plain arguments and attributes", () => {
  const x = tensor([1, 2], { requiresGrad: true });
  Scale.apply(x, 3).mul(Scale.apply(x, 2)).sum().backward();
  assertTensor(gradOf(x), [12, 24]);
});

Deno.test("Function has several outputs, of which some may be unused", () => {
  const a = tensor([2, 3], { requiresGrad: true }), b = tensor([5.5, 7]);
  const [product, sum] = Both.apply(a, b);
  product.sum().backward({ retainGraph: true });
  assertTensor(gradOf(a), [5.5, 7]);
  assertEquals(Both.asked, [true, false]);
  product.add(sum).sum().backward();
  assertTensor(gradOf(a), [12, 15]);
});

Deno.test("Function without inputs that require grad records nothing", () => {
  const y = Exp.apply(tensor([1.5]));
  assert(!y.requiresGrad);
});

Deno.test("Function marks outputs as not differentiable and hands over missing gradients as null", () => {
  class Sorted extends autograd.Function {
    static seen: unknown[] = [];
    static forward(ctx: Context, x: Tensor): [Tensor, Tensor, Tensor] {
      ctx.setMaterializeGrads(false);
      const constant = x.mul(0), doubled = x.mul(2);
      ctx.markNonDifferentiable(constant);
      return [doubled, constant, x.mul(3)];
    }
    static backward(_ctx: Context, ...grads: (Tensor | null)[]): Tensor | null {
      Sorted.seen = grads;
      return grads[0]!.mul(2);
    }
  }
  const x = tensor([1, 2], { requiresGrad: true });
  const [doubled, constant] = Sorted.apply(x);
  assert(!constant.requiresGrad);
  doubled.sum().backward();
  assertTensor(gradOf(x), [2, 2]);
  assertEquals(Sorted.seen.slice(1), [null, null]);
});

Deno.test("Function may return its input", () => {
  class Reverse extends autograd.Function {
    static forward(_ctx: Context, x: Tensor): Tensor {
      return x;
    }
    static backward(_ctx: Context, grad: Tensor): Tensor {
      return grad.neg();
    }
  }
  const x = tensor([1, 2], { requiresGrad: true });
  const y = Reverse.apply(x);
  y.mul(3).sum().backward();
  assertTensor(gradOf(x), [-3, -3]);
  assertTensor(y, [1, 2]);
});

Deno.test("Function refuses gradients that do not fit", () => {
  class Wrong extends autograd.Function {
    static forward(_ctx: Context, x: Tensor, y: Tensor): Tensor {
      return x.add(y);
    }
    static backward(_ctx: Context, grad: Tensor): Tensor {
      return grad;
    }
  }
  class Misshapen extends autograd.Function {
    static forward(_ctx: Context, x: Tensor): Tensor {
      return x.sum();
    }
    static backward(_ctx: Context, grad: Tensor): Tensor {
      return grad;
    }
  }
  const x = tensor([1, 2], { requiresGrad: true });
  assertThrows(() => Wrong.apply(x, x).sum().backward(), AutogradError, "1 gradients for 2 inputs");
  assertThrows(() => Misshapen.apply(x).backward(), AutogradError, "its shape is []");
  const y = Exp.apply(x).sum();
  y.backward();
  assertThrows(() => y.backward(), AutogradError, "retainGraph");
});
