/**
 * The loops of a contraction around its micro-kernel: over units of work, blocks of the depth, blocks of rows and panels of columns.
 *
 * @module
 */

import { ENTRY, type ParameterLayout } from "../lower/wasm/program.ts";
import { type FunctionBuilder, op } from "../lower/wasm/encoder.ts";
import type { Tiles } from "./contract_tiles.ts";
import { sumOps, type SumType } from "./micro_kernel_wasm.ts";
import type { PackedOperand, PackFunctions } from "./packed_operand.ts";
import { advance } from "./tables_wasm.ts";

/** Steps of the depth that are packed and summed at a time. */
const DEPTH = 256;

/** Rows that are packed at a time: whole panels of four, five or six. */
const BLOCK_ROWS = 120;

/** Bytes added to the rows of a tile of sums: at distances of a power of two they would share cache sets. */
const SKEW = 32;

/** Extents of a contraction, and how it is cut up. */
export interface Blocks {
  readonly sum: SumType;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly tiles: Tiles;
  readonly a: PackedOperand;
  readonly b: PackedOperand;
}

/** Numbers of the functions that the loops call. */
export interface Functions {
  readonly microKernel: number;
  readonly a: PackFunctions;
  readonly b: PackFunctions;
  readonly epilogue: number;
}

/** Where things are in a thread's scratch memory. */
export interface ScratchLayout {
  readonly a: OperandLayout;
  readonly b: OperandLayout;
  readonly sums: number;
  /** Bytes between rows of sums. */
  readonly stride: number;
  readonly bytes: number;
}

interface OperandLayout {
  readonly laneTable: number;
  readonly depthTable: number;
  readonly panels: number;
}

/** Lays out the scratch memory. */
export function scratchLayout({ sum, depth, tiles, a, b }: Blocks): ScratchLayout {
  let bytes = 0;
  const take = (size: number) => {
    const at = bytes;
    bytes = Math.ceil((bytes + size) / 64) * 64;
    return at;
  };
  const size = sumOps[sum].bytes, steps = Math.min(depth, DEPTH);
  const operand = ({ separated: { leaves } }: PackedOperand, tile: number, packed: number): OperandLayout => ({
    laneTable: take(4 * leaves.length * tile),
    depthTable: take(4 * leaves.length * steps),
    panels: take(size * packed * steps),
  });
  const layout = {
    a: operand(a, tiles.rows, Math.min(tiles.rows, BLOCK_ROWS)),
    b: operand(b, tiles.columns, tiles.columns),
    stride: size * tiles.columns + SKEW,
  };
  return { ...layout, sums: take(layout.stride * tiles.rows), bytes };
}

/** What the loops take from the program's words: lengths, and where things are in scratch memory. */
function wordsOf(blocks: Blocks): Record<Word, number> {
  const { rows, columns, depth, tiles } = blocks, { a, b, sums, stride } = scratchLayout(blocks);
  return {
    rows,
    columns,
    depth,
    tileRows: tiles.rows,
    tileColumns: tiles.columns,
    rowTiles: tiles.rowTiles,
    columnTiles: tiles.columnTiles,
    sums,
    stride,
    aLanes: a.laneTable,
    aDepth: a.depthTable,
    aPanels: a.panels,
    bLanes: b.laneTable,
    bDepth: b.depthTable,
    bPanels: b.panels,
  };
}

const WORDS = [
  ...["rows", "columns", "depth", "tileRows", "tileColumns", "rowTiles", "columnTiles", "sums", "stride"] as const,
  ...["aLanes", "aDepth", "aPanels", "bLanes", "bDepth", "bPanels"] as const,
];

type Word = typeof WORDS[number];

/** The program's words. */
export function runWords(blocks: Blocks): number[] {
  const words = wordsOf(blocks);
  return WORDS.map((word) => words[word]);
}

