/**
 * The key of a graph in the making: numbers, as the characters of a string, since every step of a loop makes one and looks it up.
 *
 * @module
 */

import { DTYPES } from "../ir/dtype.ts";
import type { Node } from "../ir/node.ts";

/** Bits of a character that count; the sixteenth says that the number goes on. */
const BITS = 15, MORE = 1 << BITS;

/** Characters made into text at a time: they are arguments of one call. */
const MOST_CHARACTERS = 8192;

const dtypeNumbers = new Map(DTYPES.map((dtype, n) => [dtype, n]));

/** What a node begins with. */
const SCALAR = 0, BUFFER = 1, COMPUTED = 2;

/** Written node by node; the numbers of a node say by themselves where it ends. */
export class GraphKey {
  readonly #characters: number[] = [];

  /** A number that is there already, or elements. */
  leaf({ dtype, shape }: Node, kind: "scalar" | "buffer"): void {
    this.#put(kind === "scalar" ? SCALAR : BUFFER);
    this.#put(dtypeNumbers.get(dtype)!);
    if (kind === "buffer") this.#list(shape);
  }

  /** A node whose inputs, and whose donor if it still has one, are numbered. */
  computed(
    { interned, attributes, inputs, shape, internal, held, donor }: Node,
    root: boolean,
    own: Node | undefined,
  ): void {
    const replaces = donor === undefined ? 0 : own === undefined ? 1 : 2;
    this.#put(COMPUTED + Number(root) + 2 * Number(internal) + 4 * Number(held) + 8 * replaces);
    this.#put(interned.id);
    this.#put(inputs.length);
    for (const { number } of inputs) this.#put(number);
    if (own !== undefined) this.#put(own.number);
    if (attributes.op === "iota") this.#put(shape[0]!);
  }

  /** The key so far. */
  text(): string {
    const characters = this.#characters;
    if (characters.length <= MOST_CHARACTERS) return String.fromCharCode(...characters);
    let text = "";
    for (let i = 0; i < characters.length; i += MOST_CHARACTERS) {
      text += String.fromCharCode(...characters.slice(i, i + MOST_CHARACTERS));
    }
    return text;
  }

  #list(numbers: readonly number[]): void {
    this.#put(numbers.length);
    for (const number of numbers) this.#put(number);
  }

  /** A whole number from 0 on. */
  #put(number: number): void {
    let rest = number;
    while (rest >= MORE) {
      this.#characters.push(MORE | rest % MORE);
      rest = Math.floor(rest / MORE);
    }
    this.#characters.push(rest);
  }
}
