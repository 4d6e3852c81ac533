/**
 * Operations by name, told to whoever looks on while they are recorded: to an exporter, say.
 *
 * @module
 */

import type { Node } from "../kernels/mod.ts";
import type { Tensor } from "./tensor.ts";

/** What an operation was given besides its name. */
export interface Given {
  /** The tensors, in an order that the name determines; null or undefined for one that was left out. */
  readonly inputs: readonly (Tensor | null | undefined)[];
  /** Numbers, texts and lists of them; none by default. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** An operation that was recorded: as one node, or as several that `outputs` are the results of. */
export interface NamedOperation {
  readonly name: string;
  readonly inputs: readonly (Node | undefined)[];
  /** What else it was given; undefined of one that is told of by its name alone. */
  readonly attributes: Readonly<Record<string, unknown>> | undefined;
  readonly outputs: readonly Node[];
}

/** Who looks on. */
export const operations: {
  /** Called with each operation after it was recorded, so that one comes after those it is made of. */
  observe: ((operation: NamedOperation) => void) | undefined;
} = { observe: undefined };

/** `output`, which the operation of that name makes of what `given` tells; asked only while somebody looks on. */
export function noted<T extends Tensor | readonly Tensor[]>(name: string, output: T, given: () => Given): T {
  if (operations.observe !== undefined) {
    const { inputs, attributes = {} } = given();
    const outputs = [output].flat() as readonly Tensor[];
    operations.observe({
      name,
      inputs: inputs.map((input) => input?.node),
      attributes,
      outputs: outputs.map(({ node }) => node),
    });
  }
  return output;
}
