/**
 * What the modules of a network do, call by call, while it runs on example inputs.
 *
 * @module
 */

import { Module } from "../../nn/mod.ts";
import { unchanged } from "../../nn/unchanged.ts";
import { type Call, observeCalls } from "../../tensor/calls.ts";
import { enableGrad, isGradEnabled, Tensor, ValueError, zeros } from "../../tensor/mod.ts";
import { trace } from "../../tensor/trace.ts";
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

/** The runs of all modules of one's own in a model that is called with `inputs`; afterwards the model is as it was. */
export function record(model: Module, inputs: readonly unknown[], training: boolean): Run[] {
  const runs: Run[] = [], open: (Run | undefined)[] = [], start = zeros([]).node.id;
  const step = (call: Step["call"], inputs: readonly unknown[], output: unknown): void => {
    open.at(-1)?.steps.push({ call, inputs, output, recorded: isGradEnabled(), shapes: shapesOf(inputs, output) });
  };
  const enter = (module: Module, inputs: readonly unknown[]): void => {
    const own = standardClass(module) === undefined;
    const run: Run = { module, inputs, shapes: shapesOf(inputs), steps: [], start, output: undefined };
    if (own) runs.push(run);
    open.push(own ? run : undefined);
  };
  const leave = (module: Module, inputs: readonly unknown[], output: unknown): unknown => {
    const run = open.pop();
    if (run !== undefined) run.output = output;
    // What a module returns as it is, such as dropout in evaluation, is a tensor of its own in what follows.
    const known = new Set(tensorsOf(inputs));
    const result = output instanceof Tensor && known.has(output)
      ? observeCalls(undefined, () => output.viewAs(output))
      : output;
    step(module, inputs, result);
    return result;
  };
  const observe = ({ name, form, inputs, output }: Call): void => {
    if (open.at(-1) === undefined) return;
    if (form === "custom") {
      throw new ValueError(
        `Cannot export ${
          open.at(-1)!.module.constructor.name
        }: it calls ${name}, whose backward() is written in TypeScript. ` +
          "Compose operations instead",
      );
    }
    if (isReading(name)) {
      throw new ValueError(
        `Cannot export ${
          open.at(-1)!.module.constructor.name
        }: its forward() reads elements by ${name}(), and what it does with them does ` +
          "not show. Compute with tensors alone",
      );
    }
    const [data, ...rest] = inputs;
    const values = ArrayBuffer.isView(data)
      ? [[...data as Float32Array], { dtype: (output as Tensor).dtype }]
      : [data, ...rest];
    step({ name, form }, values, output);
  };
  const hooks = model.modules().flatMap((module) => [
    module.registerForwardPreHook((module: Module, inputs: unknown) => enter(module, inputs as readonly unknown[])),
    module.registerForwardHook((module: Module, inputs: unknown, output: unknown) =>
      leave(module, inputs as readonly unknown[], output)
    ),
  ]);
  try {
    unchanged(
      model,
      training,
      () => enableGrad(() => trace(() => observeCalls(observe, () => model.call(...inputs)), () => {})),
    );
  } finally {
    for (const hook of hooks) hook.remove();
  }
  return runs;
}
