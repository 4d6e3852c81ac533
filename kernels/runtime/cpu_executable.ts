/**
 * Compiles programs for the CPU and runs them: arguments go into a block of memory for each launch, and kernels large enough are
 * shared among threads.
 *
 * @module
 */

import { TensaurError } from "../errors.ts";
import type { DType } from "../ir/dtype.ts";
import { clearUpperHalves, wideVectors } from "../lower/wasm/features.ts";
import { lowerKernel } from "../lower/wasm/mod.ts";
import type { Heap } from "./cpu_memory.ts";
import { type CpuProgram, parameterLayout, type Phase } from "../lower/wasm/program.ts";
import { type Entry, Threads } from "./cpu_threads.ts";
import type { Buffer, DeviceStats, Executable, Launch, RaisedFlag, Timer } from "./device.ts";
import { hostFunctions } from "./host_math.ts";

/** Memory of the CPU device. */
export class CpuBuffer implements Buffer {
  freed = false;

  constructor(readonly id: number, readonly bytes: number, readonly address: number) {}
}

/** A compiled module. */
interface Compiled {
  readonly number: number;
  readonly binary: Uint8Array<ArrayBuffer>;
  /** Address of a copy of the binary for threads; 0 until needed. */
  shared: number;
  readonly names: readonly string[];
  readonly entries: readonly Entry[];
}

/** Scratch memory that grows to the largest size asked for. */
class Scratch {
  address = 0;
  #bytes = 0;

  constructor(readonly heap: Heap) {}

  reserve(bytes: number): number {
    if (bytes > this.#bytes) {
      if (this.#bytes > 0) this.heap.release(this.address, this.#bytes);
      this.#bytes = 0;
      this.address = this.heap.allocate(bytes);
      this.#bytes = bytes;
    }
    return this.address;
  }
}

/** What all executables of a device share: compiled programs, threads, scratch memory. */
export class CpuRuntime {
  readonly threads: Threads;
  readonly #compiled = new Map<string, Compiled>();
  readonly #host = hostFunctions();
  readonly #local: Scratch;
  readonly #shared: Scratch;

  constructor(readonly heap: Heap, readonly stats: DeviceStats) {
    this.threads = new Threads(heap);
    this.#local = new Scratch(heap);
    this.#shared = new Scratch(heap);
  }

  /** The module of `program`, compiled once. */
  compile(program: CpuProgram): Compiled {
    let found = this.#compiled.get(program.key);
    if (found === undefined) {
      found = this.#build(program);
      this.#compiled.set(program.key, found);
      this.stats.compiled++;
    }
    return found;
  }

