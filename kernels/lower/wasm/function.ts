/**
 * The body of one WebAssembly function: instructions and locals.
 *
 * @module
 */

import { append, pushSigned, pushUnsigned, typeCodes, type ValueType } from "./leb128.ts";
import { op, type Opcode } from "./opcodes.ts";

const scratch = new DataView(new ArrayBuffer(8));

/** The body of one function. Locals are numbered from 0, parameters first. */
export class FunctionBuilder {
  readonly #code: number[] = [];
  readonly #locals: ValueType[] = [];
  readonly #constants = new Map<string, number>();
  readonly #prologue: number[] = [];

  constructor(
    /** Number of the function in its module, for `call`. */
    readonly index: number,
    /** Parameter types. */
    readonly parameters: readonly ValueType[],
    /** Result types. */
    readonly results: readonly ValueType[],
  ) {}

  /** A new local of `type`, zero at first. */
  local(type: ValueType): number {
    this.#locals.push(type);
    return this.parameters.length + this.#locals.length - 1;
  }

  /**
   * A local that holds this vector constant throughout the function. Engines rebuild an immediate vector wherever it is used; a
   * local stays in a register or is an operand in memory.
   */
  constant(bytes: Uint8Array): number {
    const key = bytes.join();
    let local = this.#constants.get(key);
    if (local === undefined) {
      local = this.local("v128");
      this.#constants.set(key, local);
      this.#prologue.push(0xfd, 0x0c, ...bytes, 0x21);
      pushUnsigned(this.#prologue, local);
    }
    return local;
  }

  /** An instruction without immediates. */
  op(code: Opcode): this {
    const prefix = code >>> 16;
    if (prefix === 0) this.#code.push(code);
    else {
      this.#code.push(prefix);
      pushUnsigned(this.#code, code & 0xffff);
    }
    return this;
  }

  /** Pushes local `i`. */
  get(i: number): this {
    this.#code.push(0x20);
    pushUnsigned(this.#code, i);
    return this;
  }

  /** Pops into local `i`. */
  set(i: number): this {
    this.#code.push(0x21);
    pushUnsigned(this.#code, i);
    return this;
  }

  /** Stores into local `i` and keeps the value. */
  tee(i: number): this {
    this.#code.push(0x22);
    pushUnsigned(this.#code, i);
    return this;
  }

  /** Pushes an i32. */
  i32(value: number): this {
    this.#code.push(0x41);
    pushSigned(this.#code, value);
    return this;
  }

  /** Pushes an f32. */
  f32(value: number): this {
    this.#code.push(0x43);
    scratch.setFloat32(0, value, true);
    for (let i = 0; i < 4; i++) this.#code.push(scratch.getUint8(i));
    return this;
  }

  /** Pushes an f64. */
  f64(value: number): this {
    this.#code.push(0x44);
    scratch.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.#code.push(scratch.getUint8(i));
    return this;
  }

  /** Pushes a v128 of these 16 bytes. */
  v128(bytes: ArrayLike<number>): this {
    this.op(op.v128Const);
    for (let i = 0; i < 16; i++) this.#code.push(bytes[i]!);
    return this;
  }

  /** Pushes a v128 of four equal f32. */
  f32x4(value: number): this {
    return this.v128(new Uint8Array(new Float32Array(4).fill(value).buffer));
  }

  /** A load or store at the address on the stack plus `offset`; no alignment is promised. */
  memory(code: Opcode, offset = 0): this {
    this.op(code);
    this.#code.push(0);
    pushUnsigned(this.#code, offset);
    return this;
  }

  /** A load or store of one lane of a vector. */
  memoryLane(code: Opcode, lane: number, offset = 0): this {
    this.memory(code, offset);
    this.#code.push(lane);
    return this;
  }

  /** An extraction or replacement of a lane. */
  lane(code: Opcode, lane: number): this {
    this.op(code);
    this.#code.push(lane);
    return this;
  }

  /** A shuffle of the 32 bytes of two vectors. */
  shuffle(bytes: readonly number[]): this {
    this.op(op.i8x16Shuffle);
    append(this.#code, bytes);
    return this;
  }

  /** Opens a block, which `br` leaves. */
  block(): this {
    this.#code.push(op.block, 0x40);
    return this;
  }

  /** Opens a loop, which `br` continues. */
  loop(): this {
    this.#code.push(op.loop, 0x40);
    return this;
  }

  /** Opens a branch taken if the popped i32 is not 0; `result` is what both arms leave on the stack. */
  if(result?: ValueType): this {
    this.#code.push(op.if, result === undefined ? 0x40 : typeCodes[result]);
    return this;
  }

  /** The other arm of `if`. */
  else(): this {
    return this.op(op.else);
  }

  /** Closes a block, loop or branch. */
  end(): this {
    return this.op(op.end);
  }

  /** Jumps to the `depth`-th enclosing block. */
  br(depth: number): this {
    this.#code.push(op.br);
    pushUnsigned(this.#code, depth);
    return this;
  }

  /** Jumps if the popped i32 is not 0. */
  brIf(depth: number): this {
    this.#code.push(op.brIf);
    pushUnsigned(this.#code, depth);
    return this;
  }

  /** Calls function `index`. */
  call(index: number): this {
    this.#code.push(op.call);
    pushUnsigned(this.#code, index);
    return this;
  }

  /** Pushes the memory's size in pages of 64 KiB. */
  memorySize(): this {
    this.#code.push(op.memorySize, 0);
    return this;
  }

  /** Fills or copies memory: pops address, value or source, and length. */
  bulk(code: typeof op.memoryFill | typeof op.memoryCopy): this {
    this.op(code);
    this.#code.push(0);
    if (code === op.memoryCopy) this.#code.push(0);
    return this;
  }

  /** Appends size, locals and code, as the code section wants them. */
  encode(out: number[]): void {
    const head: number[] = [];
    const runs: [number, ValueType][] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last !== undefined && last[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    pushUnsigned(head, runs.length);
    for (const [count, type] of runs) {
      pushUnsigned(head, count);
      head.push(typeCodes[type]);
    }
    pushUnsigned(out, head.length + this.#prologue.length + this.#code.length + 1);
    append(out, head);
    append(out, this.#prologue);
    append(out, this.#code);
    out.push(op.end);
  }
}
