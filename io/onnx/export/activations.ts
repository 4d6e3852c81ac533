/**
 * Elementwise functions that ONNX has an operator for; all others are written as their formulas.
 *
 * @module
 */

import { expr, isFloat } from "../../../kernels/mod.ts";
import { constantOf } from "./extents.ts";
import { numberOf, type Operation, type Value } from "./graph.ts";
import { node, type Rule } from "./step.ts";
import type { Option } from "./writer.ts";

type Options = Readonly<Record<string, Option>>;

/** An operator of the first input alone; `options` are made of the numbers behind it, and undefined where they do not fit. */
function of(
  opType: string,
  options: (...numbers: number[]) => Options | undefined = () => ({}),
  since = 18,
): Rule<Operation> {
  return ({ inputs, outputs }, _value, { opset }) => {
    const [x, ...rest] = inputs, numbers = rest.map(fixedNumber);
    if (opset < since || !isSingle(outputs) || numbers.some((number) => number === undefined)) return undefined;
    const given = options(...numbers as number[]);
    return given && node(opType, [x], given);
  };
}

function fixedNumber(value: Value | undefined): number | undefined {
  const numbers = value && numberOf(value);
  return numbers && constantOf(numbers);
}

/** The operators take no float64 in common runtimes. */
function isSingle([output]: Operation["outputs"]): boolean {
  return isFloat(output!.dtype) && output!.dtype !== "float64";
}

const gelu: Rule<Operation> = (operation, value, writer) => {
  const [attributes] = value.attributes;
  let approximate = "none";
  if (attributes?.op === "map") {
    expr.walk([attributes.formula], (e) => void (e.op === "tanh" && (approximate = "tanh")));
  }
  return of("Gelu", () => ({ approximate: { s: approximate } }), 20)(operation, value, writer);
};

const alpha = (value: number): Options => ({ alpha: { f: value } });

/** Rules by the operation's name. */
export const activations: Readonly<Record<string, Rule<Operation>>> = {
  gelu,
  mish: of("Mish"),
  softplus: of("Softplus", (beta, threshold) => beta === 1 && threshold === 20 ? {} : undefined),
  softsign: of("Softsign"),
  elu: of("Elu", alpha),
  celu: of("Celu", alpha),
  selu: of("Selu"),
  leakyRelu: of("LeakyRelu", alpha),
  hardsigmoid: of("HardSigmoid", () => ({ alpha: { f: 1 / 6 }, beta: { f: 0.5 } })),
  hardswish: of("HardSwish"),
  softshrink: of("Shrink", (limit) => ({ lambd: { f: limit }, bias: { f: limit } })),
  hardshrink: of("Shrink", (limit) => ({ lambd: { f: limit }, bias: { f: 0 } })),
  sign: of("Sign"),
  prelu: ({ inputs: [x, slope], outputs }) => isSingle(outputs) ? node("PRelu", [x, slope]) : undefined,
  hardtanh: ({ inputs: [x, low, high], outputs }) => isSingle(outputs) ? node("Clip", [x, low, high]) : undefined,
};
