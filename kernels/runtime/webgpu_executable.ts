/**
 * Compiled launches on WebGPU: one compute pass and one submission a run.
 *
 * Run-time numbers of all launches lie in one buffer, a slice each, written when they changed. Bind groups are made when a launch meets
 * buffers it has not seen.
 *
 * @module
 */

import { TensaurError } from "../errors.ts";
import { type DType, roundTo } from "../ir/dtype.ts";
import { link, lower, type Param, type Shader, type ShaderBuffer, type Target, type Unit } from "../lower/wgsl/mod.ts";
import type { Buffer, DeviceStats, Executable, Launch, RaisedFlag, Timer } from "./device.ts";
import type { Faults } from "./webgpu_faults.ts";
import { BufferUsage, type Memory, type MemoryPool } from "./webgpu_memory.ts";
import type { Program, Programs } from "./webgpu_programs.ts";
import type { Source } from "./webgpu_readback.ts";
import { submitTimed } from "./webgpu_timing.ts";

/** What executables need of their device. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly target: Target;
  readonly faults: Faults;
  readonly programs: Programs;
  readonly memory: MemoryPool;
  readonly stats: DeviceStats;
  /** The memory behind a buffer that was not freed. */
  memoryOf(buffer: Buffer): Memory;
  /** Most buffers of one program. */
  readonly maxBindings: number;
  /** Called after each submission. */
  submitted(): void;
  /** Has the flags of an executable read with the next elements. */
  watch(flags: Flags): void;
  /** Waits until submitted work is done. */
  synchronize(): void;
  /** Bytes of memory of the device, waiting for pending work. */
  fetch(source: Source): ArrayBuffer;
  /** Reads the flags of all watched executables now. */
  fetchFlags(): void;
}

/** One dispatch. */
interface Step {
  readonly program: Program;
  readonly shader: Shader;
  /** The launches that it does, or does a part of. */
  readonly launches: readonly number[];
  /** For each buffer of the shader, a buffer of the plan. */
  readonly buffers: readonly (number | "scratch")[];
  readonly paramsOffset: number;
  readonly paramsBytes: number;
  readonly groups: Map<string, GPUBindGroup>;
  current: GPUBindGroup | undefined;
}

/** Where a scalar of the plan goes. */
interface ScalarWord {
  readonly word: number;
  readonly scalar: number;
  readonly dtype: DType;
}

/** Bind groups kept for a step: plans alternate between few sets of buffers. */
const MOST_BIND_GROUPS = 8;

/** Flags of an executable on the device: for each, whether it was raised and by which value. */
export class Flags implements Source {
  readonly gpu: GPUBuffer;
  readonly bytes: number;
  #raised: RaisedFlag[] = [];

  constructor(readonly device: GPUDevice, count: number) {
    this.bytes = 8 * count;
    const usage = BufferUsage.storage | BufferUsage.copySource | BufferUsage.copyDestination;
    this.gpu = device.createBuffer({ size: Math.max(16, this.bytes), usage });
  }

  /** Takes note of what was read from the device, and lowers the flags there. */
  receive(bytes: ArrayBuffer): void {
    const words = new Int32Array(bytes);
    const before = this.#raised.length;
    for (let flag = 0; 2 * flag < words.length; flag++) {
      if (words[2 * flag] !== 0) this.#raised.push({ flag, value: words[2 * flag + 1]! });
    }
    if (this.#raised.length > before) this.device.queue.writeBuffer(this.gpu, 0, new Int32Array(words.length));
  }

  /** The flags received since the last call. */
  take(): RaisedFlag[] {
    return this.#raised.splice(0);
  }
}

/** Launches compiled for WebGPU. */
export class WebGpuExecutable implements Executable {
  readonly launches: number;
  readonly #steps: Step[] = [];
  readonly #lowered: readonly (readonly LaunchedUnit[])[];
  readonly #words: ScalarWord[] = [];
  readonly #params: GPUBuffer | undefined;
  readonly #values: ArrayBuffer;
  readonly #flags: Flags | undefined;
  readonly #scratchBytes: number;
  #buffers: readonly Buffer[] = [];
  #scratch: Memory | undefined = undefined;
  #written = false;

