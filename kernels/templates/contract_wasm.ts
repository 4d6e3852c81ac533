/**
 * Contractions on the CPU. A unit of work is one batch index and a tile of the result: blocks of both operands are packed into
 * panels, the micro-kernel adds up their products in a tile of sums, and the epilogue stores what the kernel wants of them. The depth
 * is walked in blocks of a fixed size, so that results depend neither on the number of threads nor on the tiling.
 *
 * @module
 */

import type { DType } from "../ir/dtype.ts";
import type { ContractKernel } from "../ir/kernel.ts";
import { type CpuProgram, ENTRY_PARAMETERS, parameterLayout } from "../lower/wasm/program.ts";
import { ModuleBuilder } from "../lower/wasm/encoder.ts";
import { importHostFunctions } from "../lower/wasm/requirements.ts";
import { hasFusedMultiplyAdd } from "../lower/wasm/features.ts";
import { expandMath } from "../lower/math/mod.ts";
import { group, length, mergeAxes } from "./axes.ts";
import { contractKey } from "./contract_key.ts";
import { type Blocks, emitRun, runWords, scratchLayout } from "./contract_run_wasm.ts";
import { chooseTiles } from "./contract_tiles.ts";
import { emitEpilogue, type Epilogue, EPILOGUE_PARAMETERS } from "./epilogue_wasm.ts";
import {
  emitMatvec,
  emitVectorPhase,
  type Matvec,
  matvecLocalBytes,
  matvecOf,
  matvecPhases,
  matvecSharedBytes,
} from "./matvec_wasm.ts";
import { emitMicroKernel, MICRO_KERNEL_PARAMETERS, type SumType, tileColumns, tileRows } from "./micro_kernel_wasm.ts";
import { analyseOperand, emitOperand, type ModuleContext, newEmitter } from "./packed_operand.ts";

/** Lowers a contraction for the CPU. */
export function lowerContract(contraction: ContractKernel): CpuProgram {
  const kernel = expand(contraction);
  const sum = sumType(kernel.dtype);
  const batch = length(kernel.batch), rows = length(kernel.m), columns = length(kernel.n), depth = length(kernel.k);
  const extents = { batch, rows, columns, depth };
  const panelRows = tileRows(rows), panelColumns = tileColumns(sum);
  const tiles = chooseTiles({ ...extents, panelRows, panelColumns });
  const a = analyseOperand(kernel, "a", panelRows, tiles.rows);
  const b = analyseOperand(kernel, "b", panelColumns, tiles.columns);
  const matvec = matvecOf({ ...extents, sum, a, b });
  const text = `contract ${kernel.dtype}: ${batch} x [${rows}, ${depth}] x [${depth}, ${columns}], `;
  const epilogue = epilogueOf(kernel, sum);
  if (matvec !== undefined) {
    return {
      key: matvecKey(kernel),
      words: [],
      build: () => buildMatvec(kernel, matvec, epilogue),
      text: () => text + "a matrix and a vector",
      phases: matvecPhases(matvec),
      localBytes: matvecLocalBytes(matvec),
      sharedBytes: matvecSharedBytes(matvec),
    };
  }
  const blocks: Blocks = { ...extents, sum, tiles, a, b };
  const units = batch * rows * columns === 0 ? 0 : batch * tiles.rowTiles * tiles.columnTiles;
  return {
    key: contractKey(kernel, blocks, epilogue),
    words: runWords(blocks),
    build: () => build(kernel, blocks, epilogue),
    text: () => text + `${panelRows}x${panelColumns} micro-kernel, tiles of ${tiles.rows}x${tiles.columns}`,
    phases: [{ entry: "run", units, work: batch * rows * columns * (depth * 0.04 + 1) }],
    localBytes: scratchLayout(blocks).bytes,
    sharedBytes: 0,
  };
}

/** The kernel with its transcendental functions spelled out. */
function expand(kernel: ContractKernel): ContractKernel {
  const stores = kernel.stores.map((s) => ({ slot: s.slot, index: expandMath(s.index), value: expandMath(s.value) }));
  return { ...kernel, a: expandMath(kernel.a), b: expandMath(kernel.b), stores };
}

/** All of a kernel. Expressions are interned, so their numbers identify them. */
function matvecKey(kernel: ContractKernel): string {
  const { batch, m, n, k, a, b, dtype, stores, bindings, scalars, checks } = kernel;
  const uses = bindings.map((x) => `${x.dtype} ${x.size} ${x.access}`);
  const writes = stores.map((s) => `${s.slot} ${s.index.id} ${s.value.id}`);
  return ["matvec", batch, m, n, k, a.id, b.id, dtype, writes, uses, scalars, checks].join(";");
}

function sumType(dtype: DType): SumType {
  if (dtype === "float16") throw new TypeError("Cannot contract float16 on the CPU");
  return dtype === "float32" ? "f32" : dtype === "float64" ? "f64" : "i32";
}

/** A module for the kernel, without functions. */
function newModule(kernel: ContractKernel, sum: SumType): ModuleContext {
  const module = new ModuleBuilder();
  const roots = [kernel.a, kernel.b, ...kernel.stores.flatMap((s) => [s.index, s.value])];
  return { module, kernel, imports: importHostFunctions(module, roots), sum };
}

function build(kernel: ContractKernel, blocks: Blocks, epilogue: Epilogue): Uint8Array<ArrayBuffer> {
  const context = newModule(kernel, blocks.sum), { module } = context;
  const microKernel = module.function(undefined, MICRO_KERNEL_PARAMETERS, []);
  emitMicroKernel(microKernel, blocks.sum, blocks.a.panel, hasFusedMultiplyAdd());
  const functions = {
    microKernel: microKernel.index,
    a: emitOperand(context, blocks.a),
    b: emitOperand(context, blocks.b),
    epilogue: emitStores(context, epilogue),
  };
  emitRun(module.function("run", ENTRY_PARAMETERS, []), blocks, functions, parameterLayout(kernel));
  return module.encode();
}

function buildMatvec(kernel: ContractKernel, matvec: Matvec, epilogue: Epilogue): Uint8Array<ArrayBuffer> {
  const context = newModule(kernel, matvec.sum);
  const stores = emitStores(context, epilogue);
  if (!matvec.inPlace) emitVectorPhase(context, matvec);
  emitMatvec(context, matvec, stores);
  return context.module.encode();
}

/** What a kernel stores, over as few axes as possible. */
function epilogueOf({ batch, m, n, dtype, stores }: ContractKernel, sum: SumType): Epilogue {
  const { exprs, groups } = mergeAxes({
    exprs: stores.flatMap((s) => [s.index, s.value]),
    groups: [group(batch, 0), group(m, batch.length), group(n, batch.length + m.length)],
  });
  return {
    stores: stores.map(({ slot }, i) => ({ slot, index: exprs[2 * i]!, value: exprs[2 * i + 1]! })),
    dtype,
    sum,
    batch: groups[0]!,
    rows: groups[1]!,
    columns: groups[2]!,
  };
}

/** Adds the epilogue; returns its number. */
function emitStores(context: ModuleContext, epilogue: Epilogue): number {
  const lanes = context.sum === "f64" ? 2 : undefined;
  const roots = epilogue.stores.flatMap((s) => [s.index, s.value]);
  const { emitter, f } = newEmitter(context, undefined, EPILOGUE_PARAMETERS, roots, lanes);
  emitEpilogue(emitter, epilogue);
  return f.index;
}
