/**
 * How each kind of node is written: whatever a model computes is made of these.
 *
 * @module
 */

import {
  type Attributes,
  bounds,
  broadcastShapes,
  type DType,
  type Expr,
  expr,
  sameShape,
} from "../../../kernels/mod.ts";
import { constantOf, type Varying } from "./extents.ts";
import { isIdentity, MissingOperator, writeFormula } from "./formula.ts";
import { dynamicError, exportError, numberOf, rankOf, requireSame, type Value } from "./graph.ts";
import { viewStep } from "./movement.ts";
import { reduceStep, reductions } from "./reduce.ts";
import { cast, type Step } from "./step.ts";
import { elementTypes, type Name, type Writer } from "./writer.ts";

type Of<Op extends Attributes["op"]> = Extract<Attributes, { op: Op }>;

/** How `value` is written by what it is made of. */
export function primitiveStep(value: Value): Step {
  requireSame(value);
  const [attributes] = value.attributes as [Attributes];
  if (value.attributes.some((other) => !isAlike(attributes, other))) throw dynamicError(value, "it works");
  switch (attributes.op) {
    case "scalar":
      return { inputs: [], write: (_, w) => scalar(value, w) };
    case "iota":
      return { inputs: [], write: (_, w) => range(value.extents[0]!, value, w) };
    case "map":
      return mapStep(value, attributes);
    case "view":
      return viewStep(value);
    case "reduce":
      return reduceStep(value);
    case "contract":
      return contractStep(value, attributes);
    case "gather":
      return {
        inputs: value.operands,
        write: (names, w) => w.op("GatherElements", names, { axis: { i: attributes.axis } }),
      };
    case "scatter":
      return scatterStep(value, attributes);
    case "scan":
      return scanStep(value, attributes);
    case "sort":
      return sortStep(value, attributes);
    default:
      throw exportError(value, "its elements are not known");
  }
}

/** Whether two nodes do the same. What a view does is seen from its numbers; whether an index is checked makes no difference. */
function isAlike(a: Attributes, b: Attributes): boolean {
  if (a === b || a.op === "view") return true;
  if (a.op === "map") return false;
  return JSON.stringify({ ...a, checked: undefined }) === JSON.stringify({ ...b, checked: undefined });
}

/** A number that may depend on extents: a polynomial of them, or one divided by it. */
function scalar(value: Value, w: Writer): Name {
  const numbers = numberOf(value)!, fixed = constantOf(numbers);
  if (fixed !== undefined) return w.number(fixed, value.dtype);
  const whole = w.extent(numbers);
  const convert = (name: Name) => cast(w, w.op("Squeeze", [name, w.integers([0])]), elementTypes[value.dtype]);
  if (whole !== undefined) return convert(whole);
  const inverse = w.extent(numbers.map((number) => Math.round(1 / number)));
  const exact = numbers.every((number) => Math.abs(Math.round(1 / number) * number - 1) < 1e-6);
  if (inverse !== undefined && exact) return w.op("Reciprocal", [convert(inverse)]);
  throw exportError(
    value,
    `it uses a number that is another in each run (${numbers[0]}, ${
      numbers[1]
    }): a random one, or one computed from an ` +
      "extent of the inputs. Give it to the model as an input, or leave the dimension out of dynamicAxes",
  );
}

/** 0, 1, … up to an extent. */
function range(extent: Varying, value: Value, w: Writer): Name {
  const end = w.extent(extent);
  if (end === undefined) throw dynamicError(value, "it counts");
  const limit = cast(w, w.op("Squeeze", [end, w.integers([0])]), elementTypes.int32);
  return w.op("Range", [w.number(0, "int32"), limit, w.number(1, "int32")]);
}

function mapStep(value: Value, { formula }: Of<"map">): Step {
  return {
    inputs: value.operands,
    write(names, w) {
      if (isIdentity(formula)) return names[0]!;
      try {
        const result = writeFormula(formula, names, w);
        if (isWhole(value, formula)) return result;
        const shape = w.shape(value.extents);
        if (shape === undefined) throw dynamicError(value, "it repeats a constant");
        return w.op("Expand", [result, shape]);
      } catch (error) {
        if (!(error instanceof MissingOperator)) throw error;
        throw exportError(
          value,
          `ONNX has no operator for ${error.message}. Compute it outside of the exported model, or from other operations`,
        );
      }
    },
  };
}

