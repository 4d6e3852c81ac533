/**
 * The `forward` of a module of one's own as Python, from runs of it on inputs of several shapes.
 *
 * @module
 */

import { Module } from "../../nn/mod.ts";
import { Slice } from "../../tensor/indexing.ts";
import { Tensor, ValueError } from "../../tensor/mod.ts";
import { pythonName } from "../../tensor/python_format.ts";
import { callSource, isInPlace } from "./calls.ts";
import { pathOf, standardClass } from "./constructor.ts";
import { extentsOf, numberSource } from "./extents.ts";
import { argumentsOf, Code, indented, isIdentifier, isRecord, isScriptName, source, tensorSource } from "./python.ts";
import { type Run, type Step, tensorsOf } from "./recording.ts";

/** The names of the parameters of a function, as far as they are plain names. */
function parameterNames(forward: unknown, count: number): string[] {
  const text = String(forward), listed: string[] = [];
  let depth = 0, part = "";
  for (const c of text.slice(text.indexOf("(") + 1)) {
    if (depth === 0 && (c === "," || c === ")")) {
      listed.push(part.replace(/=[^]*/, "").trim());
      part = "";
      if (c === ")") break;
      continue;
    }
    depth += Number("([{".includes(c)) - Number(")]}".includes(c));
    part += c;
  }
  const names = Array.from({ length: count }, (_, i) => {
    const name = pythonName(listed[i] ?? "");
    return isIdentifier(name) && !isScriptName(name) ? name : `input${i + 1}`;
  });
  return names.map((name, i) => names.indexOf(name) === i ? name : `input${i + 1}`);
}

function isNamed({ call }: Step): boolean {
  return !(call instanceof Module) && call.form === "function";
}

/** The steps of a run that its result depends on, or that change something. */
export function neededSteps({ steps, output }: Run): Step[] {
  // Of operations that are made of others, all are told by name: the last one that gives a tensor is the whole.
  const whole = new Map<Tensor, Step>();
  for (const step of steps) if (isNamed(step)) { for (const x of tensorsOf(step.output)) whole.set(x, step); }
  const live = new Set(tensorsOf(output)), needed: Step[] = [];
  for (const step of steps.toReversed()) {
    const made = [...tensorsOf(step.output)].some((x) => live.has(x) && (!isNamed(step) || whole.get(x) === step));
    if (!made && !(step.call instanceof Module) && !isInPlace(step.call.name)) continue;
    needed.unshift(step);
    for (const x of tensorsOf(step.inputs)) live.add(x);
  }
  return needed;
}

/** A `forward` as Python. */
export interface ForwardSource {
  /** The names of its parameters. */
  readonly parameters: readonly string[];
  /** Its lines, without indentation. */
  readonly body: string;
}

/** Writes one `forward`. */
class Writer {
  /** What tensors are called at this point, and which tensor each name stands for. */
  readonly #names = new Map<Tensor, string>();
  readonly #bound = new Map<string, Tensor>();
  /** The tensors that keep a name from being given again. */
  readonly #held = new Map<string, readonly Tensor[]>();
  readonly #lastUse = new Map<Tensor, number>();
  /** What belongs to the module. */
  readonly #owned = new Map<unknown, string>();
  readonly #lines: { readonly text: string; readonly recorded: boolean }[] = [];
  readonly #steps: readonly Step[][];
  readonly #extents: ReadonlyMap<Tensor, number[][]>;
  readonly #parameters: readonly string[];

