import { assert } from "@std/assert";
import { functional as F, tensor } from "../../../mod.ts";
import { assertTensor, testOnDevices } from "../../tensor/expect.ts";

/** How many units in the last place of a float32 a number is away from another. */
function ulps(got: number, want: number): number {
  return Math.abs(got - want) / 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(want)))) - 23);
}

/** Numbers of every magnitude; the first are those nearest to multiples of π/2. */
function angles(): number[] {
  const list = [
    16367173 * 2 ** 72,
    11 * 2 ** 1,
    5.3e13,
    1e5,
    99999,
    3.4028234663852886e38,
    -1e22,
    2 ** 64,
    -(2 ** 127),
  ];
  for (let i = 0; i < 2000; i++) list.push((i % 2 === 0 ? 1 : -1) * 1.37 ** (i % 280) * (1 + i / 7919));
  return list.filter((x) => Math.abs(x) < 3.4028235e38).map(Math.fround);
}

testOnDevices("sin, cos and tan are right for angles of every size", () => {
  const list = angles(), x = tensor(list, { dtype: "float32" });
  for (const name of ["sin", "cos", "tan"] as const) {
    const got = F[name](x).tolist() as number[];
    list.forEach((angle, i) => {
      const error = ulps(got[i]!, Math[name](angle));
      assert(error < 4, `${name}(${angle}) is ${got[i]}, not ${Math[name](angle)}`);
    });
  }
});

testOnDevices("angles that are none have no sine", () => {
  const x = tensor([Infinity, -Infinity, NaN, -0, 0]);
  assertTensor(F.sin(x), [NaN, NaN, NaN, -0, 0]);
  assertTensor(F.cos(x), [NaN, NaN, NaN, 1, 1]);
  assertTensor(F.tan(x), [NaN, NaN, NaN, -0, 0]);
});

testOnDevices("large angles are right in sums, in gradients and among small ones", () => {
  // torch.sin(torch.tensor([1e10, 1, 3e30, 0.5])).sum(), torch.cos(...)
  const x = tensor([1e10, 1, 3e30, 0.5], { dtype: "float32", requiresGrad: true });
  const sum = F.sin(x).sum();
  const want = [1e10, 1, 3e30, 0.5].map(Math.fround);
  assertTensor(sum, want.reduce((s, v) => s + Math.sin(v), 0), 1e-6);
  sum.backward();
  assertTensor(x.grad!, want.map(Math.cos), 1e-6);
});

testOnDevices("remainders of huge quotients are exact", () => {
  // torch.fmod(a, b), torch.remainder(a, b), float32
  const a = [1e30, -1e30, 16777216, 3.4e38, 1e-38, 7.5, -7.5].map(Math.fround);
  const b = [3, 3, 0.1, 1e-38, 3e38, -2, 2].map(Math.fround);
  const x = tensor(a, { dtype: "float32" }), y = tensor(b, { dtype: "float32" });
  assertTensor(F.fmod(x, y), a.map((v, i) => v % b[i]!));
  assertTensor(
    F.remainder(x, y),
    a.map((v, i) => {
      const rest = v % b[i]!;
      return rest !== 0 && (rest < 0) !== (b[i]! < 0) ? Math.fround(rest + b[i]!) : rest;
    }),
  );
});

testOnDevices("large angles are right after a product, in rows, and shared among threads", () => {
  const x = tensor([[1e10, 3], [2e30, 1]], { dtype: "float32" });
  const sines = [[Math.sin(1e10), Math.sin(3)], [Math.sin(Math.fround(2e30)), Math.sin(1)]];
  assertTensor(F.sin(x.matmul(tensor([[1, 0], [0, 1.0]]).float())), sines, 1e-6);
  assertTensor(F.cos(x.t()).amax(0), [
    Math.max(Math.cos(1e10), Math.cos(3)),
    Math.max(Math.cos(Math.fround(2e30)), Math.cos(1)),
  ], 1e-6);
  const many = F.sin(tensor(1e10, { dtype: "float32" }).add(tensor(new Array(300_007).fill(0), { dtype: "float32" })));
  assertTensor(many.sub(Math.sin(1e10)).abs().max(), 0, 1e-6);
});