  constructor(readonly gpu: Gpu, launches: readonly Launch[]) {
    const { device } = gpu;
    const alignment = device.limits.minUniformBufferOffsetAlignment;
    const constants: { word: number; value: number }[] = [];
    let offset = 0, scratch = 0;
    this.#lowered = launches.map((launch) =>
      lower(launch.kernel, gpu.target).map((unit): LaunchedUnit => ({ launch, unit }))
    );
    for (const units of linked(this.#lowered, gpu.maxBindings)) {
      const shader = link(units.map(({ unit }) => unit));
      shader.params.forEach((word, i) => {
        if (word !== undefined) this.#place(word.param, offset / 4 + i, units[word.unit]!.launch, constants);
      });
      const paramsBytes = Math.ceil(shader.params.length / 4) * 16;
      this.#steps.push({
        program: gpu.programs.get(shader.text),
        shader,
        launches: [...new Set(units.map(({ launch }) => launches.indexOf(launch)))],
        buffers: shader.buffers.map(({ unit, buffer }) => planBuffer(buffer, units[unit]!.launch)),
        paramsOffset: offset,
        paramsBytes,
        groups: new Map(),
        current: undefined,
      });
      offset += Math.ceil(paramsBytes / alignment) * alignment;
      scratch = Math.max(scratch, shader.scratchBytes);
    }
    this.launches = this.#steps.length;
    this.#scratchBytes = scratch;
    this.#values = new ArrayBuffer(offset);
    const words = new Uint32Array(this.#values);
    for (const { word, value } of constants) words[word] = value;
    const usage = BufferUsage.uniform | BufferUsage.copyDestination;
    this.#params = offset > 0 ? device.createBuffer({ size: offset, usage }) : undefined;
    const flags = Math.max(-1, ...launches.flatMap(({ checks }) => checks)) + 1;
    this.#flags = flags > 0 ? new Flags(device, flags) : undefined;
  }

