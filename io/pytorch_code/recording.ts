/**
 * What the modules of a network do, call by call, while it runs on example inputs.
 *
 * @module
 */

import { expr, type Node } from "../../kernels/mod.ts";
import { Module } from "../../nn/mod.ts";
import { unchanged } from "../../nn/unchanged.ts";
import { type Call, observeCalls, unobserved } from "../../tensor/calls.ts";
import { enableGrad, isGradEnabled, Tensor, ValueError, zeros } from "../../tensor/mod.ts";
import { type NamedOperation, operations } from "../../tensor/operations.ts";
import { trace } from "../../tensor/trace.ts";
import { isRecord } from "./python.ts";
import { isReading } from "./calls.ts";
import { standardClass } from "./constructor.ts";

/** A call within the `forward` of a module: of an operation, or of another module. */
export interface Step {
  /** The operation, or the module that was called. */
  readonly call: Pick<Call, "name" | "form"> | Module;
  /** The arguments, a method's own tensor first. */
  readonly inputs: readonly unknown[];
  /** The result. */
  readonly output: unknown;
  /** Whether the call was recorded for differentiation. */
  readonly recorded: boolean;
  /** The shapes of all tensors among inputs and output, as they were then. */
  readonly shapes: ReadonlyMap<Tensor, readonly number[]>;
}

/** One run of a module's `forward`. */
export interface Run {
  readonly module: Module;
  readonly inputs: readonly unknown[];
  readonly shapes: ReadonlyMap<Tensor, readonly number[]>;
  readonly steps: Step[];
  /** Nodes with smaller numbers were there before. */
  readonly start: number;
  output: unknown;
}

/** The tensors in lists and objects. */
export function* tensorsOf(value: unknown): Generator<Tensor> {
  if (value instanceof Tensor) yield value;
  else if (value instanceof Module) return;
  else if (Array.isArray(value)) { for (const part of value) yield* tensorsOf(part); }
  else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const part of Object.values(value)) yield* tensorsOf(part);
  }
}

function shapesOf(...values: readonly unknown[]): Map<Tensor, readonly number[]> {
  return new Map([...tensorsOf(values)].map((x) => [x, [...x.shape]]));
}

/** The shortest number that is `value` in float32. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

/** Handles for nodes, so that what operations are told of and what users hold is one tensor. */
class Handles {
  readonly #byNode = new Map<Node, Tensor>();
  readonly #known = new Set<Tensor>();

  /** Makes a tensor known under its node, unless another one is that still. */
  add(x: Tensor): void {
    this.#known.add(x);
    const { node } = x, before = this.#byNode.get(node);
    if (before === undefined || before.node !== node) this.#byNode.set(node, x);
  }

  /** The tensor of a node; the number of one that holds a number of the program. */
  of(node: Node): Tensor | number {
    const found = this.#byNode.get(node);
    if (found !== undefined) return found;
    if (node.attributes.op === "scalar") return node.dtype === "float32" ? shortest(node.value) : node.value;
    const made = new Tensor(node);
    this.add(made);
    return made;
  }

  /** A value with the known tensors in the place of others that have their nodes. */
  known<T>(value: T): T {
    if (value instanceof Tensor) return (this.#known.has(value) ? value : this.#byNode.get(value.node) ?? value) as T;
    if (Array.isArray(value)) return value.map((part) => this.known(part)) as T;
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, this.known(part)])) as T;
  }
}

/** The runs of all modules of one's own in a model that is called with `inputs`; afterwards the model is as it was. */
export function record(model: Module, inputs: readonly unknown[], training: boolean): Run[] {
  const runs: Run[] = [], open: (Run | undefined)[] = [], start = zeros([]).node.id, handles = new Handles();
  for (const x of [...model.parameters(), ...model.buffers()]) handles.add(x);
  const step = (call: Step["call"], given: readonly unknown[], output: unknown): void => {
    const inputs = handles.known(given);
    for (const x of tensorsOf(output)) handles.add(x);
    open.at(-1)?.steps.push({ call, inputs, output, recorded: isGradEnabled(), shapes: shapesOf(inputs, output) });
  };
  const enter = (module: Module, given: readonly unknown[]): void => {
    const own = standardClass(module) === undefined, inputs = handles.known(given);
    for (const x of tensorsOf(inputs)) handles.add(x);
    const run: Run = { module, inputs, shapes: shapesOf(inputs), steps: [], start, output: undefined };
    if (own) runs.push(run);
    open.push(own ? run : undefined);
  };
  const leave = (module: Module, inputs: readonly unknown[], output: unknown): unknown => {
    const run = open.pop();
    if (run !== undefined) run.output = handles.known(output);
    // What a module returns as it is, such as dropout in evaluation, is a tensor of its own in what follows.
    const given = new Set(tensorsOf(inputs)), returned = output instanceof Tensor && given.has(output);
    const result = returned ? unobserved(() => output.viewAs(output)) : output;
    step(module, inputs, result);
    return result;
  };
  const observe = ({ name, form, inputs, output }: Call): void => {
    const run = open.at(-1);
    if (run === undefined) return;
    const type = run.module.constructor.name;
    if (form === "custom") {
      throw new ValueError(
        `Cannot export ${type}: it calls ${name}, whose backward() is written in TypeScript. Compose operations instead`,
      );
    }
    if (isReading(name)) {
      throw new ValueError(
        `Cannot export ${type}: its forward() reads elements by ${name}(), and what it does with them does not show. ` +
          "Compute with tensors alone",
      );
    }
    const [data, ...rest] = inputs;
    const elements = ArrayBuffer.isView(data)
      ? [[...data as Float32Array], { dtype: (output as Tensor).dtype }]
      : undefined;
    step({ name, form }, elements ?? [data, ...rest], output);
  };
  const observeNamed = ({ name, inputs, attributes, outputs: [output] }: NamedOperation): void => {
    const run = open.at(-1);
    if (run === undefined || output === undefined || inputs.includes(output)) return;
    const { dtype, shape, attributes: made } = output, formula: string[] = [];
    if (made.op === "map") expr.walk([made.formula], ({ op }) => void formula.unshift(op));
    const given = inputs.map((node) => node === undefined ? undefined : handles.of(node));
    step({ name, form: "function" }, [...given, {
      ...attributes,
      dtype,
      shape,
      formula,
      training: run.module.training,
    }], handles.of(output));
  };
  const hooks = model.modules().flatMap((module) => [
    module.registerForwardPreHook((module: Module, inputs: unknown) => enter(module, inputs as readonly unknown[])),
    module.registerForwardHook((module: Module, inputs: unknown, output: unknown) =>
      leave(module, inputs as readonly unknown[], output)
    ),
  ]);
  const before = operations.observe;
  try {
    operations.observe = observeNamed;
    unchanged(
      model,
      training,
      () => enableGrad(() => trace(() => observeCalls(observe, () => model.call(...inputs)), () => {})),
    );
  } finally {
    operations.observe = before;
    for (const hook of hooks) hook.remove();
  }
  return runs;
}
