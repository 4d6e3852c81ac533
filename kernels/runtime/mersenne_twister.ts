/**
 * The Mersenne Twister's words, many at a time, in vectors.
 *
 * @see Matsumoto and Nishimura, Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number generator (1998)
 * @module
 */

import { type FunctionBuilder, ModuleBuilder, op, type Opcode } from "../lower/wasm/encoder.ts";
import { createMemory } from "../lower/wasm/memory.ts";

/** Words of a state, and how far apart those are that make a new one. */
const WORDS = 624, FAR = 397;

/** States whose words are drawn in one call: as many as stay in the caches. */
const MOST = 64;

/** Where the words drawn lie in memory; the state is at 0. */
const DRAWN = 4096;

/** Bytes of a word, and of a vector of four. */
const WORD = 4, VECTOR = 16;

interface Twister {
  readonly draw: (states: number) => void;
  readonly state: Uint32Array;
  readonly drawn: Uint32Array;
}

let twister: Twister | undefined;

/** Puts the words of the next `states` states, 624 each, at `to[start …]`; `state` is the last of them then. */
export function drawWords(state: Uint32Array, to: Uint32Array, start: number, states: number): void {
  const own = twister ??= build();
  own.state.set(state);
  for (let done = 0; done < states; done += MOST) {
    const some = Math.min(MOST, states - done);
    own.draw(some);
    to.set(own.drawn.subarray(0, some * WORDS), start + done * WORDS);
  }
  state.set(own.state);
}

function build(): Twister {
  const memory = createMemory(Math.ceil((DRAWN + MOST * WORDS * WORD) / 65536));
  const module = new ModuleBuilder();
  const f = module.function("draw", ["i32"], []);
  const to = f.local("i32");
  f.i32(DRAWN).set(to).loop();
  emitTwist(f);
  emitTemper(f, to);
  f.get(0).i32(1).op(op.i32Sub).tee(0).brIf(0).end();
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory } });
  return {
    draw: exports.draw as Twister["draw"],
    state: new Uint32Array(memory.buffer, 0, WORDS),
    drawn: new Uint32Array(memory.buffer, DRAWN, MOST * WORDS),
  };
}

/** A number in all lanes. */
const lanes = (word: number): Uint8Array => new Uint8Array(Int32Array.of(word, word, word, word).buffer);

/** Runs `body` for addresses from `from` to below `to`, `VECTOR` apart, in a local. */
function emitVectors(f: FunctionBuilder, from: number, to: number, body: (at: number) => void): void {
  const at = f.local("i32");
  f.i32(from).set(at).loop();
  body(at);
  f.get(at).i32(VECTOR).op(op.i32Add).tee(at).i32(to).op(op.i32LtS).brIf(0).end();
}

/**
 * The next state, in place. Word i is made of words i, i + 1 and i + 397, of which the last is new from word 227 on: the first three words
 * and the last one by themselves, the others by vectors.
 */
function emitTwist(f: FunctionBuilder): void {
  const mixed = f.local("i32"), vector = f.local("v128");
  const one = (i: number, next: number, far: number) => {
    f.i32(0).memory(op.i32Load, WORD * i).i32(-0x80000000).op(op.i32And);
    f.i32(0).memory(op.i32Load, WORD * next).i32(0x7fffffff).op(op.i32And).op(op.i32Or).set(mixed);
    f.i32(0).i32(0).memory(op.i32Load, WORD * far).get(mixed).i32(1).op(op.i32ShrU).op(op.i32Xor);
    f.i32(0).get(mixed).i32(1).op(op.i32And).op(op.i32Sub).i32(0x9908b0df | 0).op(op.i32And).op(op.i32Xor);
    f.memory(op.i32Store, WORD * i);
  };
  /** `far`: how many bytes away. */
  const many = (from: number, to: number, far: number) =>
    emitVectors(f, WORD * from, WORD * to, (at) => {
      f.get(at).memory(op.v128Load).get(at).memory(op.v128Load, WORD).get(f.constant(lanes(-0x80000000)));
      f.op(op.v128Bitselect).set(vector);
      f.get(at);
      f.get(at).i32(far).op(op.i32Add).memory(op.v128Load);
      f.get(vector).i32(1).op(op.i32x4ShrU).op(op.v128Xor);
      f.get(vector).i32(31).op(op.i32x4Shl).i32(31).op(op.i32x4ShrS).get(f.constant(lanes(0x9908b0df | 0)));
      f.op(op.v128And).op(op.v128Xor).memory(op.v128Store);
    });
  for (let i = 0; i < 3; i++) one(i, i + 1, i + FAR);
  many(3, WORDS - FAR, WORD * FAR);
  many(WORDS - FAR, WORDS - 1, WORD * (FAR - WORDS));
  one(WORDS - 1, 0, FAR - 1);
}

/** Stores the words that a state stands for at the address in `to`, and moves that past them. */
function emitTemper(f: FunctionBuilder, to: number): void {
  const word = f.local("v128");
  const step = (shift: Opcode, by: number, mask?: number) => {
    f.get(word).get(word).i32(by).op(shift);
    if (mask !== undefined) f.get(f.constant(lanes(mask | 0))).op(op.v128And);
    f.op(op.v128Xor).set(word);
  };
  emitVectors(f, 0, WORD * WORDS, (at) => {
    f.get(at).memory(op.v128Load).set(word);
    step(op.i32x4ShrU, 11);
    step(op.i32x4Shl, 7, 0x9d2c5680);
    step(op.i32x4Shl, 15, 0xefc60000);
    step(op.i32x4ShrU, 18);
    f.get(to).get(word).memory(op.v128Store);
    f.get(to).i32(VECTOR).op(op.i32Add).set(to);
  });
}
