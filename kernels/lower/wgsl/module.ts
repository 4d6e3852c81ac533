/**
 * The code of one dispatch in the making: which bindings, run-time numbers, helper functions and workgroup memory it uses. Names that
 * belong to it alone end in a mark, which linking replaces, so that several can share a WGSL module.
 *
 * @module
 */

import type { DType } from "../../ir/dtype.ts";
import type { Binding } from "../../ir/kernel.ts";
import { addHelper, type Helper } from "./helpers.ts";
import { storageType, valueType, type Width } from "./types.ts";

/** A 32-bit run-time number of a shader. */
export type Param =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "scalar"; readonly slot: number; readonly dtype: DType }
  | { readonly kind: "flag"; readonly slot: number };

/** A buffer of a shader: a binding of the kernel, or memory that only the kernel's own dispatches see. */
export type ShaderBuffer = number | "scratch";

/** The work of one dispatch. */
export interface Unit {
  /** Names and types of the run-time numbers. */
  readonly params: readonly { readonly name: string; readonly type: string; readonly param: Param }[];
  /** The buffers, and how each is declared behind its binding. */
  readonly buffers: readonly { readonly buffer: ShaderBuffer; readonly declaration: string }[];
  /** Whether it raises flags. */
  readonly flags: boolean;
  /** Declarations of workgroup memory. */
  readonly arrays: readonly string[];
  /** Functions by name; equal names are equal functions. */
  readonly helpers: ReadonlyMap<string, string>;
  /** What each invocation does. In it, `item` numbers the workgroup and `local` the invocation in it. */
  readonly body: readonly string[];
  /** Invocations of a workgroup. */
  readonly workgroupSize: number;
  /** Workgroups. */
  readonly groups: number;
  /** Bytes of scratch memory. */
  readonly scratchBytes: number;
}

/** Ends the names that belong to one unit. */
export const MARK = "$";

/** What the lowering has to know of the adapter. */
export interface Target {
  /** A software adapter: barriers are dear and workgroup memory is no faster than any other. */
  readonly software: boolean;
  /** Invocations of a subgroup, which run as one vector, where they can read each other's values. */
  readonly subgroup?: number | undefined;
}

/** Collects the declarations of a unit while its body is written. */
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
    return `b${slot}${MARK}`;
  }

  /** The element type of binding `slot`. */
  dtype(slot: number): DType {
    return this.bindings[slot]!.dtype;
  }

  /** A helper function to call. */
  readonly helper = (helper: Helper, width: Width): string => addHelper(this.#helpers, helper, width);

  /** Memory shared by a workgroup. */
  workgroupArray(name: string, type: string, length: number): string {
    const declaration = `var<workgroup> ${name}${MARK}: array<${type}, ${length}>;`;
    if (!this.#arrays.includes(declaration)) this.#arrays.push(declaration);
    return name + MARK;
  }

  #param(name: string, type: string, param: Param): string {
    this.#params.set(name, { type, param });
    return `p${MARK}.${name}`;
  }

  /** The unit with this body. */
  build(body: readonly string[], workgroupSize: number, groups: number): Unit {
    const params = [...this.#params].map(([name, rest]) => ({ name, ...rest }));
    const buffers = [...this.#buffers].sort((a, b) => a - b);
    return {
      params,
      buffers: buffers.map((slot) => ({ buffer: slot, declaration: this.#declare(slot) })),
      flags: this.#flags,
      arrays: this.#arrays,
      helpers: this.#helpers,
      body,
      workgroupSize,
      groups,
      scratchBytes: 0,
    };
  }

  #declare(slot: number): string {
    const { dtype, access } = this.bindings[slot]!;
    const element = storageType(dtype, this.vectors.has(slot) ? 4 : 1);
    return `var<storage, ${access === "read" ? "read" : "read_write"}> b${slot}${MARK}: array<${element}>;`;
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
