/**
 * Reading Python's pickles without running anything: a machine of a stack and a memo that knows data, and those few functions that
 * `Globals` allows.
 *
 * @module
 */

import type { Source } from "../data/source.ts";
import { ValueError } from "../tensor/mod.ts";
import { ByteReader } from "./byte_reader.ts";

/** A Python dict, whose keys may be anything. */
export class PickledDict {
  /** What it holds. */
  readonly entries: Map<unknown, unknown> = new Map();
}

/** A name of Python's that a pickle refers to, and what stands for calling it, where that is allowed. */
export class PickledGlobal {
  /** A name such as "torch.FloatStorage". */
  constructor(readonly name: string, readonly call?: (args: readonly unknown[]) => unknown) {}
}

/** What a pickle may refer to. */
export interface Globals {
  /** The meaning of a name; undefined where it is not allowed. */
  find(module: string, name: string): PickledGlobal | undefined;
  /** What a persistent id stands for. */
  persistent(id: unknown): unknown;
}

/** Longer integers are refused. */
const LONGEST_INTEGER = 256;

/** Names of modules and of what is in them are not longer. */
const LONGEST_NAME = 1000;

class Machine {
  stack: unknown[] = [];
  readonly #outer: unknown[][] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(readonly bytes: ByteReader, readonly globals: Globals, readonly name: string) {}

  refuse(reason: string): never {
    throw new ValueError(`Cannot read the pickle in ${this.name}: ${reason}`);
  }

  /** A number of bytes or of anything; no file has more than can be counted. */
  count(): number {
    return Number(this.bytes.u64());
  }

  line(): string {
    const codes: number[] = [];
    for (let code = this.bytes.u8(); code !== 10; code = this.bytes.u8()) {
      if (codes.push(code) > LONGEST_NAME) this.refuse("a line does not end");
    }
    return new TextDecoder().decode(Uint8Array.from(codes));
  }