/** Whether the operands that a formula uses have all of the result's extents. */
function isWhole({ nodes, operands }: Value, formula: Expr): boolean {
  const used = new Set<number>();
  expr.walk([formula], (e) => void (e.op === "arg" && used.add(e.slot)));
  return nodes.every(({ shape }, t) => {
    const own = broadcastShapes([[], ...[...used].map((slot) => operands[slot]!.nodes[t]!.shape)]);
    return own !== undefined && sameShape(own, shape);
  });
}

function contractStep(value: Value, { batch, m, n, k }: Of<"contract">): Step {
  return {
    inputs: value.operands,
    write([a, b], w) {
      const narrow = value.dtype === "bool" || value.dtype === "uint8";
      const operands = [a!, b!].map((x) => narrow ? cast(w, x, elementTypes.int32) : x);
      // MatMul has one axis of each, any number of batch axes that both have, or rows of the first alone.
      const plain = k === 1 && (batch > 0 ? m === 1 && n === 1 : (m > 0 || n === 1) && n <= 1);
      const result = plain ? w.op("MatMul", operands) : einsum(operands, { batch, m, n, k }, w);
      return narrow ? cast(w, result, elementTypes[value.dtype]) : result;
    },
  };
}

function einsum(operands: readonly Name[], axes: { batch: number; m: number; n: number; k: number }, w: Writer): Name {
  let next = 0;
  const letters = (count: number) =>
    Array.from({ length: count }, () => String.fromCharCode("a".charCodeAt(0) + next++)).join("");
  const batch = letters(axes.batch), m = letters(axes.m), n = letters(axes.n), k = letters(axes.k);
  return w.op("Einsum", operands, { equation: { s: `${batch}${m}${k},${batch}${k}${n}->${batch}${m}${n}` } });
}

const combinations = { set: "none", sum: "add", prod: "mul", max: "max", min: "min" } as const;

function scatterStep(value: Value, { axis, mode }: Of<"scatter">): Step {
  return {
    inputs: value.operands,
    write(names, w) {
      const narrow = value.dtype === "bool" && mode !== "set";
      const wide = (name: Name) => narrow ? cast(w, name, elementTypes.int32) : name;
      const operands = [wide(names[0]!), names[1]!, wide(names[2]!)];
      const result = w.op("ScatterElements", operands, { axis: { i: axis }, reduction: { s: combinations[mode] } });
      return narrow ? cast(w, result, elementTypes.bool) : result;
    },
  };
}

function scanStep(value: Value, { axis, reduce }: Of<"scan">): Step {
  return {
    inputs: value.operands,
    write: ([x], w) =>
      reduce === "sum"
        ? w.op("CumSum", [x!, w.number(axis, "int32")])
        : running(reductions[reduce], x!, axis, reduce === "prod" ? 1 : limitOf(value.dtype, reduce), value, w),
  };
}

function limitOf(dtype: DType, reduce: "max" | "min"): number {
  const { lowest, highest } = bounds(dtype);
  return reduce === "max" ? lowest : highest;
}

/** A running reduction other than a sum: for each place a reduction of all up to it, where the others are `neutral`. */
function running(opType: string, x: Name, axis: number, neutral: number, value: Value, w: Writer): Name {
  const behind = [...value.extents.keys()].slice(axis + 1).map((_, i) => 2 + i);
  const positions = range(value.extents[axis]!, value, w),
    unsqueezed = (...axes: number[]) => w.op("Unsqueeze", [positions, w.integers(axes)]);
  const upTo = w.op("LessOrEqual", [unsqueezed(0, ...behind), unsqueezed(1, ...behind)]);
  const all = w.op("Unsqueeze", [x, w.integers([axis])]);
  const chosen = w.op("Where", [upTo, all, w.number(neutral, value.dtype)]);
  return w.op(opType, [chosen, w.integers([axis + 1])], { keepdims: { i: 0 } });
}

function sortStep(value: Value, { descending }: Of<"sort">): Step {
  const last = rankOf(value) - 1;
  return {
    inputs: value.operands,
    write: ([x], w) => {
      const count = w.extent(value.extents[last]!);
      if (count === undefined) throw dynamicError(value, "it sorts");
      const [, indices] = w.ops("TopK", [x!, count], { axis: { i: last }, largest: { i: descending ? 1 : 0 } }, 2);
      return cast(w, indices!, elementTypes.int32);
    },
  };
}