  #place(param: Param, word: number, launch: Launch, constants: { word: number; value: number }[]): void {
    if (param.kind === "number") constants.push({ word, value: param.value });
    else if (param.kind === "flag") constants.push({ word, value: launch.checks[param.slot]! });
    else this.#words.push({ word, scalar: launch.scalars[param.slot]!, dtype: param.dtype });
  }

  run(buffers: readonly Buffer[], scalars: readonly number[], timer?: Timer): void {
    const { gpu } = this;
    gpu.faults.check();
    if (this.#steps.length === 0) return;
    this.#writeParams(scalars);
    if (this.#bind(buffers)) {
      gpu.faults.scoped("validation", () => this.#submit(timer), (why) => this.#refused(why));
    } else this.#submit(timer);
    gpu.stats.launched += this.#steps.length;
    if (this.#flags !== undefined) gpu.watch(this.#flags);
    gpu.submitted();
  }

  #refused(why: string): TensaurError {
    this.#buffers = [];
    return new TensaurError(
      `Cannot run kernels on WebGPU: ${why}\n${this.#lowered.map((_, i) => this.text(i)).join("\n")}`,
    );
  }

  #writeParams(scalars: readonly number[]): void {
    const floats = new Float32Array(this.#values), integers = new Int32Array(this.#values);
    let changed = !this.#written;
    for (const { word, scalar, dtype } of this.#words) {
      const before = integers[word];
      const value = roundTo(dtype, scalars[scalar]!);
      if (dtype === "float32" || dtype === "float16") floats[word] = value;
      else integers[word] = value;
      changed ||= integers[word] !== before;
    }
    if (changed) this.gpu.device.queue.writeBuffer(this.#params!, 0, this.#values);
    this.#written = true;
  }

  /** Sets each step's bind group; true if one had to be made. */
  #bind(buffers: readonly Buffer[]): boolean {
    const scratch = this.#scratchBytes > 0 ? this.gpu.memory.scratch(this.#scratchBytes) : undefined;
    const same = scratch === this.#scratch && buffers.length === this.#buffers.length &&
      buffers.every((b, i) => b === this.#buffers[i]);
    if (same && this.#steps[0]!.current !== undefined) return false;
    this.#buffers = [];
    let made = false;
    for (const step of this.#steps) {
      const memory = step.buffers.map((b) => b === "scratch" ? scratch! : this.gpu.memoryOf(buffers[b]!));
      const key = memory.map(({ id }) => id).join(" ");
      step.current = step.groups.get(key);
      if (step.current !== undefined) continue;
      made = true;
      if (step.groups.size >= MOST_BIND_GROUPS) step.groups.delete(step.groups.keys().next().value!);
      step.groups.set(key, step.current = this.#bindGroup(step, memory));
    }
    this.#buffers = [...buffers];
    this.#scratch = scratch;
    return made;
  }

  #bindGroup(step: Step, memory: readonly Memory[]): GPUBindGroup {
    const params = { buffer: this.#params!, offset: step.paramsOffset, size: step.paramsBytes };
    const resources: GPUBufferBinding[] = [params, ...memory.map(({ gpu }) => ({ buffer: gpu }))];
    if (step.shader.flags) resources.push({ buffer: this.#flags!.gpu });
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    return this.gpu.device.createBindGroup({ layout: step.program.layout, entries });
  }

  #submit(timer: Timer | undefined): void {
    const { device } = this.gpu;
    if (timer !== undefined) {
      submitTimed(
        this.gpu,
        this.#steps.map(({ launches }) => launches),
        (pass, i) => encode(pass, this.#steps[i]!),
        timer,
      );
      return;
    }
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const step of this.#steps) encode(pass, step);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  raised(): RaisedFlag[] {
    if (this.#flags === undefined) return [];
    this.gpu.fetchFlags();
    return this.#flags.take();
  }

  text(i: number): string {
    const units = this.#lowered[i]!;
    return units.map(({ unit }) => link([unit]).text).join("\n") || "// nothing to do: the result is empty\n";
  }
}

function encode(pass: GPUComputePassEncoder, { program, current, shader }: Step): void {
  pass.setPipeline(program.pipeline);
  pass.setBindGroup(0, current!);
  pass.dispatchWorkgroups(...shader.groups);
}

/** A unit of work and the launch that it belongs to. */
interface LaunchedUnit {
  readonly launch: Launch;
  readonly unit: Unit;
}

/** Units in the order of their dispatches, those together that can be one: of one batch, and with workgroups of one size. */
function linked(lowered: readonly (readonly LaunchedUnit[])[], maxBindings: number): LaunchedUnit[][] {
  const dispatches: LaunchedUnit[][] = [];
  for (let from = 0, to = 0; from < lowered.length; from = to) {
    const batch = lowered[from]![0]?.launch.batch;
    for (to = from + 1; batch !== undefined && lowered[to]?.[0]?.launch.batch === batch;) to++;
    const members = lowered.slice(from, to);
    for (let step = 0; members.some((units) => step < units.length); step++) {
      const open: LaunchedUnit[][] = [];
      for (const member of members.flatMap((units) => units.slice(step, step + 1))) {
        const fits = open.find((units) => together([...units, member], maxBindings));
        if (fits === undefined) open.push([member]);
        else fits.push(member);
      }
      dispatches.push(...open);
    }
  }
  return dispatches;
}

function together(units: readonly LaunchedUnit[], maxBindings: number): boolean {
  const [{ unit: { workgroupSize } }] = units as [LaunchedUnit];
  return units.every(({ unit }) => unit.workgroupSize === workgroupSize && unit.scratchBytes === 0) &&
    units.reduce((sum, { unit }) => sum + unit.buffers.length, 0) <= maxBindings;
}

function planBuffer(buffer: ShaderBuffer, launch: Launch): number | "scratch" {
  return buffer === "scratch" ? buffer : launch.buffers[buffer]!;
}