  integer(length: number): number | bigint {
    if (length > LONGEST_INTEGER) this.refuse(`an integer of ${length} bytes`);
    let value = 0n;
    for (const byte of this.bytes.raw(length).reverse()) value = value << 8n | BigInt(byte);
    value = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0) this.refuse(`it takes a value from an empty stack at byte ${this.bytes.position - 1}`);
    return this.stack.pop();
  }

  top(): unknown {
    if (this.stack.length === 0) this.refuse(`it takes a value from an empty stack at byte ${this.bytes.position - 1}`);
    return this.stack.at(-1);
  }

  /** The last `count` values. */
  last(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  mark(): void {
    this.#outer.push(this.stack);
    this.stack = [];
  }

  /** The values since the mark. */
  marked(): unknown[] {
    const values = this.stack;
    this.stack = this.#outer.pop() ??
      this.refuse(`it goes back to a mark that is not there at byte ${this.bytes.position - 1}`);
    return values;
  }

  memoize(index = this.#memo.size): void {
    this.#memo.set(index, this.top());
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) this.refuse(`it remembers a value ${index} that is not there`);
    this.push(this.#memo.get(index));
  }

  global(module: unknown, name: unknown): void {
    // Names are not made of other values: turned into text, a list that holds another twice, and so on, would fill the memory.
    if (typeof module !== "string" || typeof name !== "string") {
      this.refuse("it wants something of Python's without a name");
    }
    const found = this.globals.find(module, name);
    if (found === undefined) {
      this.refuse(
        `it wants Python's ${
          `${module}.${name}`.slice(0, LONGEST_NAME)
        }, and only tensors, numbers, strings and containers of these are read; nothing in a ` +
          "file is run. In Python save a state_dict() rather than a model or other objects",
      );
    }
    this.push(found);
  }

  call(): void {
    const [callee, args] = this.last(2);
    if (!(callee instanceof PickledGlobal) || callee.call === undefined || !Array.isArray(args)) {
      const what = callee instanceof PickledGlobal ? `Python's ${callee.name}` : "what is no function";
      this.refuse(`it calls ${what}; nothing in a file is run`);
    }
    this.push(callee.call(args));
  }

  /** Puts keys and values that alternate into the dict on the stack. */
  setItems(items: readonly unknown[]): void {
    const dict = this.top();
    if (!(dict instanceof PickledDict) || items.length % 2 !== 0) this.refuse("it sets items of what is no dict");
    for (let i = 0; i < items.length; i += 2) dict.entries.set(items[i], items[i + 1]);
  }

  append(items: readonly unknown[]): void {
    const list = this.top();
    if (list instanceof Set) { for (const item of items) list.add(item); }
    else if (Array.isArray(list)) { for (const item of items) list.push(item); }
    else this.refuse("it appends to what is no list");
  }

  /** Attributes of a dict, such as the versions in a state dict's `_metadata`, are left out. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof PickledDict)) this.refuse("it sets attributes of what is no dict");
  }

  run(): unknown {
    for (;;) {
      const code = this.bytes.u8();
      if (code === STOP) return this.pop();
      const step = steps[code];
      if (step === undefined) this.refuse(`it has the instruction 0x${code.toString(16)}, which is not read`);
      step(this);
    }
  }
}

const STOP = 0x2e;

function dictOf(machine: Machine, items: readonly unknown[]): void {
  machine.push(new PickledDict());
  machine.setItems(items);
}

/** What the instructions do, by their codes; those that Python's protocols 2 to 5 write. */
const steps: Readonly<Record<number, (machine: Machine) => void>> = {
  0x80: (m) => void m.bytes.u8(), // PROTO
  0x95: (m) => void m.count(), // FRAME
  0x4e: (m) => m.push(null), // NONE
  0x88: (m) => m.push(true), // NEWTRUE
  0x89: (m) => m.push(false), // NEWFALSE
  0x4a: (m) => m.push(m.bytes.i32()), // BININT
  0x4b: (m) => m.push(m.bytes.u8()), // BININT1
  0x4d: (m) => m.push(m.bytes.u16()), // BININT2
  0x8a: (m) => m.push(m.integer(m.bytes.u8())), // LONG1
  0x8b: (m) => m.push(m.integer(m.bytes.u32())), // LONG4
  0x47: (m) => m.push(m.bytes.f64(false)), // BINFLOAT
  0x58: (m) => m.push(m.bytes.text(m.bytes.u32())), // BINUNICODE
  0x8c: (m) => m.push(m.bytes.text(m.bytes.u8())), // SHORT_BINUNICODE
  0x8d: (m) => m.push(m.bytes.text(m.count())), // BINUNICODE8
  0x54: (m) => m.push(m.bytes.text(m.bytes.u32())), // BINSTRING, which Python 2 wrote
  0x55: (m) => m.push(m.bytes.text(m.bytes.u8())), // SHORT_BINSTRING
  0x42: (m) => m.push(m.bytes.raw(m.bytes.u32())), // BINBYTES
  0x8e: (m) => m.push(m.bytes.raw(m.count())), // BINBYTES8
  0x43: (m) => m.push(m.bytes.raw(m.bytes.u8())), // SHORT_BINBYTES
  0x5d: (m) => m.push([]), // EMPTY_LIST
  0x29: (m) => m.push([]), // EMPTY_TUPLE
  0x7d: (m) => m.push(new PickledDict()), // EMPTY_DICT
  0x8f: (m) => m.push(new Set()), // EMPTY_SET
  0x28: (m) => m.mark(), // MARK
  0x74: (m) => m.push(m.marked()), // TUPLE
  0x6c: (m) => m.push(m.marked()), // LIST
  0x64: (m) => dictOf(m, m.marked()), // DICT
  0x85: (m) => m.push(m.last(1)), // TUPLE1
  0x86: (m) => m.push(m.last(2)), // TUPLE2
  0x87: (m) => m.push(m.last(3)), // TUPLE3
  0x61: (m) => m.append(m.last(1)), // APPEND
  0x65: (m) => m.append(m.marked()), // APPENDS
  0x90: (m) => m.append(m.marked()), // ADDITEMS
  0x91: (m) => m.push(new Set(m.marked())), // FROZENSET
  0x73: (m) => m.setItems(m.last(2)), // SETITEM
  0x75: (m) => m.setItems(m.marked()), // SETITEMS
  0x30: (m) => void m.pop(), // POP
  0x31: (m) => void m.marked(), // POP_MARK
  0x32: (m) => m.push(m.top()), // DUP
  0x68: (m) => m.recall(m.bytes.u8()), // BINGET
  0x6a: (m) => m.recall(m.bytes.u32()), // LONG_BINGET
  0x71: (m) => m.memoize(m.bytes.u8()), // BINPUT
  0x72: (m) => m.memoize(m.bytes.u32()), // LONG_BINPUT
  0x94: (m) => m.memoize(), // MEMOIZE
  0x63: (m) => m.global(m.line(), m.line()), // GLOBAL
  0x93: (m) => { // STACK_GLOBAL
    const [module, name] = m.last(2);
    m.global(module, name);
  },
  0x52: (m) => m.call(), // REDUCE
  0x81: (m) => m.call(), // NEWOBJ
  0x62: (m) => m.build(), // BUILD
  0x51: (m) => m.push(m.globals.persistent(m.pop())), // BINPERSID
};

/**
 * The value of the pickle at the reader's place, which is behind it afterwards; `name` is what messages call the file. Tuples and lists are
 * arrays, dicts are `PickledDict`s, and integers that are too long for a number are bigints.
 *
 * @see {@link https://docs.python.org/3/library/pickle.html}
 */
export function unpickle(bytes: ByteReader, globals: Globals, name: string): unknown {
  return new Machine(bytes, globals, name).run();
}

/** A reader of pickles, for `unpickle`. */
export function pickleReader(source: Source, name: string): ByteReader {
  return new ByteReader(source, () => {
    throw new ValueError(`Cannot read the pickle in ${name}: it ends at byte ${source.size}, within a value`);
  });
}
