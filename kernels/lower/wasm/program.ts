/**
 * What the CPU's lowerings hand to its runtime: a WebAssembly module whose functions work on ranges of independent units, so that
 * any number of threads can share them, and the block of memory through which a launch gets its arguments.
 *
 * Every entry is a function `run(parameters, start, end, local, shared)` of i32: the address of the launch's parameter block, the
 * units to do, scratch memory of this thread, and scratch memory that all threads of the launch share. Whatever can differ
 * between launches of one program (addresses, extents, scalars) is read from the parameter block.
 *
 * @module
 */

import { type DType, itemSize } from "../../ir/dtype.ts";
import type { Kernel } from "../../ir/kernel.ts";
import type { ValueType } from "./encoder.ts";

/** Parameter types of an entry; it returns nothing. */
export const ENTRY_PARAMETERS: readonly ValueType[] = ["i32", "i32", "i32", "i32", "i32"];

/** The locals in which an entry finds its parameters. */
export const ENTRY = { parameters: 0, start: 1, end: 2, local: 3, shared: 4 } as const;

/** One entry of a module, run over all its units before the next phase starts. */
export interface Phase {
  /** Name of the exported function. */
  readonly entry: string;
  /** Number of independent units; threads take ranges of them. 0 skips the phase. */
  readonly units: number;
  /** Rough duration of the phase on one core, in nanoseconds: below a threshold it is not shared among threads. */
  readonly work: number;
}

/** A kernel lowered for the CPU. */
export interface CpuProgram {
  /** Programs with equal keys have equal modules, which are built and compiled once. */
  readonly key: string;
  /** Makes the binary module. */
  readonly build: () => Uint8Array<ArrayBuffer>;
  /** What the program does, for people. */
  readonly text: () => string;
  /** Run in order. */
  readonly phases: readonly Phase[];
  /** 32-bit numbers (extents, …) put at the end of the parameter block, at `ParameterLayout.word`. */
  readonly words: readonly number[];
  /** Bytes of scratch memory that each thread needs, aligned to 64. */
  readonly localBytes: number;
  /** Bytes of scratch memory that the threads of a launch share, aligned to 64; keeps its contents between phases. */
  readonly sharedBytes: number;
}

/** Byte offsets in a launch's parameter block. */
export interface ParameterLayout {
  /** The i32 address of binding `slot`. */
  address(slot: number): number;
  /** The i32 number of elements of binding `slot`. */
  size(slot: number): number;
  /** The i32 address of the record of check `slot`: an i32 that is set to 1, then the offending i32 value. */
  flag(slot: number): number;
  /** Scalar `slot`, stored as its dtype says (bool and uint8 as i32). */
  scalar(slot: number): number;
  /** Word `i` of the program. */
  word(i: number): number;
}

/** Where the arguments of `kernel`'s launches are. */
export function parameterLayout(kernel: Pick<Kernel, "bindings" | "scalars" | "checks">): ParameterLayout {
  const bindings = kernel.bindings.length;
  const scalars = Math.ceil((8 * bindings + 4 * kernel.checks) / 8) * 8;
  const words = scalars + 8 * kernel.scalars.length;
  return {
    address: (slot) => 4 * slot,
    size: (slot) => 4 * (bindings + slot),
    flag: (slot) => 4 * (2 * bindings + slot),
    scalar: (slot) => scalars + 8 * slot,
    word: (i) => words + 4 * i,
  };
}

/** log2 of the bytes of one element of `dtype` in the CPU's memory. */
export function elementShift(dtype: DType): number {
  return Math.log2(itemSize(dtype));
}
