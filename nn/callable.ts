/**
 * Objects of a class that can be called like functions.
 *
 * @module
 */

/**
 * Base of `Module`, whose objects are functions: calling one calls its `call` method. The object is an ordinary function whose prototype is
 * the class, so fields, methods, private names and `instanceof` work as in any class.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer: nn.Callable = new nn.ReLU();
 * console.log(typeof layer, layer instanceof nn.ReLU); // function true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Module.html}
 */
export abstract class Callable {
  /** Makes the function that the object is. */
  constructor() {
    const object = (...inputs: unknown[]): unknown => (object as unknown as Callable).call(...inputs);
    // A function's own name and length would hide those of the class.
    Reflect.deleteProperty(object, "name");
    Reflect.deleteProperty(object, "length");
    return Object.setPrototypeOf(object, new.target.prototype);
  }

  /** What calling the object does. */
  abstract call(...inputs: unknown[]): unknown;
}