  constructor(readonly runs: readonly [Run, ...Run[]]) {
    const [{ module, inputs, output }] = runs;
    this.#steps = runs.map(neededSteps);
    this.#extents = extentsOf(runs, this.#steps);
    this.#parameters = parameterNames(module.forward, inputs.length);
    for (const [field, value] of Object.entries(module)) {
      if (value instanceof Tensor) this.#owned.set(value, `self.${pythonName(field)}`);
    }
    for (
      const [name, part] of [...module.namedParameters(), ...module.namedBuffers(), ...module.namedModules().slice(1)]
    ) {
      this.#owned.set(part, `self.${pathOf(module, name)}`);
    }
    this.#steps[0]!.forEach((step, i) => {
      for (const x of tensorsOf(step.inputs)) this.#lastUse.set(x, i);
    });
    for (const x of tensorsOf(output)) this.#lastUse.set(x, Infinity);
    inputs.forEach((input, i) => this.#bindParts(input, this.#parameters[i]!));
  }

  written(): ForwardSource {
    const [{ inputs, output }] = this.runs, shapes = this.#shapes();
    this.#steps[0]!.forEach((step, i) => this.#write(step, i));
    this.#lines.push({ text: `return ${source(this.#coded(output, "the result"))}`, recorded: true });
    const lines = [
      shapes,
      ...this.#lines.flatMap(({ text, recorded }, i) => {
        if (recorded) return text;
        const first = i === 0 || this.#lines[i - 1]!.recorded;
        return [...(first ? ["with torch.no_grad():"] : []), indented(text)];
      }),
    ];
    return { parameters: this.#parameters.filter((_, i) => isPassed(inputs[i])), body: lines.join("\n") };
  }

  /** What the inputs were, and which of their extents may be others. */
  #shapes(): string {
    const inputs = [...this.#bound].map(([name, x]) => {
      const extents = this.#extents.get(x)!.map((values) =>
        `${values[0]}${values.some((v) => v !== values[0]) ? "*" : ""}`
      );
      return `${name} [${extents.join(", ")}]`;
    });
    return `# Inputs: ${inputs.join(", ")}. Extents with * may be others.`;
  }

  #bindParts(input: unknown, name: string): void {
    if (input instanceof Tensor) this.#bind(input, name);
    else if (Array.isArray(input)) input.forEach((part, i) => this.#bindParts(part, `${name}[${i}]`));
    else if (isRecord(input)) {
      for (const [key, part] of Object.entries(input)) this.#bindParts(part, `${name}["${pythonName(key)}"]`);
    }
  }

  #bind(x: Tensor, name: string): void {
    const before = this.#bound.get(name);
    if (before !== undefined && this.#names.get(before) === name) this.#names.delete(before);
    this.#bound.set(name, x);
    this.#held.set(name, [x]);
    this.#names.set(x, name);
  }

  #write(step: Step, i: number): void {
    const { call, inputs, output, recorded } = step, own = call instanceof Module;
    const others = this.#steps.slice(1).map((steps) => steps[i]!.inputs);
    const what = own ? call.constructor.name : call.name;
    const args = inputs.map((input, j) =>
      this.#coded(input, `an argument of ${what}`, others.map((other) => other[j]))
    );
    const text = own
      ? `${this.#owned.get(call) ?? this.#foreign(call)}(${
        argumentsOf(args.filter((_, j) => isPassed(inputs[j]) || standardClass(call) !== undefined)).join(", ")
      })`
      : callSource(call, args, () => this.#device());
    if (!own && isInPlace(call.name)) this.#lines.push({ text, recorded });
    else {
      const target = this.#target(output, step, i);
      if (target !== text) this.#lines.push({ text: `${target} = ${text}`, recorded });
    }
  }

  #target(output: unknown, step: Step, i: number): string {
    if (output instanceof Tensor) {
      const name = this.#newName(output, step, i);
      this.#bind(output, name);
      return name;
    }
    if (isRecord(output)) {
      const name = this.#newName(output, step, i);
      this.#bindParts(output, name);
      this.#held.set(name, [...tensorsOf(output)]);
      return name;
    }
    if (!Array.isArray(output)) return "_";
    const parts = output.map((part) => {
      if ([...tensorsOf(part)].every((x) => !this.#lastUse.has(x))) return "_";
      return Array.isArray(part) ? `(${this.#target(part, step, i)})` : this.#target(part, step, i);
    });
    return parts.join(", ") + (parts.length === 1 ? "," : "");
  }

  /** The name of what a step makes: that of an argument that nobody needs any more, else one after the module, or h. */
  #newName(output: unknown, { call, inputs, output: whole }: Step, i: number): string {
    const ended = (x: Tensor) => (this.#lastUse.get(x) ?? -1) <= i;
    for (const x of whole === output ? tensorsOf(inputs) : []) {
      const name = this.#names.get(x);
      if (name !== undefined && isIdentifier(name) && ended(x)) return name;
    }
    const field = call instanceof Module ? this.#owned.get(call)!.split(".").at(-1)! : "h";
    const stem = isIdentifier(field) ? field : "h";
    for (let n = 1;; n++) {
      const name = n === 1 ? stem : `${stem}${n}`;
      const reserved = isScriptName(name) || this.#parameters.includes(name);
      if (!reserved && (this.#held.get(name) ?? []).every(ended)) return name;
    }
  }

  /** A value with its tensors as what they are called, and numbers that differ between the runs as what they come from. */
  #coded(value: unknown, where: string, others: readonly unknown[] = []): unknown {
    if (value instanceof Tensor) {
      const name = this.#nameOf(value, where);
      return new Code(() => name);
    }
    const inner = (part: unknown, key: string) =>
      this.#coded(part, where, others.map((other) => (other as Record<string, unknown> | undefined)?.[key]));
    if (Array.isArray(value)) return value.map((part, j) => inner(part, String(j)));
    if (isRecord(value) || value instanceof Slice) {
      const entries = Object.entries(value).map(([key, part]) => [key, inner(part, key)]);
      return Object.assign(Object.create(Object.getPrototypeOf(value)), Object.fromEntries(entries));
    }
    if (typeof value !== "number" || others.every((other) => other === value)) return value;
    const shapes = [...this.#bound].flatMap(([name, x]) =>
      (this.#extents.get(x) ?? []).map((values, d) => ({ source: `${name}.shape[${d}]`, values }))
    );
    const found = numberSource([value, ...others as number[]], shapes);
    return new Code(() => {
      if (found !== undefined) return found;
      throw this.#refusal(
        `${where} is ${value} for these inputs, and depends on their shape in a way that is not linear. Compute it from one extent`,
      );
    });
  }

  #nameOf(x: Tensor, where: string): string {
    const name = this.#names.get(x) ?? this.#owned.get(x);
    if (name !== undefined) return name;
    if (x.isLeaf && !x.requiresGrad && x.numel() <= 16 && x.node.id < this.runs[0].start) return tensorSource(x);
    throw this.#refusal(
      `${where}, a tensor of shape [${
        x.shape.join(", ")
      }], comes from an operation that is not followed, or is a constant without a name. ` +
        "Call operations as methods of tensors, such as x.softmax(1), or as modules, and keep constants with registerBuffer",
    );
  }

  #foreign(module: Module): never {
    throw this.#refusal(`it calls a ${module.constructor.name} that is not one of its fields. Make it a field`);
  }

  #device(): string {
    const [name] = this.#bound.keys();
    if (name === undefined) throw this.#refusal("it makes tensors before there is one whose device they could take");
    return `${name}.device`;
  }

  #refusal(reason: string): ValueError {
    return new ValueError(`Cannot export the forward() of ${this.runs[0].module.constructor.name}: ${reason}`);
  }
}

/** Whether an argument is given to Python's `forward`: a tensor, or a list that has one. Others are what they are. */
function isPassed(input: unknown): boolean {
  return !tensorsOf(input).next().done;
}

/** The `forward` that did what all of `runs` show, which differ in the shapes of their inputs. */
export function forwardSource(runs: readonly [Run, ...Run[]]): ForwardSource {
  return new Writer(runs).written();
}

/** Whether two runs took the same steps. */
export function isAlike(a: Run, b: Run): boolean {
  const first = neededSteps(a), second = neededSteps(b);
  const name = ({ call }: Step) => call instanceof Module ? call : `${call.form} ${call.name}`;
  return first.length === second.length && first.every((step, i) => {
    const other = second[i]!;
    return name(step) === name(other) && step.inputs.length === other.inputs.length;
  });
}
