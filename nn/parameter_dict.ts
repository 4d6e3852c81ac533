/**
 * Parameters under names.
 *
 * @module
 */

import { type DType, IndexError } from "../tensor/mod.ts";
import { Container } from "./container.ts";
import { Parameter } from "./parameter.ts";
import { isLazy } from "./uninitialized.ts";

/** PyTorch's older names of element types. */
const TYPES: Readonly<Record<DType, string>> = {
  float32: "Float",
  float64: "Double",
  float16: "Half",
  int32: "Int",
  uint32: "UInt32",
  uint8: "Byte",
  bool: "Bool",
};

/**
 * Parameters under names, which belong to the module that it is a field of. It has no `forward`.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const scales = new nn.ParameterDict({ left: new nn.Parameter(ones([2])), right: new nn.Parameter(ones([3])) });
 * console.log(scales.get("right").shape); // torch.Size([3])
 * ```
 *
 * @throws {IndexError} in `get`, for a name that it lacks
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ParameterDict.html}
 */
export class ParameterDict extends Container implements Iterable<[string, Parameter]> {
  /** A dictionary of `parameters`. */
  constructor(parameters: Readonly<Record<string, Parameter>> | Iterable<readonly [string, Parameter]> = {}) {
    super();
    this.update(parameters);
  }

  /** Number of parameters. */
  get size(): number {
    return this.keys().length;
  }

  /** Whether there is a parameter of this name. */
  has(name: string): boolean {
    return Object.hasOwn(this, name) && Reflect.get(this, name) instanceof Parameter;
  }

  /** The parameter of this name. */
  get(name: string): Parameter {
    if (!this.has(name)) throw new IndexError(`Cannot find "${name}" among the parameters ${this.keys().join(", ")}`);
    return Reflect.get(this, name) as Parameter;
  }

  /** Puts a parameter under a name. */
  set(name: string, parameter: Parameter): this {
    this.registerParameter(name, parameter);
    return this;
  }

  /** Takes the parameter of this name out and returns it. */
  pop(name: string): Parameter {
    const parameter = this.get(name);
    this.unregister(name);
    return parameter;
  }

  /** Takes the parameter that was put in last out, and returns it with its name. Throws `IndexError` where there is none. */
  popitem(): [name: string, parameter: Parameter] {
    const name = this.keys().at(-1);
    if (name === undefined) throw new IndexError("Cannot take the last parameter of an empty ParameterDict");
    return [name, this.pop(name)];
  }

  /** The parameter of this name; where there is none, `parameter`, which is put under it. */
  setdefault(name: string, parameter: Parameter): Parameter {
    if (!this.has(name)) this.set(name, parameter);
    return this.get(name);
  }

  /** Another dictionary of the same parameters. */
  copy(): ParameterDict {
    return new ParameterDict(this.entries());
  }

  /** Another dictionary, with `parameter` under each of these names. */
  fromkeys(names: Iterable<string>, parameter: Parameter): ParameterDict {
    return new ParameterDict([...names].map((name): [string, Parameter] => [name, parameter]));
  }

  /** Takes all parameters out. */
  clear(): void {
    for (const name of this.keys()) this.pop(name);
  }

  /** Puts all of `parameters` under their names: those of an object by name, those of a list in its order. */
  update(parameters: Readonly<Record<string, Parameter>> | Iterable<readonly [string, Parameter]>): this {
    // PyTorch sorts the names of a plain dictionary.
    const entries = Symbol.iterator in parameters
      ? parameters
      : Object.entries(parameters).sort(([a], [b]) => a < b ? -1 : 1);
    for (const [name, parameter] of entries) this.set(name, parameter);
    return this;
  }

  /** The names. */
  keys(): string[] {
    return this.fieldNames().filter((name) => this.has(name));
  }

  /** The parameters. */
  values(): Parameter[] {
    return this.keys().map((name) => this.get(name));
  }

  /** The names and the parameters. */
  entries(): [string, Parameter][] {
    return this.keys().map((name) => [name, this.get(name)]);
  }

  /** The names and the parameters. */
  *[Symbol.iterator](): Iterator<[string, Parameter]> {
    yield* this.entries();
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    const lines = this.entries().map(([name, parameter]) => {
      if (isLazy(parameter)) return `  (${name}): ${parameter}`;
      return `  (${name}): Parameter containing: [torch.${TYPES[parameter.dtype]}Tensor of size ${
        parameter.shape.join("x")
      }]`;
    });
    return lines.join("\n");
  }
}
