/**
 * A WGSL module in the making: which bindings, run-time numbers, helper functions and workgroup memory its one entry point uses.
 *
 * Binding 0 holds the run-time numbers, the kernel's buffers follow, and flags raised by checks come last. What the entry point does not
 * use is not declared, because the pipeline's layout is derived from the text.
 *
 * @module
 */

import type { DType } from "../../ir/dtype.ts";
import type { Binding } from "../../ir/kernel.ts";
import { addHelper, type Helper } from "./helpers.ts";
import { specials, storageType, valueType, type Width } from "./types.ts";

/** A 32-bit run-time number of a shader. */
export type Param =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "scalar"; readonly slot: number; readonly dtype: DType }
  | { readonly kind: "flag"; readonly slot: number };

/** A buffer of a shader: a binding of the kernel, or memory that only the kernel's own dispatches see. */
export type ShaderBuffer = number | "scratch";

/** One dispatch: a compute shader and what to start it with. */
export interface Shader {
  /** Complete WGSL; equal texts share a pipeline. */
  readonly text: string;
  /** What the text's bindings 1, 2, … are. */
  readonly buffers: readonly ShaderBuffer[];
  /** Words of binding 0. */
  readonly params: readonly Param[];
  /** Whether the last binding is the buffer of flags. */
  readonly flags: boolean;
  /** Workgroups in x and y. */
  readonly groups: readonly [number, number];
  /** Bytes of scratch memory it needs. */
  readonly scratchBytes: number;
}

/** What the lowering has to know of the adapter. */
export interface Target {
  /** A software adapter: barriers are dear and workgroup memory is no faster than any other. */
  readonly software: boolean;
}

const MOST_GROUPS = 65535;

/** `count` workgroups as a grid that stays below the limit of each dimension; the shader skips what is too much. */
export function grid(count: number): [number, number] {
  const y = Math.ceil(count / MOST_GROUPS);
  return [Math.ceil(count / y), y];
}

/** Collects the declarations of one shader while its body is written. */
export class Module {
  readonly #params = new Map<string, { type: string; param: Param }>();
  readonly #buffers = new Set<number>();
  readonly #helpers = new Map<string, string>();
  readonly #arrays: string[] = [];
  #flags = false;

  constructor(
    readonly bindings: readonly Binding[],
    /** Bindings that are declared as arrays of vec4. */
    readonly vectors: ReadonlySet<number> = new Set(),
  ) {}

  /** A run-time number of the launch. */
  number(name: string, value: number): string {
    return this.#param(name, "u32", { kind: "number", value });
  }

  /** A run-time scalar of the kernel. */
  scalar(slot: number, dtype: DType): string {
    const inMemory = dtype === "float16" ? "f32" : storageType(dtype);
    const name = this.#param(`s${slot}`, inMemory, { kind: "scalar", slot, dtype });
    if (dtype === "bool") return `(${name} != 0u)`;
    return dtype === "float16" ? `f16(${name})` : name;
  }

  /** Where check `slot` of the kernel raises its flag. */
  flag(slot: number): string {
    this.#flags = true;
    return this.#param(`flag${slot}`, "u32", { kind: "flag", slot });
  }

  /** The array of binding `slot`. */
  buffer(slot: number): string {
    this.#buffers.add(slot);
    return `b${slot}`;
  }

  /** The element type of binding `slot`. */
  dtype(slot: number): DType {
    return this.bindings[slot]!.dtype;
  }

  /** A helper function to call. */
  readonly helper = (helper: Helper, width: Width): string => addHelper(this.#helpers, helper, width);

  /** Memory shared by a workgroup. */
  workgroupArray(name: string, type: string, length: number): string {
    const declaration = `var<workgroup> ${name}: array<${type}, ${length}>;`;
    if (!this.#arrays.includes(declaration)) this.#arrays.push(declaration);
    return name;
  }

  #param(name: string, type: string, param: Param): string {
    this.#params.set(name, { type, param });
    return `p.${name}`;
  }

  /** The shader whose entry point has this body. In it, `item` numbers the workgroup and `local` the invocation in it. */
  build(body: readonly string[], workgroupSize: number, groups: number): Shader {
    const buffers = [...this.#buffers].sort((a, b) => a - b);
    const main = [
      `@compute @workgroup_size(${workgroupSize})`,
      "fn main(",
      "  @builtin(workgroup_id) group: vec3<u32>,",
      "  @builtin(num_workgroups) groups: vec3<u32>,",
      "  @builtin(local_invocation_index) local: u32,",
      ") {",
      "  let item = group.y * groups.x + group.x;",
      ...body.map((line) => `  ${line}`),
      "}",
    ];
    const functions = [...this.#helpers.values(), main.join("\n")].join("\n\n");
    const declarations = [
      `struct Params { ${[...this.#params].map(([name, { type }]) => `${name}: ${type}`).join(", ")} }`,
      "@group(0) @binding(0) var<uniform> p: Params;",
      ...buffers.map((slot, i) => `@group(0) @binding(${i + 1}) ${this.#declare(slot)}`),
    ];
    if (this.#flags) {
      const binding = buffers.length + 1;
      declarations.push(`@group(0) @binding(${binding}) var<storage, read_write> flags: array<atomic<u32>>;`);
    }
    declarations.push(...this.#arrays, ...specials.filter((s) => functions.includes(s.match(/> (\w+)/)![1]!)));
    const text = `${declarations.join("\n")}\n\n${functions}\n`;
    return {
      text: /\bf16\b|\dh\b/.test(text) ? `enable f16;\n${text}` : text,
      buffers,
      params: [...this.#params.values()].map(({ param }) => param),
      flags: this.#flags,
      groups: grid(groups),
      scratchBytes: 0,
    };
  }

  #declare(slot: number): string {
    const { dtype, access } = this.bindings[slot]!;
    const element = storageType(dtype, this.vectors.has(slot) ? 4 : 1);
    return `var<storage, ${access === "read" ? "read" : "read_write"}> b${slot}: array<${element}>;`;
  }
}

/** A stored element as a value in registers. */
export function fromStorage(dtype: DType, text: string, width: Width): string {
  return dtype === "bool" ? `(${text} != ${valueType("uint32", width)}(0u))` : text;
}

/** A value in registers as it is stored. */
export function toStorage(dtype: DType, text: string, width: Width): string {
  const type = valueType("uint32", width);
  return dtype === "bool" ? `select(${type}(0u), ${type}(1u), ${text})` : text;
}
