import { assert, assertThrows } from "@std/assert";
import { DTypeError, functional as F, tensor, ValueError } from "../../../mod.ts";
import { assertTensor, gradOf, testOnDevices } from "../../tensor/expect.ts";

testOnDevices("gcd and lcm follow Euclid for every sign", () => {
  // torch.gcd(a, b), torch.lcm(a, b) for a = [12, -18, 0, 7, 0, -2147483648, 1836311903], int32
  const a = tensor([12, -18, 0, 7, 0, -2147483648, 1836311903]), b = tensor([8, 27, 5, 0, 0, 0, 1134903170]);
  assertTensor(F.gcd(a, b), [4, 9, 5, 7, 0, -2147483648, 1]);
  assertTensor(F.lcm(a.at([0, 1, 2, 3, 4]), b.at([0, 1, 2, 3, 4])), [24, 54, 0, 0, 0]);
  assertTensor(F.gcd(tensor([[250], [34]], { dtype: "uint8" }), tensor([100, 85], { dtype: "uint8" })), [[50, 5], [
    2,
    17,
  ]]);
  assertTensor(tensor([6, 8]).gcd_(tensor([4])), [2, 4]);
  assertThrows(() => F.gcd(tensor([1.5]), tensor([2])), DTypeError, "integer");
});

testOnDevices("a long chain of choices is planned in little time", () => {
  let x = tensor([1, 2]);
  for (let i = 0; i < 40; i++) x = F.where(F.gt(x, i % 3), x.add(1), x.sub(2));
  const started = performance.now();
  assertTensor(x.mul(0), [0, 0]);
  assert(performance.now() - started < 5000);
});

testOnDevices("frexp takes floats apart", () => {
  // torch.frexp(torch.tensor([6.5, -0.25, 0., -0., inf, -inf, nan, 1., 3.4e38, 1.2e-38]))
  const x = tensor([6.5, -0.25, 0, -0, Infinity, -Infinity, NaN, 1, 3.4e38, 1.2e-38]);
  const [mantissa, exponent] = x.frexp();
  assertTensor(
    mantissa,
    [0.8125, -0.5, 0, -0, Infinity, -Infinity, NaN, 0.5, 0.999170184135437, 0.5104235410690308],
    1e-7,
  );
  assertTensor(exponent, [3, -1, 0, 0, 0, 0, 0, 1, 128, -125]);
  const y = tensor([6.5, -0.25], { requiresGrad: true });
  F.frexp(y).mantissa.sum().backward();
  assertTensor(gradOf(y), [0.125, 2]);
  assertThrows(() => F.frexp(tensor([1])), DTypeError);
});

testOnDevices("nextafter moves by one unit in the last place", () => {
  const a = tensor([1, 1, -1, 2, 2, 5, NaN, 3, 3.4028234663852886e38, Infinity]);
  const b = tensor([2, 0, 0, 3, 1, 5, 0, NaN, Infinity, 0]);
  // torch.nextafter(a, b).double()
  assertTensor(F.nextafter(a, b), [
    1.0000001192092896,
    0.9999999403953552,
    -0.9999999403953552,
    2.000000238418579,
    1.9999998807907104,
    5,
    NaN,
    NaN,
    Infinity,
    3.4028234663852886e38,
  ]);
});

Deno.test("frexp and nextafter are exact in float64", () => {
  const x = tensor([1, 2 ** -1074, -(2 ** -1060) * 3, Number.MAX_VALUE, 0.1, 8], { dtype: "float64", device: "cpu" });
  const { mantissa, exponent } = F.frexp(x);
  assertTensor(mantissa, [0.5, 0.5, -0.75, 1 - 2 ** -53, 0.8, 0.5]);
  assertTensor(exponent, [1, -1073, -1058, 1024, -3, 4]);
  const up = F.nextafter(x, tensor([2, 1, 0, Infinity, 1, 0], { dtype: "float64", device: "cpu" }));
  assertTensor(up, [
    1 + 2 ** -52,
    2 ** -1073,
    -(2 ** -1060) * 3 + 2 ** -1074,
    Infinity,
    0.1 + 2 ** -56,
    8 - 2 ** -50,
  ]);
});

testOnDevices("what is defined for complex numbers holds for real ones", () => {
  assertTensor(F.angle(tensor([1.5, -2, 0, -0, NaN, -Infinity])), [0, Math.PI, 0, 0, NaN, Math.PI], 1e-7);
  assertTensor(F.isreal(tensor([1, NaN])), [true, true]);
  assertTensor(tensor([1.5, -2]).conj().positive(), [1.5, -2]);
  assertThrows(() => F.positive(tensor([true])), DTypeError);
});

testOnDevices("fill gives a tensor of one value, and its gradient to that value", () => {
  const x = tensor([[1.5, 2, 3]], { requiresGrad: true }), value = tensor(4, { requiresGrad: true });
  F.fill(x, value).mul(tensor([1, 2, 3])).sum().backward();
  assertTensor(gradOf(x), [[0, 0, 0]]);
  assertTensor(gradOf(value), 6);
  assertTensor(F.fill(tensor([1, 2]), 2.7), [2, 2]);
  assertThrows(() => F.fill(x, tensor([1])), Error, "0-d");
});

testOnDevices("short and char wrap as int16 and int8 do", () => {
  assertTensor(tensor([40000, -40000, 3]).short(), [-25536, 25536, 3]);
  assertTensor(tensor([200.7, -129.2, 3.9]).char(), [-56, 127, 3]);
});

Deno.test("operations that PyTorch gives tensors only refuse numbers", () => {
  const x = tensor([1, 2, 3]), two = 2 as unknown as typeof x;
  for (const f of [F.maximum, F.minimum, F.fmax, F.atan2, F.hypot, F.logicalAnd, F.heaviside, F.ldexp, F.gcd]) {
    assertThrows(() => f(x, two), ValueError, "tensor");
    assertThrows(() => f(two, x), ValueError, "tensor");
  }
  for (const f of [F.lt, F.eq, F.fmod, F.copysign, F.clampMin, F.rsub]) {
    assertThrows(() => f(two, x), ValueError, "must be a tensor, but is the number 2");
    f(x, 2);
  }
  assertThrows(() => F.isclose(x, x, { rtol: -0.4 }), ValueError, "rtol");
  assertThrows(() => F.isclose(x, x.float()), DTypeError);
  assertThrows(() => F.heaviside(x, x.float()), DTypeError);
});

testOnDevices("second names do the same, in place too", () => {
  assertTensor(tensor([2, 3]).multiply_(2).subtract_(1), [3, 5]);
  assertTensor(tensor([1, 2]).greaterEqual(2), [false, true]);
});
