/**
 * Modules held against what PyTorch made of the same seed: their state, outputs and gradients.
 *
 * @module
 */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as torch from "../../mod.ts";
import { nn, type Tensor } from "../../mod.ts";
import { testOnDevices } from "../tensor/expect.ts";

/** A tensor as golden files have it; infinities are strings. */
export interface GoldenTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string | boolean)[];
}

/** One entry of a golden file; see `module` in tests/golden/sequences.py. */
export interface GoldenModule {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly options: object;
  readonly shapes: readonly (readonly number[])[];
  readonly same: boolean;
  readonly eval: boolean;
  readonly masks: object;
  readonly call: object;
  readonly state: object | null;
  readonly outputs: readonly (readonly (readonly number[])[])[];
  readonly grads: readonly (readonly number[])[];
}

/** The tensor that an entry describes. */
export function goldenTensor({ dtype, shape, data }: GoldenTensor): Tensor {
  return torch.tensor(data.map(Number), { dtype: dtype as torch.DType, shape: [...shape] });
}

/** Elements that agree within what float32 leaves. */
export function assertNumbers(actual: Tensor, expected: readonly number[], what: string): void {
  const found = actual.dataSync();
  assertEquals(found.length, expected.length, what);
  expected.forEach((value, i) =>
    assertAlmostEquals(found[i]!, value, 3e-5 * Math.max(1, Math.abs(value)), `${what}[${i}]`)
  );
}

/** All tensors of nested results. */
export function tensorsOf(result: unknown): Tensor[] {
  if (result === null) return [];
  return result instanceof torch.Tensor ? [result] : [...(result as Iterable<unknown>)].flatMap(tensorsOf);
}

function check(expected: GoldenModule): void {
  torch.manualSeed(3);
  const make = Reflect.get(nn, expected.name) as new (...args: unknown[]) => nn.Module;
  const module = new make(...expected.args, expected.options).train(!expected.eval);
  if (expected.state !== null) {
    const state = module.stateDict();
    assertEquals(Object.keys(state), Object.keys(expected.state));
    for (const [key, [shape, values]] of Object.entries(expected.state as Record<string, [number[], number[]]>)) {
      assertEquals([...state[key]!.shape], shape, key);
      assertNumbers(state[key]!, values, key);
    }
  }
  const inputs = expected.shapes.map((shape) => torch.randn([...shape], { requiresGrad: true }));
  const masks = Object.entries(expected.masks).map(([name, mask]) => [name, goldenTensor(mask as GoldenTensor)]);
  const given = expected.same ? [inputs[0], inputs[0], inputs[0]] : inputs;
  const options = { ...Object.fromEntries(masks), ...expected.call };
  const call = module as unknown as (...inputs: unknown[]) => unknown;
  const outputs = tensorsOf(call(...given, ...(Object.keys(options).length === 0 ? [] : [options])));
  assertEquals(outputs.length, expected.outputs.length);
  outputs.forEach((output, i) => {
    assertEquals([...output.shape], expected.outputs[i]![0]);
    assertNumbers(output, expected.outputs[i]![1]!, `output ${i}`);
  });
  const loss = outputs.map((output) => output.mul(torch.randn([...output.shape])).sum()).reduce((a, b) => a.add(b));
  loss.backward();
  const leaves: Tensor[] = expected.state === null ? inputs : [...inputs, ...module.parameters()];
  assertEquals(leaves.length, expected.grads.length);
  leaves.forEach((leaf, i) => assertNumbers(leaf.grad!, expected.grads[i]!, `gradient ${i}`));
}

/** A test on every device for each entry. */
export function testModules(entries: readonly GoldenModule[]): void {
  entries.forEach((entry, i) => {
    const options = JSON.stringify({ ...entry.options, ...entry.call, masks: Object.keys(entry.masks) });
    testOnDevices(`${entry.name} ${i} starts and computes as in PyTorch: ${options}`, () => check(entry));
  });
}
