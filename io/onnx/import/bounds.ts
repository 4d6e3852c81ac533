/**
 * What a run of a model may take: files come from strangers, and a few bytes of a shape or of a loop may ask for all memory there is, or
 * for ever. The more elements there are, weights and inputs together, the more is fine.
 *
 * @module
 */

import { lookingAt } from "../../../tensor/extents.ts";
import { ShapeError, ValueError } from "../../../tensor/mod.ts";

/** Elements that every tensor may have, and how many more for each that is given: windows of convolutions overlap. */
const MOST_ELEMENTS = 2 ** 24, ELEMENTS_EACH = 2 ** 12;
/** Elements and multiply-adds of all tensors together, and how many more for each pair of elements: attention has some for each. */
const MOST_STEPS = 2 ** 28, STEPS_EACH = 2 ** 4;
/** As many steps as it takes to record one tensor. */
const RECORDING = 2 ** 10;
/** Elements that may be worked out one by one on the host, and how many more for each that is given. */
const MOST_ON_HOST = 2 ** 20, ON_HOST_EACH = 2 ** 4;
/** Axes that a tensor may have. */
const MOST_AXES = 64;
/** Tensors of as many rounds or positions that may be put together. */
const MOST_ROUNDS = 2 ** 9;
/** Nodes that may run, those of loops each time. */
const MOST_NODES = 2 ** 17;

const REMEDY = "import it with { bounded: false } if you trust it";

/** The bounds of one run. */
export class Bounds {
  #steps = 0;
  #nodes = 0;
  #onHost = 0;

  /** A run on so many elements, weights included; Infinity for one without bounds. */
  constructor(readonly given: number) {}

  /** What `body` returns; throws where it would take more. */
  within<T>(body: () => T): T {
    return lookingAt((shape, steps) => {
      this.shape(shape);
      this.#steps += RECORDING + steps;
      const most = MOST_STEPS + STEPS_EACH * this.given ** 2;
      if (this.#steps > most) {
        throw new ValueError(
          `it takes more than ${most} steps with those before, the most for what the run is given: ${REMEDY}`,
        );
      }
    }, body);
  }

  /** Throws where a tensor of a shape is none, or larger than it may be. */
  shape(shape: readonly number[]): void {
    this.axes(shape.length);
    let count = 1;
    for (const extent of shape) {
      if (!Number.isInteger(extent) || extent < 0) {
        throw new ShapeError(`it asks for the shape [${shape.join(", ")}], which no tensor has`);
      }
      count *= extent;
    }
    const most = MOST_ELEMENTS + ELEMENTS_EACH * this.given;
    if (count <= most) return;
    throw new ShapeError(
      `it asks for the shape [${
        shape.join(", ")
      }], and ${most} elements are the most for what the run is given: ${REMEDY}`,
    );
  }

  /** Throws where a tensor has too many axes. */
  axes(count: number): void {
    if (count > MOST_AXES) throw new ShapeError(`it asks for ${count} axes, and ${MOST_AXES} are the most`);
  }

  /** Throws where too much is worked out one by one on the host, such as weights of a resize; to be asked before. */
  onHost(count: number): void {
    const most = MOST_ON_HOST + ON_HOST_EACH * this.given;
    if (!((this.#onHost += count) > most)) return;
    throw new ValueError(`it works out more than ${most} numbers, the most for what the run is given: ${REMEDY}`);
  }

  /** Throws where too many tensors are put together, one of each round or position. */
  together(count: number): void {
    const most = MOST_ROUNDS + this.given;
    if (count <= most) return;
    throw new ValueError(
      `it puts ${count} rounds or positions together, and ${most} are the most for what the run is given: ${REMEDY}`,
    );
  }

  /** Throws where too many nodes have run. */
  node(): void {
    const most = MOST_NODES + this.given;
    if (++this.#nodes > most) {
      throw new ValueError(`it comes after ${most} others, the most for what the run is given: ${REMEDY}`);
    }
  }
}
