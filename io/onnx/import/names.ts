/**
 * Names that are told apart by numbers.
 *
 * @module
 */

/** Names that are taken. */
export class Names {
  readonly #taken = new Set<string>();
  /** The last number that each wanted name got, so that many equal ones take no time. */
  readonly #numbers = new Map<string, number>();

  /** A name that is free, and taken from here on: the one wanted, or that with a number. */
  free(wanted: string): string {
    let name = wanted, number = this.#numbers.get(wanted) ?? 0;
    while (this.#taken.has(name)) name = `${wanted}_${++number}`;
    this.#numbers.set(wanted, number);
    this.#taken.add(name);
    return name;
  }
}
