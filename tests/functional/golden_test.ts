/**
 * Every operation against what PyTorch gives, values and gradients; see tests/golden/functional.py.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as torch from "../../mod.ts";
import { autograd, type DType, functional, isFloat, Tensor, tensor } from "../../mod.ts";
import { devices } from "../devices.ts";
import golden from "../golden/functional.json" with { type: "json" };

type Coded = number | string;

interface Elements {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly Coded[];
}

interface Case {
  readonly name: string;
  readonly tensors: readonly Elements[];
  readonly args: readonly unknown[];
  readonly out: readonly Elements[];
  readonly grads?: readonly (readonly Coded[] | null)[];
}

/** NaN, infinities and -0 are words in JSON. */
function decoded(value: Coded): number {
  return Number(value);
}

/** Arguments with "$0", "$1", … replaced by tensors and words by numbers. */
function argument(value: unknown, tensors: readonly Tensor[]): unknown {
  if (Array.isArray(value)) return value.map((part) => argument(part, tensors));
  if (typeof value !== "string") return value;
  if (value.startsWith("$")) return tensors[Number(value.slice(1))];
  return value.endsWith("Infinity") ? Number(value) : value;
}

function assertClose(got: readonly number[], want: readonly number[], what: string): void {
  assertEquals(got.length, want.length, what);
  got.forEach((value, i) => {
    const expected = want[i]!;
    const close = Object.is(value, expected) || value === expected ||
      (Number.isNaN(value) && Number.isNaN(expected)) || Math.abs(value - expected) <= 2e-6 + 2e-5 * Math.abs(expected);
    assert(close, `${what}[${i}] is ${value}, PyTorch gives ${expected}`);
  });
}

function elements(x: Tensor): number[] {
  return functional.flatten(x).tolist() as number[];
}

/** Names that mean another operation as a function than as a method, which is what the cases call. */
const methods = { unfold: (x: Tensor, ...args: [number, number, number]) => x.unfold(...args) };

/** Elements in memory as they are, or every other element of a larger tensor, last to first. */
type Layout = "contiguous" | "strided";

function input(
  { dtype, shape, data }: Elements,
  layout: Layout,
  device: torch.DeviceName,
  requiresGrad: boolean,
): Tensor {
  const options = { dtype: dtype as DType, device, requiresGrad };
  const values = data.map(decoded);
  if (layout === "contiguous") return tensor(values, { ...options, shape });
  const apart = values.toReversed().flatMap((value) => [value, 7]);
  return tensor(apart, { ...options, shape: [values.length, 2] }).select(1, 0).flip([0]).reshape(shape);
}

function check(entry: Case, device: torch.DeviceName, layout: Layout): void {
  const inputs = entry.tensors.map((t, i) =>
    input(t, layout, device, isFloat(t.dtype as DType) && entry.grads?.[i] != null)
  );
  const named = { ...functional, ...methods } as Record<string, unknown>;
  const call = named[entry.name] as (...args: unknown[]) => Tensor | Tensor[];
  const result = call(...entry.args.map((value) => argument(value, inputs)));
  const outputs = result instanceof Tensor ? [result] : [...result];
  assertEquals(outputs.length, entry.out.length);
  outputs.forEach((output, i) => {
    const want = entry.out[i]!;
    assertEquals([...output.shape], [...want.shape], `shape of result ${i}`);
    assertEquals(output.dtype, want.dtype, `dtype of result ${i}`);
    assertClose(elements(output).map(Number), want.data.map(decoded), `result ${i}`);
  });
  const wanted = inputs.filter((x) => x.requiresGrad);
  if (wanted.length === 0) return;
  const loss = outputs.filter((x) => x.requiresGrad).map((x) => {
    const weights = torch.arange(1, x.numel() + 1, { device, dtype: x.dtype });
    return functional.sum(functional.mul(x, functional.reshape(weights, x.shape)));
  });
  const grads = autograd.grad(loss, wanted, { allowUnused: true });
  let next = 0;
  inputs.forEach((x, i) => {
    if (!x.requiresGrad) return;
    const grad = grads[next++];
    const want = entry.grads![i]!;
    assertClose(grad == null ? want.map(() => 0) : elements(grad), want.map(decoded), `gradient of operand ${i}`);
  });
}

const byName = Map.groupBy(golden as readonly Case[], (entry) => entry.name);

for (const device of devices) {
  for (const [name, entries] of byName) {
    Deno.test(`${name}() gives what PyTorch gives on ${device}`, () => {
      for (const entry of entries) check(entry, device, "contiguous");
    });
    Deno.test(`${name}() gives the same of strided views on ${device}`, () => {
      for (const entry of entries) check(entry, device, "strided");
    });
  }
}
