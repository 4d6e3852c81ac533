/**
 * Writing pickles of tensors, numbers, texts and containers, which Python's `torch.load` reads.
 *
 * @module
 */

import { Parameter } from "../nn/parameter.ts";
import { Tensor, ValueError } from "../tensor/mod.ts";

/** Where a tensor's elements are, as a pickle says it. */
export interface StorageReference {
  /** A name such as "FloatStorage". */
  readonly type: string;
  /** Which entry of the archive has them. */
  readonly key: string;
  /** How many elements the storage has. */
  readonly count: number;
  /** Which of them is the first one of the tensor. */
  readonly offset: number;
  /** How far apart neighbours in each dimension are. */
  readonly stride: readonly number[];
}

const encoder = new TextEncoder();

class PickleWriter {
  readonly #bytes: number[] = [0x80, 2];
  readonly #globals = new Map<string, number>();
  readonly #open = new Set<unknown>();

  constructor(readonly storageOf: (x: Tensor) => StorageReference) {}

  finish(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from([...this.#bytes, 0x2e]);
  }

  #op(code: number, ...bytes: readonly number[]): void {
    this.#bytes.push(code, ...bytes);
  }

  #u32(code: number, value: number): void {
    this.#op(code, value & 255, value >>> 8 & 255, value >>> 16 & 255, value >>> 24);
  }

  #text(text: string): void {
    const bytes = encoder.encode(text);
    this.#u32(0x58, bytes.length); // BINUNICODE
    for (const byte of bytes) this.#bytes.push(byte);
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value);
      this.#op(0x47, ...new Uint8Array(view.buffer)); // BINFLOAT
    } else if (value === (value | 0)) this.#u32(0x4a, value); // BININT
    else this.#integer(BigInt(value));
  }

  #integer(value: bigint): void {
    const bytes: number[] = [];
    for (let rest = value;; rest >>= 8n) {
      bytes.push(Number(rest & 255n));
      if ((rest === 0n || rest === -1n) && (rest < 0n) === bytes.at(-1)! > 127) break;
    }
    if (bytes.length > 255) throw new ValueError(`Cannot write an integer of ${bytes.length} bytes`);
    this.#op(0x8a, bytes.length, ...bytes); // LONG1
  }

  #global(module: string, name: string): void {
    const full = `c${module}\n${name}\n`, known = this.#globals.get(full);
    if (known !== undefined) return this.#u32(0x6a, known); // LONG_BINGET
    this.#op(...encoder.encode(full) as unknown as [number]); // GLOBAL
    this.#u32(0x72, this.#globals.size); // LONG_BINPUT
    this.#globals.set(full, this.#globals.size);
  }

  #tuple(items: readonly number[]): void {
    this.#op(0x28); // MARK
    for (const item of items) this.#number(item);
    this.#op(0x74); // TUPLE
  }

  #emptyDict(): void {
    this.#global("collections", "OrderedDict");
    this.#op(0x29, 0x52); // EMPTY_TUPLE, REDUCE
  }

  #tensor(x: Tensor): void {
    const { type, key, count, offset, stride } = this.storageOf(x), parameter = x instanceof Parameter;
    if (parameter) {
      this.#global("torch._utils", "_rebuild_parameter");
      this.#op(0x28); // MARK
    }
    this.#global("torch._utils", "_rebuild_tensor_v2");
    this.#op(0x28, 0x28); // MARK, MARK
    this.#text("storage");
    this.#global("torch", type);
    this.#text(key);
    this.#text("cpu");
    this.#number(count);
    this.#op(0x74, 0x51); // TUPLE, BINPERSID
    this.#number(offset);
    this.#tuple(x.shape);
    this.#tuple(stride);
    this.#op(!parameter && x.requiresGrad && x.isLeaf ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
    this.#emptyDict();
    this.#op(0x74, 0x52); // TUPLE, REDUCE
    if (!parameter) return;
    this.#op(x.requiresGrad ? 0x88 : 0x89);
    this.#emptyDict();
    this.#op(0x74, 0x52); // TUPLE, REDUCE
  }

  #dict(entries: readonly (readonly [unknown, unknown])[], path: string): void {
    this.#op(0x7d, 0x28); // EMPTY_DICT, MARK
    for (const [key, item] of entries) {
      this.write(key, `a key of ${path}`);
      this.write(item, `${path}.${key}`);
    }
    this.#op(0x75); // SETITEMS
  }

  #container(value: object, path: string): void {
    if (Array.isArray(value) || value instanceof Set) {
      if (value instanceof Set) {
        this.#global("__builtin__", "set");
        this.#op(0x28); // MARK
      }
      this.#op(0x5d, 0x28); // EMPTY_LIST, MARK
      [...value].forEach((item, i) => this.write(item, `${path}[${i}]`));
      this.#op(0x65); // APPENDS
      if (value instanceof Set) this.#op(0x74, 0x52); // TUPLE, REDUCE
    } else if (value instanceof Map) this.#dict([...value], path);
    else if ([Object.prototype, null].includes(Object.getPrototypeOf(value))) this.#dict(pairs(value), path);
    else this.#refuse(value.constructor?.name ?? "object", path);
  }

  #refuse(what: string, path: string): never {
    throw new ValueError(
      `Cannot write ${path}, which is a ${what}: a checkpoint holds tensors, numbers, texts, and lists and objects of these. ` +
        "Of a module or an optimizer, write its stateDict()",
    );
  }

  write(value: unknown, path: string): void {
    if (value === null || value === undefined) return this.#op(0x4e); // NONE
    if (typeof value === "boolean") return this.#op(value ? 0x88 : 0x89);
    if (typeof value === "number") return this.#number(value);
    if (typeof value === "bigint") return this.#integer(value);
    if (typeof value === "string") return this.#text(value);
    if (value instanceof Tensor) return this.#tensor(value);
    if (typeof value !== "object") return this.#refuse(typeof value, path);
    if (this.#open.has(value)) throw new ValueError(`Cannot write ${path}: it contains itself`);
    this.#open.add(value);
    this.#container(value, path);
    this.#open.delete(value);
  }
}

/** The items of an object. Names that are integers are integers in Python, but for those in a state dict. */
function pairs(value: object): [string | number, unknown][] {
  const entries = Object.entries(value);
  if (entries.every(([, item]) => item instanceof Tensor)) return entries;
  return entries.map(([key, item]) => [/^(0|[1-9]\d{0,14})$/.test(key) ? Number(key) : key, item]);
}

/** The pickle of a value whose tensors have their elements where `storageOf` says. */
export function pickle(value: unknown, storageOf: (x: Tensor) => StorageReference): Uint8Array<ArrayBuffer> {
  const writer = new PickleWriter(storageOf);
  writer.write(value, "the checkpoint");
  return writer.finish();
}
