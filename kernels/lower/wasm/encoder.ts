/**
 * A small WebAssembly binary encoder: modules of functions over one imported memory, with SIMD.
 *
 * `ModuleBuilder` collects functions and imports and gives the bytes; `FunctionBuilder` appends instructions to one body. Every
 * method of a body returns it, so that a run of instructions reads like a line of assembly:
 *
 *     f.get(a).get(b).op(op.f32x4Add).set(sum);
 *
 * @module
 */

import { FunctionBuilder } from "./function.ts";
import { append, pushName, pushUnsigned, typeCodes, type ValueType } from "./leb128.ts";
import { MAX_PAGES, sharedMemory } from "./memory.ts";
import { op, type Opcode } from "./opcodes.ts";

export { FunctionBuilder, op };
export type { Opcode, ValueType };

/** A module: imported functions first, then its own, over the imported memory `env.memory`. */
export class ModuleBuilder {
  readonly #types: string[] = [];
  readonly #imports: { name: string; type: number }[] = [];
  readonly #functions: { body: FunctionBuilder; type: number; name: string | undefined }[] = [];

  #type(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${parameters.join()}:${results.join()}`;
    const found = this.#types.indexOf(key);
    return found >= 0 ? found : this.#types.push(key) - 1;
  }

  /** The number of the imported function `env.name`. All imports come before the first function. */
  import(name: string, parameters: readonly ValueType[], results: readonly ValueType[]): number {
    if (this.#functions.length > 0) throw new TypeError(`Cannot import "${name}" after a function was added`);
    return this.#imports.push({ name, type: this.#type(parameters, results) }) - 1;
  }

  /** A new function, exported if it has a name. */
  function(name: string | undefined, parameters: readonly ValueType[], results: readonly ValueType[]): FunctionBuilder {
    const body = new FunctionBuilder(this.#imports.length + this.#functions.length, parameters, results);
    this.#functions.push({ body, type: this.#type(parameters, results), name });
    return body;
  }

  /** The binary module. */
  encode(): Uint8Array<ArrayBuffer> {
    const out = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    section(out, 1, this.#types, (to, key) => {
      const [parameters, results] = key.split(":") as [string, string];
      to.push(0x60);
      for (const list of [parameters, results]) {
        const types = list === "" ? [] : list.split(",") as ValueType[];
        pushUnsigned(to, types.length);
        for (const t of types) to.push(typeCodes[t]);
      }
    });
    section(out, 2, [undefined, ...this.#imports], (to, item) => {
      pushName(to, "env");
      pushName(to, item?.name ?? "memory");
      if (item === undefined) {
        to.push(2, sharedMemory ? 3 : 1, 1);
        pushUnsigned(to, MAX_PAGES);
      } else {
        to.push(0);
        pushUnsigned(to, item.type);
      }
    });
    section(out, 3, this.#functions, (to, f) => pushUnsigned(to, f.type));
    section(out, 7, this.#functions.filter((f) => f.name !== undefined), (to, f) => {
      pushName(to, f.name!);
      to.push(0);
      pushUnsigned(to, f.body.index);
    });
    section(out, 10, this.#functions, (to, f) => f.body.encode(to));
    return Uint8Array.from(out);
  }
}

function section<T>(out: number[], id: number, items: readonly T[], push: (to: number[], item: T) => void): void {
  const content: number[] = [];
  pushUnsigned(content, items.length);
  for (const item of items) push(content, item);
  out.push(id);
  pushUnsigned(out, content.length);
  append(out, content);
}
