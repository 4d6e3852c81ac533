/**
 * The form of the conformance corpus: calls of PyTorch with what they gave, made by running it (see `sample/`).
 *
 * @module
 */

import * as lib from "../../mod.ts";
import type { Tensor } from "../../mod.ts";
import * as adapter from "./adapter.ts";
import type { Call, Raw } from "./adapter.ts";

/** A tensor as the corpus writes it: up to 64 elements as a list, more as little-endian bytes. */
interface Written {
  readonly dtype: string;
  readonly shape: number[];
  readonly data?: readonly (number | string)[];
  readonly b64?: string;
  readonly grad?: boolean;
}

/** A number of a tensor in the case's table. */
export interface Ref {
  readonly $t: number;
}

/** What many draws of a random result were like. */
export interface Draws {
  readonly mean: number;
  /** How much the mean of one draw varies. */
  readonly stdOfRunMean: number;
  readonly zeroFraction: number;
}

/** Arguments, as lists or by name. */
export interface Arguments {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly argNames?: string[];
  readonly required?: string[];
}

/** One call, or one run of an optimizer, with what PyTorch gave. Which fields there are depends on the kind. */
export interface Case extends Arguments {
  readonly id: string;
  readonly tensors: readonly Written[];
  readonly out: unknown;
  readonly outNames?: readonly string[];
  readonly compare?: readonly string[];
  readonly noise?: readonly number[];
  readonly gradNoise?: readonly number[];
  readonly weights: readonly (Ref | null)[];
  readonly grads?: Readonly<Record<string, Ref | null>>;
  readonly property?: string;
  readonly stats?: readonly (Draws | null)[];
  readonly ctor: Arguments;
  readonly training: boolean;
  readonly lazy?: boolean;
  readonly state: Readonly<Record<string, Ref>>;
  readonly stateAfter?: Readonly<Record<string, Ref>>;
  readonly paramGrads: Readonly<Record<string, Ref | null>>;
  readonly init: readonly Ref[];
  readonly groups?: readonly {
    readonly params: readonly number[];
    readonly kwargs: Readonly<Record<string, unknown>>;
  }[];
  readonly gradSteps: readonly (readonly (Ref | null)[])[];
  readonly steps: readonly (readonly Ref[])[];
  readonly objective?: string;
  readonly optimizer: { readonly name: string; readonly groupLr: readonly number[]; readonly momentum?: number };
  readonly lr: readonly (readonly number[])[];
  readonly momentum?: readonly (readonly number[])[];
  readonly metrics?: readonly number[];
  readonly results: Readonly<Record<string, Ref>>;
  readonly value: Ref;
  readonly q: Ref;
  readonly batchShape: readonly number[];
  readonly eventShape: readonly number[];
  readonly p: { readonly name: string; readonly kwargs: Readonly<Record<string, unknown>> };
  readonly gradsIn: readonly Ref[];
  readonly gradsOut: readonly Ref[];
  /** What PyTorch says, in a call that it refuses. */
  readonly message: string;
}

/** The cases of an operation. */
export interface Operation {
  readonly op: string;
  readonly kind: string;
  readonly cases: readonly Case[];
  readonly errors: readonly Case[];
}

const arrays = {
  float32: Float32Array,
  float16: Float32Array,
  bfloat16: Float32Array,
  complex64: Float32Array,
  complex128: Float64Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** A number, which JSON may have to write as a word. */
export function numberOf(value: unknown): number {
  return value === "NaN" ? NaN : value === "Infinity" ? Infinity : value === "-Infinity" ? -Infinity : Number(value);
}

function decoded({ dtype, shape, data = [], b64, grad }: Written): Raw {
  const type = arrays[dtype as keyof typeof arrays];
  const values = b64 !== undefined
    ? new type(Uint8Array.fromBase64(b64).buffer)
    : type === BigInt64Array
    ? BigInt64Array.from(data, BigInt)
    : (type as typeof Float64Array).from(data, numberOf);
  return { dtype, shape, data: values, ...(grad === undefined ? {} : { grad }) };
}

/** The tensors of a case: as written, and as ours, made when they are first asked for. */
export class Scope {
  readonly raws: readonly Raw[];
  readonly #made = new Map<number, Tensor>();
  readonly #device: string;

  constructor(tensors: readonly Written[], device: string) {
    this.raws = tensors.map(decoded);
    this.#device = device;
  }

  /** What is written at a reference. */
  raw({ $t }: Ref): Raw {
    return this.raws[$t]!;
  }

  /** Our tensor at a reference. */
  tensor({ $t }: Ref, grad = this.raws[$t]!.grad ?? false): Tensor {
    const made = this.#made.get($t) ?? adapter.makeTensor(lib, { ...this.raws[$t]!, grad }, this.#device) as Tensor;
    this.#made.set($t, made);
    return made;
  }

  /** The gradient of tensor `i`, if it was made and has one. */
  gradient(i: number): Tensor | null | undefined {
    return this.#made.get(i)?.grad;
  }

  /** An argument as ours. */
  value(written: unknown): unknown {
    if (written === null || typeof written !== "object") return written;
    if (Array.isArray(written)) return written.map((item) => this.value(item));
    const [key = "", content] = Object.entries(written)[0] ?? [];
    switch (key) {
      case "$t":
        return this.tensor(written as Ref);
      case "$float":
        return numberOf(content);
      case "$dtype":
        return adapter.dtypeName[content as string] ?? content;
      case "$memoryFormat":
        return content;
      case "$slice": {
        const [start, stop, step] = content as unknown[];
        return { start, stop, step };
      }
      case "$ellipsis":
        return "...";
      case "$fn":
        return adapter.find(lib, content as string);
      case "$module":
        return adapter.makeModule(lib, content as string, { op: content as string, args: [], kwargs: {} });
      default:
        return this.values(written as Record<string, unknown>);
    }
  }

  /** Named arguments as ours. */
  values(written: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(written).map(([name, item]) => [name, this.value(item)]));
  }

  /** A call as the adapter takes it. */
  call(op: string, { args, kwargs, argNames, required }: Arguments): Call {
    return {
      op,
      args: this.value(args) as unknown[],
      kwargs: this.values(kwargs),
      ...(argNames === undefined ? {} : { argNames }),
      ...(required === undefined ? {} : { required }),
    };
  }
}
