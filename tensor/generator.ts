/**
 * PyTorch's CPU generator: the 32-bit Mersenne Twister, seeded and consumed as PyTorch does, so that the same seed gives the same
 * numbers. Numbers are always drawn on the host, so they are also the same on every device.
 *
 * @module
 */

import { allocate, drawWords, ValueError } from "../kernels/mod.ts";
import { described } from "./describe.ts";

/** Words of the twister's state. */
const WORDS = 624;
/** From so many states on, words are drawn by vectors, which takes a millisecond to prepare. */
const MANY = 16;
/** How far back the recurrence reaches. */
const SHIFT = 397;
/** Bytes of a saved state: PyTorch's own layout. */
const STATE_BYTES = 5056;
/** PyTorch's seed where nobody chose one. */
const DEFAULT_SEED = 67280421310721n;

/**
 * A stream of pseudo-random numbers with a state of its own.
 *
 * @example
 * ```ts
 * import { Generator, rand } from "@tensaur/tensaur";
 *
 * const generator = new Generator().manualSeed(1);
 * console.log(rand([2], { generator })); // tensor([0.7576, 0.2793])
 * ```
 *
 * @throws {ValueError} in `setState`, for bytes that are no state
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Generator.html}
 */
export class Generator {
  #seed = DEFAULT_SEED;
  readonly #words = new Uint32Array(WORDS);
  /** The next word to hand out. */
  #next = 0;
  /** Draws until the words are used up, counting the next one: what PyTorch's layout saves. */
  #left = 1;
  /**
   * For the library: the second number of the last pair of normal ones, where only the first was used. PyTorch keeps it in the
   * generator, so that one number at a time gives the same stream as two.
   */
  cachedNormal: number | undefined = undefined;

  /** A generator with PyTorch's default seed. */
  constructor() {
    this.manualSeed(DEFAULT_SEED);
  }

