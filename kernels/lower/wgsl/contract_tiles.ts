/**
 * Contraction through tiles in workgroup memory, for graphics processors: a workgroup loads a tile of each operand once, and each of its
 * invocations multiplies four rows by four columns out of them.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import type { Axis } from "../../templates/axes.ts";
import {
  bindLanes,
  contiguousIn,
  type Contraction,
  declareSums,
  laneOf,
  lanesOf,
  multiply,
  openContraction,
  operand,
  range,
  storeSums,
} from "./contract.ts";
import { decode, size } from "./decode.ts";
import { fromStorage, toStorage, type Unit } from "./module.ts";
import { splat } from "./operations.ts";
import { identity } from "./reduce.ts";
import { accumulatorType, storageType, type Width } from "./types.ts";
import { components, type Writer } from "./writer.ts";

/** Depth of a tile. */
const DEPTH = 16;

/** Large tiles are taken from so many workgroups on; below, smaller ones keep more of the processor busy. */
const ENOUGH_GROUPS = 64;

/** The unit of a contraction whose result is not empty. */
export function lowerTiles(c: Contraction): Unit {
  const w = openContraction(c, { a: laneOf(c.m), b: laneOf(c.n) }, [c.a, c.b]);
  const { module } = w;
  const rows = lanesOf(c.m), columns = lanesOf(c.n);
  const groupsOf = (side: number) =>
    Math.ceil(size(c.m) / (side * rows)) * Math.ceil(size(c.n) / (side * columns)) * size(c.batch);
  const side = groupsOf(16) >= ENOUGH_GROUPS ? 16 : 8;
  const groups = groupsOf(side);
  const across = module.number("columnTiles", Math.ceil(size(c.n) / (side * columns)));
  const down = module.number("rowTiles", Math.ceil(size(c.m) / (side * rows)));
  w.line(`if (item >= ${module.number("tiles", groups)}) { return; }`);
  w.line(`let columnStart = item % ${across} * ${side}u;`);
  w.line(`let rowStart = item / ${across} % ${down} * ${side}u;`);
  w.line(`let batch = item / ${across} / ${down};`);
  w.line(`let column = local % ${side}u;`);
  w.line(`let row0 = local / ${side}u;`);
  decode(w, c.batch, "batch");
  const sums = declareSums(w, c, { rows, columns });
  const m = module.number("m", size(c.m)), n = module.number("n", size(c.n)), k = module.number("k", size(c.k));
  w.open(`for (var start = 0u; start < ${k}; start += ${DEPTH}u)`);
  w.line("workgroupBarrier();");
  const tileA = loadTile(w, c, { name: "tileA", e: c.a, axes: c.m, start: "rowStart", count: m, side });
  const tileB = loadTile(w, c, { name: "tileB", e: c.b, axes: c.n, start: "columnStart", count: n, side });
  w.line("workgroupBarrier();");
  w.open(`for (var depth = 0u; depth < ${DEPTH}u; depth++)`);
  const dtype = accumulatorType(c.dtype);
  w.line(`let a = ${fromStorage(dtype, `${tileA}[depth * ${side + 1}u + row0]`, rows)};`);
  w.line(`let b = ${fromStorage(dtype, `${tileB}[depth * ${side + 1}u + column]`, columns)};`);
  multiply(w, c, sums, rows === 1 ? ["a"] : range(rows).map((row) => `a.${components[row]}`), ["b"], columns);
  w.closeAll(2);
  storeSums(w, c, { rows, columns }, sums, "(rowStart + row0)", "(columnStart + column)");
  return module.build(w.lines, side * side, groups);
}

interface OperandTile {
  readonly name: string;
  readonly e: Expr;
  readonly axes: readonly Axis[];
  readonly start: string;
  readonly count: string;
  readonly side: number;
}

/** Fills a tile of one operand; what lies past the end of the depth is zero. Rows are one element longer, against bank conflicts. */
function loadTile(w: Writer, c: Contraction, { name, e, axes, start, count, side }: OperandTile): string {
  const width: Width = lanesOf(axes);
  const dtype = accumulatorType(c.dtype);
  const tile = w.module.workgroupArray(name, storageType(dtype, width), DEPTH * (side + 1));
  w.open(`for (var u = local; u < ${DEPTH * side}u; u += ${side * side}u)`);
  const alongDepth = contiguousIn(e, c.k.at(-1));
  w.line(`let depth = u ${alongDepth ? `% ${DEPTH}u` : `/ ${side}u`};`);
  w.line(`let lane = u ${alongDepth ? `/ ${DEPTH}u` : `% ${side}u`};`);
  const k = w.module.number("k", size(c.k));
  w.line(`let inside = start + depth < ${k};`);
  w.line(`let at = min(start + depth, ${k} - 1u);`);
  decode(w, c.k, "at");
  bindLanes(w, axes, `(${start} + lane)`, count, width);
  const zero = splat(dtype, identity("sum", c.dtype), width);
  const value = toStorage(dtype, `select(${zero}, ${operand(w, c, e, width)}, inside)`, width);
  w.line(`${tile}[depth * ${side + 1}u + lane] = ${value};`);
  w.close();
  return tile;
}
