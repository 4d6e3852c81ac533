/**
 * Views as operators of ONNX: Transpose, Slice, Expand, Reshape, Pad, and Gather for all others.
 *
 * @module
 */

import { type AxisWalk, type Movement, movementOf } from "../../../kernels/mod.ts";
import { TensorType } from "../model.ts";
import { constantOf, type Varying } from "./extents.ts";
import { dynamicError, shapeOf, type Value } from "./graph.ts";
import { keptReduction } from "./reduce.ts";
import { cast, type Step } from "./step.ts";
import { elementTypes, type Name, type Writer } from "./writer.ts";

/** What stands for "to the end" in a slice. */
const END = 2 ** 53;

type Of<Kind extends Movement["kind"]> = Extract<Movement, { kind: Kind }>;

/** What a view does in each trace: the same, with other numbers. */
function movements(value: Value): readonly Movement[] {
  const [source] = value.operands as [Value];
  return value.nodes.map((node, i) => {
    const attributes = value.attributes[i]!;
    if (attributes.op !== "view") throw new TypeError("Not a view");
    const from = source.nodes[i]!.shape, parameters = value.parameters[i]!;
    return movementOf({ index: attributes.index, mask: attributes.mask, from, to: node.shape, parameters });
  });
}

/** How a view is written. */
export function viewStep(value: Value): Step {
  const [source] = value.operands as [Value], found = movements(value), [first] = found as [Movement];
  const filling = constantOf(value.attributes.map((attributes) => attributes.op === "view" ? attributes.fill : 0));
  if (filling === undefined || found.some(({ kind }) => kind !== first.kind)) {
    throw dynamicError(value, "it moves elements");
  }
  switch (first.kind) {
    case "walk": {
      const kept = keptReduction(value, source, first.axes);
      const walk = new Walk(value, source, found as Of<"walk">[]);
      return kept ?? { inputs: [source], write: ([x], w) => walk.write(x!, w) };
    }
    case "reshape":
      return { inputs: [source], write: ([x], w) => reshaped(x!, source, value, w) };
    case "pad":
      return { inputs: [source], write: ([x], w) => padded(x!, value, found as Of<"pad">[], filling, w) };
    case "positions":
      return { inputs: [source], write: ([x], w) => gathered(x!, value, found as Of<"positions">[], filling, w) };
  }
}

/** Axes of the input walked along axes of the result. */
class Walk {
  readonly #walks: readonly (readonly AxisWalk[])[];

  constructor(readonly value: Value, readonly source: Value, found: readonly Of<"walk">[]) {
    this.#walks = found.map(({ axes }) => axes);
    const alike = this.#first.every(({ step, output }, i) =>
      this.#walks.every((axes) => axes[i]!.step === step && axes[i]!.output === output)
    );
    if (!alike) throw dynamicError(value, "it moves elements");
  }

  get #first(): readonly AxisWalk[] {
    return this.#walks[0]!;
  }

  write(x: Name, w: Writer): Name {
    const { value, source } = this, sliced = this.#sliced(x, w);
    let inputs = source.extents.map((_, i) => i), outputs = value.extents.map((_, i) => i);
    const isUnit = (axis: number) => constantOf(value.extents[axis]!) === 1;
    // Axes of extent 1 belong to each other where both sides have as many.
    const walked = new Map(this.#first.flatMap(({ output }, i) => output === undefined ? [] : [[output, i]]));
    if (inputs.length === outputs.length) {
      const idle = inputs.filter((i) => this.#first[i]!.output === undefined);
      outputs.filter((axis) => !walked.has(axis)).forEach((axis, k) => walked.set(axis, idle[k]!));
    }
    inputs = inputs.filter((i) => [...walked.values()].includes(i));
    const dropped = [...source.extents.keys()].filter((i) => !inputs.includes(i));
    let result = dropped.length === 0 ? sliced : w.op("Squeeze", [sliced, w.integers(dropped)]);
    outputs = outputs.filter((axis) => walked.has(axis));
    const order = outputs.map((axis) => inputs.indexOf(walked.get(axis)!));
    if (order.some((from, to) => from !== to)) result = w.op("Transpose", [result], { perm: { ints: order } });
    const added = [...value.extents.keys()].filter((axis) => !walked.has(axis));
    if (added.length > 0) result = w.op("Unsqueeze", [result, w.integers(added)]);
    const repeats = (axis: number) => {
      const from = walked.get(axis);
      return !isUnit(axis) && (from === undefined || this.#first[from]!.output === undefined);
    };
    if (![...value.extents.keys()].some(repeats)) return result;
    // An extent of 1 keeps what is there.
    const shape = w.shape(value.extents.map((extent, axis) => repeats(axis) ? extent : extent.map(() => 1)));
    if (shape === undefined) throw dynamicError(value, "it repeats elements");
    return w.op("Expand", [result, shape]);
  }

  #sliced(x: Name, w: Writer): Name {
    const parts = this.#first.flatMap((_, axis) => this.#part(axis, w) ?? []);
    if (parts.length === 0) return x;
    const list = (key: "start" | "end" | "step") => {
      const names = parts.map((part) => part[key]);
      if (names.every((part) => typeof part === "number")) return w.integers(names);
      if (names.length === 1) return names[0] as Name;
      return w.op("Concat", names.map((part) => typeof part === "number" ? w.integers([part]) : part), {
        axis: { i: 0 },
      });
    };
    return w.op("Slice", [x, list("start"), list("end"), w.integers(parts.map(({ axis }) => axis)), list("step")]);
  }

  /** Which part of an axis is walked; undefined for all of it. */
  #part(axis: number, w: Writer) {
    const { step, output } = this.#first[axis]!, extent = this.source.extents[axis]!;
    const starts = this.#walks.map((axes) => axes[axis]!.start);
    const sizes = output === undefined ? starts.map(() => 1) : this.value.extents[output]!;
    const last = starts.map((start, t) => start + (sizes[t]! - 1) * step);
    if (step === 1 && starts.every((start, t) => start === 0 && sizes[t] === extent[t])) return undefined;
    // Behind the end, or before the start, in the direction of the walk.
    const toEnd = step > 0 ? last.every((at, t) => at + step >= extent[t]!) : last.every((at) => at + step < 0);
    const bound = (values: Varying): number | Name => {
      const fixed = constantOf(values);
      if (fixed !== undefined && fixed >= 0) return fixed;
      const fromEnd = constantOf(values.map((at, t) => at - extent[t]!));
      if (fromEnd !== undefined && fromEnd < 0) return fromEnd;
      const name = w.extent(values);
      if (name === undefined) throw dynamicError(this.value, "it takes a part of its input");
      return name;
    };
    const end = toEnd ? (step > 0 ? END : -END) : bound(last.map((at) => at + Math.sign(step)));
    return { axis, start: bound(starts), end, step };
  }
}

