import { assert, assertEquals } from "@std/assert";
import * as special from "../../../kernels/ir/special.ts";

/** Arguments and values to 17 digits. */
const golden: Record<keyof typeof special, readonly (readonly [number, number])[]> = {
  erf: [
    [-3.0, -0.9999779095030014],
    [-0.5, -0.5204998778130465],
    [1e-05, 1.1283791670579e-05],
    [0.9, 0.7969082124228322],
    [1.5, 0.9661051464753108],
    [5.0, 0.9999999999984626],
  ],
  erfc: [
    [-3.0, 1.9999779095030015],
    [0.5, 0.4795001221869535],
    [1.5, 0.033894853524689274],
    [5.0, 1.537459794428035e-12],
    [12.0, 1.3562611692059042e-64],
    [26.0, 5.663192408856143e-296],
  ],
  erfinv: [
    [-0.9, -1.1630871536766743],
    [0.1, 0.08885599049425769],
    [0.5, 0.4769362762044699],
    [0.999, 2.3267537655135246],
    [0.999999999999, 5.042031898572696],
    [1e-10, 8.862269254527581e-11],
  ],
  lgamma: [
    [-20.3, -41.887292480135244],
    [-0.5, 1.2655121234846454],
    [-0.001, 6.908333317515028],
    [0.001, 6.907178885383853],
    [0.4, 0.7966778177017837],
    [1.001, -0.0005763935982833062],
    [1.7, -0.09580769740706588],
    [2.4, 0.21685932244884157],
    [5.5, 3.9578139676187165],
    [30.0, 71.25703896716801],
    [10000000000.0, 220258509288.81058],
  ],
  digamma: [
    [-20.3, 5.317549924239749],
    [-0.5, 0.03648997397857652],
    [0.001, -1000.5755719318103],
    [0.4, -2.561384544585116],
    [1.4, -0.06138454458511624],
    [2.4, 0.6529011697005981],
    [5.5, 1.6110931485817512],
    [30.0, 3.384438132685525],
    [10000000000.0, 23.025850929890456],
  ],
};

for (const [name, pairs] of Object.entries(golden)) {
  Deno.test(`${name}() is good to double precision`, () => {
    const f = special[name as keyof typeof special];
    for (const [x, expected] of pairs) {
      const error = Math.abs(f(x) - expected) / Math.max(Math.abs(expected), name === "digamma" ? 1 : 0);
      assert(error < 4e-15, `${name}(${x}) is ${f(x)}, not ${expected}`);
    }
  });
}

Deno.test("special functions have the right limits", () => {
  const { erf, erfc, erfinv, lgamma, digamma } = special;
  assertEquals([0, -0, Infinity, -Infinity, NaN].map(erf), [0, -0, 1, -1, NaN]);
  assertEquals([0, Infinity, -Infinity, NaN].map(erfc), [1, 0, 2, NaN]);
  assertEquals([0, -0, 1, -1, 1.1, NaN].map(erfinv), [0, -0, Infinity, -Infinity, NaN, NaN]);
  assertEquals([1, 2, 0, -3, Infinity, -Infinity, NaN].map(lgamma), [
    0,
    0,
    Infinity,
    Infinity,
    Infinity,
    Infinity,
    NaN,
  ]);
  assertEquals([0, -0, -2, Infinity, -Infinity, NaN].map(digamma), [-Infinity, Infinity, NaN, Infinity, NaN, NaN]);
});
