/**
 * The graph of a file while it is written: nodes, initializers, and names for all of them.
 *
 * @module
 */

import { allocate, type DType, type TypedArray } from "../../../kernels/mod.ts";
import { ValueError } from "../../../tensor/mod.ts";
import { type AttributeProto, AttributeType, type NodeProto, type TensorProto, TensorType } from "../model.ts";
import { constantOf, type Plan, type Term, type Varying } from "./extents.ts";

/** The name of a value in the file. */
export type Name = string;

/** An operator's option: an integer, a number, a text, or a list of them. */
export type Option =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly s: string }
  | { readonly ints: readonly number[] }
  | { readonly strings: readonly string[] };

const kinds = { i: "INT", f: "FLOAT", s: "STRING", ints: "INTS", strings: "STRINGS" } as const;

/** ONNX's numbers for types of elements. */
export const elementTypes: Readonly<Record<DType, number>> = {
  float16: TensorType.FLOAT16,
  float32: TensorType.FLOAT,
  float64: TensorType.DOUBLE,
  int32: TensorType.INT32,
  uint32: TensorType.UINT32,
  uint8: TensorType.UINT8,
  bool: TensorType.BOOL,
};

/** Writes nodes and initializers. */
export class Writer {
  readonly #nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  /** The path of the module whose operations are written. */
  scope = "";
  /** Names that are in use, and what for. */
  readonly #taken = new Map<string, string>();
  readonly #constants = new Map<string, Name>();
  readonly #axes = new Map<number, Name>();
  readonly #extents = new Map<string, Name>();

  constructor(
    /** The version of the operators. */
    readonly opset: number,
    /** What extents depend on. */
    readonly plan: Plan,
    /** An input and its dimension that has the extent of an axis. */
    readonly axisOf: (axis: number) => readonly [input: Name, dimension: number],
  ) {}

  /** `name`, or with a number behind it where it is taken. */
  unique(name: string): Name {
    let found = name;
    for (let i = 1; this.#taken.has(found); i++) found = `${name}_${i}`;
    this.#taken.set(found, "another value");
    return found;
  }

  /** Keeps names for values that the caller writes; `what` each of them is: "an input". */
  reserve(names: Iterable<Name>, what: string): void {
    for (const name of names) {
      const owner = this.#taken.get(name);
      if (owner !== undefined) throw new ValueError(`Cannot name ${what} "${name}": ${owner} has that name`);
      this.#taken.set(name, what);
    }
  }

  /** The nodes, with results of other names where that is asked for. */
  nodes(renamed: ReadonlyMap<Name, Name>): NodeProto[] {
    const named = (names: readonly Name[]) => names.map((name) => renamed.get(name) ?? name);
    return this.#nodes.map((node) => ({ ...node, input: named(node.input), output: named(node.output) }));
  }

  /** A node of one result. */
  op(opType: string, input: readonly Name[], options: Readonly<Record<string, Option | undefined>> = {}): Name {
    return this.ops(opType, input, options, 1)[0]!;
  }

  /** A node of several results. */
  ops(
    opType: string,
    input: readonly Name[],
    options: Readonly<Record<string, Option | undefined>>,
    results: number,
  ): Name[] {
    const name = this.unique(`/${this.scope === "" ? "" : `${this.scope.replaceAll(".", "/")}/`}${opType}`);
    const output = Array.from({ length: results }, (_, i) => this.unique(`${name}_output_${i}`));
    const attribute = Object.entries(options).flatMap(([name, option]): AttributeProto[] => {
      if (option === undefined) return [];
      const [kind] = Object.keys(option) as [keyof typeof kinds];
      return [{ name, type: AttributeType[kinds[kind]], ...option }];
    });
    this.#nodes.push({ opType, name, input, output, attribute });
    return output;
  }

  /** An initializer of these elements, which are not copied; its name is like `name`. */
  initializer(name: string, elements: TypedArray | BigInt64Array, dims: readonly number[], dataType: number): Name {
    return this.reserved(this.unique(name), elements, dims, dataType);
  }

  /** An initializer under a name that was kept for it. */
  reserved(name: Name, elements: TypedArray | BigInt64Array, dims: readonly number[], dataType: number): Name {
    const { buffer, byteOffset, byteLength } = elements;
    this.initializers.push({ name, dims, dataType, rawData: new Uint8Array(buffer, byteOffset, byteLength) });
    return name;
  }

  /** A number as an initializer without dimensions; equal ones are written once. */
  number(value: number, dtype: DType): Name {
    return this.#once(`${dtype} ${Object.is(value, -0) ? "-0" : value}`, () => {
      const elements = allocate(dtype, 1);
      elements[0] = value;
      return this.initializer("constant", elements, [], elementTypes[dtype]);
    });
  }

  /** Whole numbers as a list of 64-bit integers; equal ones are written once. */
  integers(values: readonly number[]): Name {
    return this.#once(`int64 ${values}`, () => {
      const elements = BigInt64Array.from(values, BigInt);
      return this.initializer("constant", elements, [values.length], TensorType.INT64);
    });
  }

  #once(key: string, make: () => Name): Name {
    let name = this.#constants.get(key);
    if (name === undefined) this.#constants.set(key, name = make());
    return name;
  }

  /** Extents as a list of 64-bit integers; undefined where one follows no rule. */
  shape(extents: readonly Varying[]): Name | undefined {
    const fixed = extents.map(constantOf);
    if (fixed.every((extent) => extent !== undefined)) return this.integers(fixed);
    const parts = extents.map((extent) => this.extent(extent));
    if (parts.some((part) => part === undefined)) return undefined;
    return parts.length === 1 ? parts[0] : this.op("Concat", parts as Name[], { axis: { i: 0 } });
  }

  /** A number as a list of one 64-bit integer; undefined where it follows no rule. */
  extent(values: Varying): Name | undefined {
    const fixed = constantOf(values);
    if (fixed !== undefined) return this.integers([fixed]);
    const terms = this.plan.polynomial(values);
    if (terms === undefined) return undefined;
    const key = JSON.stringify(terms);
    let name = this.#extents.get(key);
    if (name === undefined) {
      name = terms.map((term) => this.#term(term)).reduce((sum, term) => this.op("Add", [sum, term]));
      this.#extents.set(key, name);
    }
    return name;
  }

  #term({ factor, axes }: Term): Name {
    const product = axes.map((axis) => this.#axis(axis)).reduce<Name | undefined>(
      (product, axis) => product === undefined ? axis : this.op("Mul", [product, axis]),
      undefined,
    );
    if (product === undefined) return this.integers([factor]);
    return factor === 1 ? product : this.op("Mul", [product, this.integers([factor])]);
  }

  #axis(axis: number): Name {
    let name = this.#axes.get(axis);
    if (name === undefined) {
      const [input, dimension] = this.axisOf(axis);
      name = this.op("Shape", [input], { start: { i: dimension }, end: { i: dimension + 1 } });
      this.#axes.set(axis, name);
    }
    return name;
  }
}