/** Fills the entry function. */
export function emitRun(f: FunctionBuilder, blocks: Blocks, functions: Functions, layout: ParameterLayout): void {
  const { a, b, sum } = blocks;
  const size = sumOps[sum].bytes;
  const unit = ENTRY.start;
  const i32 = () => f.local("i32");
  const words = Object.fromEntries(WORDS.map((word) => [word, i32()])) as Record<Word, number>;
  WORDS.forEach((word, i) => f.get(ENTRY.parameters).memory(op.i32Load, layout.word(i)).set(words[word]));
  const [batch, row, column, height, width] = [i32(), i32(), i32(), i32(), i32()];
  const [block, steps, first, count, sums] = [i32(), i32(), i32(), i32(), i32()];
  const scratch = (offset: number) => f.get(ENTRY.local).get(offset).op(op.i32Add);
  const panels = (lanes: number, per: number) => f.get(lanes).i32(per - 1).op(op.i32Add).i32(per).op(op.i32DivU);

  const laneTables = [
    new Table(f, a, functions.a.lanes, words.aLanes, a.laneBatch),
    new Table(f, b, functions.b.lanes, words.bLanes, b.laneBatch),
  ] as const;
  const depthTables = [
    new Table(f, a, functions.a.depth, words.aDepth, a.depthBatch),
    new Table(f, b, functions.b.depth, words.bDepth, b.depthBatch),
  ] as const;

  f.block().loop();
  f.get(unit).get(ENTRY.end).op(op.i32GeU).brIf(1);
  emitTilePosition(f, unit, words, { batch, row, column });
  emitExtent(f, column, words.tileColumns, words.columns, width);
  emitExtent(f, row, words.tileRows, words.rows, height);
  laneTables[0].fill(row, height, () => panels(height, a.panel).i32(a.panel).op(op.i32Mul), batch);
  laneTables[1].fill(column, width, () => panels(width, b.panel).i32(b.panel).op(op.i32Mul), batch);

  f.i32(0).set(block);
  f.loop();
  f.get(words.depth).get(block).op(op.i32Sub).set(steps);
  emitMinimum(f, steps, DEPTH);
  for (const table of depthTables) table.fill(block, steps, () => f.get(steps), batch);

  f.get(ENTRY.parameters);
  scratch(words.bPanels);
  scratch(words.bLanes);
  scratch(words.bDepth);
  f.get(steps);
  panels(width, b.panel).get(batch).call(functions.b.pack);

  f.i32(0).set(first);
  f.loop();
  f.get(height).get(first).op(op.i32Sub).set(count);
  emitMinimum(f, count, BLOCK_ROWS);
  f.get(ENTRY.parameters);
  scratch(words.aPanels);
  scratch(words.aLanes).get(first).i32(2).op(op.i32Shl).op(op.i32Add);
  scratch(words.aDepth);
  f.get(steps);
  panels(count, a.panel).get(batch).call(functions.a.pack);
  scratch(words.sums).get(first).get(words.stride).op(op.i32Mul).op(op.i32Add).set(sums);
  emitPanels();
  emitStoresAtEnd();
  f.get(first).i32(BLOCK_ROWS).op(op.i32Add).tee(first).get(height).op(op.i32LtU).brIf(0).end();

  f.get(block).i32(DEPTH).op(op.i32Add).tee(block).get(words.depth).op(op.i32LtU).brIf(0).end();
  advance(f, unit, 1);
  f.br(0).end().end();

  /** The micro-kernel on each panel of columns. */
  function emitPanels(): void {
    const packed = i32(), target = i32(), left = i32();
    scratch(words.bPanels).set(packed);
    f.get(sums).set(target);
    panels(width, b.panel).set(left);
    f.loop();
    scratch(words.aPanels).get(packed).get(target).get(steps).get(words.stride);
    panels(count, a.panel).get(block).call(functions.microKernel);
    f.get(packed).get(steps).i32(b.panel * size).op(op.i32Mul).op(op.i32Add).set(packed);
    advance(f, target, b.panel * size);
    f.get(left).i32(1).op(op.i32Sub).tee(left).brIf(0).end();
  }

  /** The epilogue, once the whole depth is summed. */
  function emitStoresAtEnd(): void {
    f.get(block).get(steps).op(op.i32Add).get(words.depth).op(op.i32Eq).if();
    f.get(ENTRY.parameters).get(sums).get(words.stride);
    f.get(row).get(first).op(op.i32Add).get(count).get(column).get(width).get(batch).call(functions.epilogue);
    f.end();
  }
}

/** Fills a table when what it is made from has changed since it was last filled. */
class Table {
  readonly #first: number;
  readonly #batch: number;

  constructor(
    readonly f: FunctionBuilder,
    readonly operand: PackedOperand,
    readonly fillFunction: number,
    readonly offset: number,
    readonly variesWithBatch: boolean,
  ) {
    this.#first = f.local("i32");
    this.#batch = f.local("i32");
    f.i32(-1).set(this.#first);
  }

  fill(first: number, count: number, pushPadded: () => void, batch: number): void {
    const { f } = this;
    if (this.operand.separated.leaves.length === 0) return;
    f.get(first).get(this.#first).op(op.i32Ne);
    if (this.variesWithBatch) f.get(batch).get(this.#batch).op(op.i32Ne).op(op.i32Or);
    f.if();
    f.get(ENTRY.parameters).get(ENTRY.local).get(this.offset).op(op.i32Add).get(first).get(count);
    pushPadded();
    f.get(batch).call(this.fillFunction);
    f.get(first).set(this.#first).get(batch).set(this.#batch);
    f.end();
  }
}

/** The batch, row and column of tile that a unit of work is; the counts of tiles are in locals. */
function emitTilePosition(
  f: FunctionBuilder,
  unit: number,
  { columnTiles, rowTiles }: Readonly<Record<"columnTiles" | "rowTiles", number>>,
  position: Position,
): void {
  const { batch, row, column } = position;
  f.get(unit).get(columnTiles).op(op.i32RemU).set(column);
  f.get(unit).get(columnTiles).op(op.i32DivU).tee(batch).get(rowTiles).op(op.i32RemU).set(row);
  f.get(batch).get(rowTiles).op(op.i32DivU).set(batch);
}

interface Position {
  readonly batch: number;
  readonly row: number;
  readonly column: number;
}

/** Turns the number of a tile, of `size`, into its first index, and sets `extent` to its size; all in locals. */
function emitExtent(f: FunctionBuilder, index: number, size: number, total: number, extent: number): void {
  f.get(index).get(size).op(op.i32Mul).set(index);
  f.get(total).get(index).op(op.i32Sub).tee(extent).get(size).get(extent).get(size).op(op.i32LtU).op(op.select);
  f.set(extent);
}

/** Limits a local to `most`. */
function emitMinimum(f: FunctionBuilder, local: number, most: number): void {
  f.get(local).i32(most).get(local).i32(most).op(op.i32LtU).op(op.select).set(local);
}
