import { assertEquals } from "@std/assert";
import * as torch from "../../mod.ts";
import golden from "../golden/printing.json" with { type: "json" };

type Printed = number | string;
type Options = { precision?: number; threshold?: number; edgeitems?: number; linewidth?: number; sci_mode?: boolean };

function numberOf(value: Printed): number {
  return typeof value === "number" ? value : value === "-0" ? -0 : Number(value.replace("inf", "Infinity"));
}

function printOptions({ sci_mode, ...rest }: Options): torch.PrintOptions {
  torch.setPrintoptions({ profile: "default" });
  return { ...rest, sciMode: sci_mode ?? null };
}

Deno.test("tensors print as in PyTorch", () => {
  for (const [dtype, shape, values, options, grad, repr, format] of golden.tensors) {
    torch.setPrintoptions(printOptions(options as Options));
    const data = (values as Printed[]).map(numberOf);
    let t = torch.tensor(data, {
      dtype: dtype as torch.DType,
      shape: shape as number[],
      requiresGrad: grad !== "none",
    });
    if (grad === "fn") t = t.mul(1);
    assertEquals(torch.formatTensor(t), repr as string);
    assertEquals(`${t}`, (format || repr) as string);
  }
  torch.setPrintoptions({ profile: "default" });
});

Deno.test("numbers print as in Python", () => {
  const text = (value: number, options: torch.PrintOptions) => {
    torch.setPrintoptions(options);
    return torch.formatTensor(torch.tensor([value, 0.5], { dtype: "float64" })).slice("tensor([".length).split(",")[0]!
      .trim();
  };
  for (const [value, repr, fixed, exponential] of golden.numbers as [Printed, string, string, string, string][]) {
    const number = numberOf(value);
    assertEquals(`${torch.tensor(number, { dtype: "float64" })}`, repr);
    assertEquals(text(number, { sciMode: false }), fixed);
    assertEquals(text(number, { sciMode: true }), exponential);
  }
  torch.setPrintoptions({ profile: "default" });
});

Deno.test("console.log shows a tensor as PyTorch prints it", () => {
  assertEquals(Deno.inspect(torch.tensor(0.5)), "tensor(0.5000)");
  assertEquals(
    Deno.inspect(torch.ones([2], { dtype: "float64", requiresGrad: true })),
    "tensor([1., 1.], dtype=torch.float64, requires_grad=True)",
  );
});