  /** Starts the stream that belongs to `seed`, an integer from -2^63 to 2^64 - 1. */
  manualSeed(seed: number | bigint): this {
    if (typeof seed !== "bigint" && !Number.isInteger(seed)) {
      const given = typeof seed === "number" ? seed : described(seed);
      throw new ValueError(`Cannot seed a generator with ${given}: expected an integer`);
    }
    const value = BigInt(seed);
    if (value < -(2n ** 63n) || value >= 2n ** 64n) {
      throw new ValueError(`Cannot seed a generator with ${seed}: expected a value from -2^63 to 2^64 - 1`);
    }
    this.#seed = BigInt.asUintN(64, value);
    const words = this.#words;
    words[0] = Number(BigInt.asUintN(32, value));
    for (let i = 1; i < WORDS; i++) {
      const before = words[i - 1]!;
      words[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
    this.#next = 0;
    this.#left = 1;
    this.cachedNormal = undefined;
    return this;
  }

  /** The seed that the stream started from. */
  initialSeed(): bigint {
    return this.#seed;
  }

  /** Starts a stream that nobody can foresee and returns its seed. */
  seed(): bigint {
    const [low, high] = crypto.getRandomValues(new Uint32Array(2));
    this.manualSeed((BigInt(high! & 0x1fffff) << 32n) | BigInt(low!));
    return this.#seed;
  }

  /** The next `count` words of 32 random bits. */
  bits(count: number): Uint32Array<ArrayBuffer> {
    const result = allocate("uint32", count) as Uint32Array<ArrayBuffer>;
    for (let done = 0; done < count;) {
      const states = Math.floor((count - done) / WORDS);
      if (this.#left === 1 && states >= MANY) {
        drawWords(this.#words, result, done, states);
        this.#next = WORDS;
        done += states * WORDS;
        continue;
      }
      if (this.#left === 1) {
        twist(new Int32Array(this.#words.buffer));
        this.#left = WORDS + 1;
        this.#next = 0;
      }
      const some = Math.min(count - done, this.#left - 1);
      temper(this.#words.subarray(this.#next, this.#next + some), result, done);
      this.#next += some;
      this.#left -= some;
      done += some;
    }
    return result;
  }

  /** The next 64 random bits. */
  bits64(): bigint {
    const [high, low] = this.bits(2);
    return (BigInt(high!) << 32n) | BigInt(low!);
  }

  /** A seed for another generator, drawn as PyTorch's samplers and data loaders draw theirs. */
  drawSeed(): bigint {
    return this.bits64() & (2n ** 63n - 1n);
  }

  /** All that determines the numbers to come, in the layout of PyTorch's `Generator.get_state()`. */
  getState(): Uint8Array<ArrayBuffer> {
    const state = new DataView(new ArrayBuffer(STATE_BYTES));
    state.setBigUint64(0, this.#seed, true);
    state.setInt32(8, this.#left, true);
    state.setInt32(12, 1, true);
    state.setBigUint64(16, BigInt(this.#next), true);
    this.#words.forEach((word, i) => state.setUint32(24 + 8 * i, word, true));
    state.setFloat64(5024, this.cachedNormal ?? 0, true);
    state.setInt32(5040, this.cachedNormal === undefined ? 0 : 1, true);
    return new Uint8Array(state.buffer);
  }

  /** Goes on from a state that `getState` returned, or that PyTorch saved. */
  setState(state: Uint8Array): this {
    const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
    const size = state.byteLength;
    const next = size === STATE_BYTES ? Number(view.getBigUint64(16, true)) : -1;
    const left = size === STATE_BYTES ? view.getInt32(8, true) : -1;
    if (!(next >= 0 && left >= 1 && next + left <= WORDS + 1)) {
      throw new ValueError(
        "Cannot restore a generator from these bytes: they are not a state that getState() returned",
      );
    }
    this.#seed = view.getBigUint64(0, true);
    this.#left = left;
    this.#next = next;
    for (let i = 0; i < WORDS; i++) this.#words[i] = view.getUint32(24 + 8 * i, true);
    this.cachedNormal = view.getInt32(5040, true) === 0 ? undefined : view.getFloat64(5024, true);
    return this;
  }
}

/** The next 624 words of the recurrence. Signed, and without division: this is where drawing large tensors spends its time. */
function twist(words: Int32Array): void {
  const mix = (i: number, next: number, far: number): void => {
    const mixed = (words[i]! & 0x80000000) | (words[next]! & 0x7fffffff);
    words[i] = words[far]! ^ (mixed >>> 1) ^ (-(mixed & 1) & 0x9908b0df);
  };
  for (let i = 0; i < WORDS - SHIFT; i++) mix(i, i + 1, i + SHIFT);
  for (let i = WORDS - SHIFT; i < WORDS - 1; i++) mix(i, i + 1, i + SHIFT - WORDS);
  mix(WORDS - 1, 0, SHIFT - 1);
}

/** The random bits of words of the state, put at `to[start …]`. */
function temper(words: Uint32Array, to: Uint32Array, start: number): void {
  for (let i = 0; i < words.length; i++) {
    let y = words[i]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    to[start + i] = y ^ (y >>> 18);
  }
}

/**
 * The generator that everything draws from where none is given.
 *
 * @example
 * ```ts
 * import { defaultGenerator, manualSeed } from "@tensaur/tensaur";
 *
 * manualSeed(7);
 * console.log(defaultGenerator.initialSeed()); // 7n
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/torch.html#torch.torch.default_generator}
 */
export const defaultGenerator: Generator = new Generator();

/**
 * Starts the default generator's stream that belongs to `seed`; the same seed gives PyTorch's numbers.
 *
 * @example
 * ```ts
 * import { manualSeed, rand } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(rand([2])); // tensor([0.4963, 0.7682])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.manual_seed.html}
 */
export function manualSeed(seed: number | bigint): Generator {
  return defaultGenerator.manualSeed(seed);
}

/**
 * The seed that the default generator's stream started from.
 *
 * @example
 * ```ts
 * import { initialSeed, manualSeed } from "@tensaur/tensaur";
 *
 * manualSeed(7);
 * console.log(initialSeed()); // 7n
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.initial_seed.html}
 */
export function initialSeed(): bigint {
  return defaultGenerator.initialSeed();
}

/**
 * Starts a stream of the default generator that nobody can foresee and returns its seed.
 *
 * @example
 * ```ts
 * import { initialSeed, seed } from "@tensaur/tensaur";
 *
 * console.log(seed() === initialSeed()); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.seed.html}
 */
export function seed(): bigint {
  return defaultGenerator.seed();
}

/**
 * The state of the default generator; see {@linkcode Generator.getState}.
 *
 * @example
 * ```ts
 * import { getRngState, rand, setRngState } from "@tensaur/tensaur";
 *
 * const state = getRngState(), first = rand([1]).item();
 * setRngState(state);
 * console.log(rand([1]).item() === first); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.get_rng_state.html}
 */
export function getRngState(): Uint8Array<ArrayBuffer> {
  return defaultGenerator.getState();
}

/**
 * Restores the state of the default generator; see {@linkcode Generator.setState}.
 *
 * @example
 * ```ts
 * import { getRngState, randn, setRngState } from "@tensaur/tensaur";
 *
 * const state = getRngState(), first = randn([1]).item();
 * setRngState(state);
 * console.log(randn([1]).item() === first); // true
 * ```
 *
 * @throws {ValueError} for bytes that are no state
 * @see {@link https://pytorch.org/docs/stable/generated/torch.set_rng_state.html}
 */
export function setRngState(state: Uint8Array): void {
  defaultGenerator.setState(state);
}