  #build(program: CpuProgram): Compiled {
    const binary = program.build();
    try {
      const module = new WebAssembly.Module(binary);
      const { exports } = new WebAssembly.Instance(module, { env: { memory: this.heap.memory, ...this.#host } });
      const names = WebAssembly.Module.exports(module).map((e) => e.name);
      const entries = names.map((name) => exports[name] as Entry);
      return { number: this.#compiled.size, binary, shared: 0, names, entries };
    } catch (error) {
      throw new TensaurError(`Cannot compile a kernel: ${(error as Error).message}\n${program.text()}`);
    }
  }

  /** Runs one phase of a launch. */
  run(compiled: Compiled, program: CpuProgram, phase: Phase, entry: number, parameters: number): void {
    const { units } = phase;
    if (units === 0) return;
    const { localBytes, sharedBytes } = program;
    const parallel = units > 1 && this.threads.worthwhile(phase.work);
    const local = localBytes === 0 ? 0 : this.#local.reserve(localBytes * this.threads.count);
    const shared = sharedBytes === 0 ? 0 : this.#shared.reserve(sharedBytes);
    const run = compiled.entries[entry]!;
    if (!parallel) run(parameters, 0, units, local, shared);
    else {
      if (compiled.shared === 0) {
        compiled.shared = this.heap.allocate(compiled.binary.length);
        this.heap.bytes.set(compiled.binary, compiled.shared);
      }
      this.threads.run({
        program: compiled.number,
        binary: compiled.shared,
        binaryBytes: compiled.binary.length,
        ...{ entry, run, parameters, units, local, localBytes, shared },
      });
    }
    if (wideVectors()) clearUpperHalves();
  }
}

interface Prepared {
  readonly launch: Launch;
  readonly program: CpuProgram;
  readonly compiled: Compiled;
  readonly entries: readonly number[];
  /** Offset of the parameter block in the executable's. */
  readonly offset: number;
}

/** Blocks of executables that were dropped are given back. */
const dropped = new FinalizationRegistry<() => void>((release) => release());

/** Compiled launches of the CPU device. */
export class CpuExecutable implements Executable {
  readonly launches: number;
  readonly #runtime: CpuRuntime;
  readonly #prepared: readonly Prepared[];
  /** Address of the parameter blocks and, after them, of two words for each flag of the plan. */
  readonly #block: number;
  readonly #flags: number;
  readonly #flagCount: number;
  /** Which buffers the parameter blocks hold now. */
  #current: readonly Buffer[] = [];

  constructor(runtime: CpuRuntime, launches: readonly Launch[]) {
    this.#runtime = runtime;
    let offset = 0;
    this.#prepared = launches.map((launch) => {
      const program = lowerKernel(launch.kernel);
      const compiled = runtime.compile(program);
      const entries = program.phases.map((p) => compiled.names.indexOf(p.entry));
      const prepared = { launch, program, compiled, entries, offset };
      offset += Math.ceil(parameterLayout(launch.kernel).word(program.words.length) / 8) * 8;
      return prepared;
    });
    this.launches = this.#prepared.reduce((n, p) => n + p.program.phases.length, 0);
    this.#flagCount = launches.reduce((n, l) => Math.max(n, ...l.checks.map((c) => c + 1)), 0);
    const bytes = offset + 8 * this.#flagCount;
    const { heap } = runtime;
    const block = heap.allocate(bytes);
    this.#block = block;
    this.#flags = block + offset;
    heap.bytes.fill(0, block, block + bytes);
    for (const p of this.#prepared) this.#writeConstants(p);
    dropped.register(this, () => heap.release(block, bytes));
  }

  #writeConstants({ launch: { kernel, checks }, program, offset }: Prepared): void {
    const { ints } = this.#runtime.heap;
    const layout = parameterLayout(kernel);
    const at = (byte: number) => (this.#block + offset + byte) / 4;
    kernel.bindings.forEach((b, slot) => ints[at(layout.size(slot))] = b.size);
    checks.forEach((flag, slot) => ints[at(layout.flag(slot))] = this.#flags + 8 * flag);
    program.words.forEach((word, i) => ints[at(layout.word(i))] = word);
  }

  /** Runs with these buffers and scalars. Repeated with the same buffers, it allocates nothing. */
  run(buffers: readonly Buffer[], scalars: readonly number[], timer?: Timer): void {
    const runtime = this.#runtime;
    const moved = !sameBuffers(buffers, this.#current);
    if (moved) this.#current = buffers.slice();
    for (let n = 0; n < this.#prepared.length; n++) {
      const p = this.#prepared[n]!, parameters = this.#block + p.offset;
      const start = timer === undefined ? 0 : performance.now();
      if (moved) this.#writeAddresses(p, parameters, buffers);
      const { kernel } = p.launch;
      if (kernel.scalars.length > 0) this.#writeScalars(p, parameters, scalars);
      const { phases } = p.program;
      for (let i = 0; i < phases.length; i++) {
        runtime.run(p.compiled, p.program, phases[i]!, p.entries[i]!, parameters);
      }
      timer?.([n], start, performance.now() - start);
    }
    runtime.stats.launched += this.launches;
    runtime.stats.submitted++;
  }

  #writeAddresses(p: Prepared, parameters: number, buffers: readonly Buffer[]): void {
    const { ints } = this.#runtime.heap;
    const slots = p.launch.buffers;
    for (let slot = 0; slot < slots.length; slot++) {
      ints[parameters / 4 + slot] = (buffers[slots[slot]!] as CpuBuffer).address;
    }
  }

  #writeScalars(p: Prepared, parameters: number, scalars: readonly number[]): void {
    const { kernel, scalars: from } = p.launch;
    const layout = parameterLayout(kernel);
    for (let i = 0; i < from.length; i++) {
      this.#writeScalar(kernel.scalars[i]!, parameters + layout.scalar(i), scalars[from[i]!]!);
    }
  }

  #writeScalar(dtype: DType, address: number, value: number): void {
    const { ints, floats, doubles } = this.#runtime.heap;
    if (dtype === "float32") floats[address / 4] = value;
    else if (dtype === "float64") doubles[address / 8] = value;
    else if (dtype === "bool") ints[address / 4] = value === 0 ? 0 : 1;
    else ints[address / 4] = dtype === "uint8" ? value & 255 : value;
  }

  /** Flags raised since the last call. */
  raised(): RaisedFlag[] {
    const { ints } = this.#runtime.heap;
    const raised: RaisedFlag[] = [];
    for (let flag = 0; flag < this.#flagCount; flag++) {
      const at = this.#flags / 4 + 2 * flag;
      if (ints[at] === 0) continue;
      raised.push({ flag, value: ints[at + 1]! });
      ints[at] = 0;
    }
    return raised;
  }

  /** What launch `i` runs. */
  text(i: number): string {
    return this.#prepared[i]!.program.text();
  }
}

function sameBuffers(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