function reshaped(x: Name, source: Value, value: Value, w: Writer): Name {
  const fixed = value.extents.map(constantOf);
  const same = (axis: number) => {
    const from = source.extents[axis];
    return from !== undefined && value.extents[axis]!.every((extent, t) => extent === from[t] && extent > 0);
  };
  // 0 is the input's extent, -1 what remains.
  const list = fixed.map((extent, axis) => extent ?? (same(axis) ? 0 : -1));
  const open = list.filter((extent) => extent === -1).length;
  if (open <= 1 && !fixed.includes(0)) return w.op("Reshape", [x, w.integers(list)]);
  const shape = w.shape(value.extents);
  if (shape === undefined) throw dynamicError(value, "it reshapes its input");
  return w.op("Reshape", [x, shape], { allowzero: { i: 1 } });
}

function padded(x: Name, value: Value, found: readonly Of<"pad">[], filling: number, w: Writer): Name {
  const side = (which: 0 | 1) => found[0]!.amounts.map((_, axis) => found.map(({ amounts }) => amounts[axis]![which]));
  const pads = w.shape([...side(0), ...side(1)]);
  if (pads === undefined) throw dynamicError(value, "it pads its input");
  const inBytes = value.dtype === "bool";
  const source = inBytes ? cast(w, x, elementTypes.int32) : x;
  const result = w.op("Pad", [source, pads, w.number(filling, inBytes ? "int32" : value.dtype)]);
  return inBytes ? cast(w, result, elementTypes.bool) : result;
}

/** Elements at positions that are known, over the axes that are not walked from end to end. */
function gathered(x: Name, value: Value, found: readonly Of<"positions">[], filling: number, w: Writer): Name {
  const [source] = value.operands as [Value], [{ through }] = found as [Of<"positions">];
  const outer = [...value.extents.keys()].filter((axis) => !through.some(([output]) => output === axis));
  const inner = [...source.extents.keys()].filter((axis) => !through.some(([, input]) => input === axis));
  const from = shapeOf({ ...source, extents: inner.map((axis) => source.extents[axis]!) });
  const to = shapeOf({ ...value, extents: outer.map((axis) => value.extents[axis]!) });
  const alike = found.every((other) => other.through.join() === through.join());
  if (from === undefined || to === undefined || !alike) {
    throw dynamicError(value, "it moves elements along a dynamic dimension");
  }
  const positions = positionsOf(value, found);
  const order = [...through.map(([, input]) => input), ...inner];
  const moved = order.every((axis, i) => axis === i) ? x : w.op("Transpose", [x], { perm: { ints: order } });
  // One axis is walked as it is.
  const flat = inner.length === 1
    ? moved
    : w.op("Reshape", [moved, w.integers([...new Array<number>(through.length).fill(0), -1])]);
  const present = positions.map((at) => at < 0 ? 0 : 1);
  const index = w.initializer("index", positions.map((at) => Math.max(0, at)), to, TensorType.INT32);
  let result = w.op("Gather", [flat, index], { axis: { i: through.length } });
  if (present.includes(0)) {
    const mask = w.initializer("mask", Uint8Array.from(present), to, TensorType.BOOL);
    // A bool is filled with false alone.
    result = value.dtype === "bool" && filling === 0
      ? w.op("And", [mask, result])
      : w.op("Where", [mask, result, w.number(filling, value.dtype)]);
  }
  const placed = [...through.map(([output]) => output), ...outer];
  const back = placed.map((_, axis) => placed.indexOf(axis));
  return back.every((axis, i) => axis === i) ? result : w.op("Transpose", [result], { perm: { ints: back } });
}

/** The positions, which have to be the same in each trace. */
function positionsOf(value: Value, [first, ...others]: readonly Of<"positions">[]): Int32Array {
  const positions = first!.positions();
  if (others.every((other) => other.positions().every((at, i) => at === positions[i]))) return positions;
  throw dynamicError(value, "it moves elements by a distance that depends on a dynamic dimension");
}
