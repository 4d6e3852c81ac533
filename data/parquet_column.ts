/**
 * The values of a Parquet file's column.
 *
 * @module
 */

import { ValueError } from "../tensor/mod.ts";
import type { Column } from "./table.ts";

/** What a column of a Parquet file may become; a category is the number of its text among the column's different texts. */
export type ParquetColumnType = "int32" | "float32" | "float64" | "bool" | "string" | "category";

/** A list's elements, one after the other, and its extents. */
interface Flat {
  readonly items: readonly unknown[];
  readonly row: readonly number[];
}

/** The extents of a value: none of a single one. */
function extents(value: unknown): number[] {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return [];
  const list = value as ArrayLike<unknown>;
  return [list.length, ...list.length === 0 ? [] : extents(list[0])];
}

/** The elements of lists that all have the same extents; `refuse` says that one has not. */
function flattened(values: readonly unknown[], refuse: (i: number, expected: readonly number[]) => never): Flat {
  const row = extents(values[0]);
  if (row.length === 0) return { items: values, row };
  const items: unknown[] = [];
  const add = (value: unknown, depth: number, i: number): void => {
    if (depth === row.length) return void items.push(value);
    const isList = Array.isArray(value) || ArrayBuffer.isView(value), list = value as ArrayLike<unknown>;
    if (!isList || list.length !== row[depth]) refuse(i, row);
    for (let k = 0; k < list.length; k++) add(list[k], depth + 1, i);
  };
  values.forEach((value, i) => add(value, 0, i));
  return { items, row };
}

const text = (value: unknown): string => value instanceof Date ? value.toISOString() : String(value ?? "");

/** The column of values as they were read: numbers, bigints, truth values, texts, dates, null, and lists of these. */
export function parquetColumn(
  name: string,
  values: readonly unknown[],
  suggested: ParquetColumnType,
  type?: ParquetColumnType,
): Column {
  const flat = flattened(values, (i, row) => {
    throw new ValueError(
      `Cannot read column ${name}: row ${i} has no list of ${
        row.join(" by ")
      }, as row 0 has. Leave it out with { columns }`,
    );
  });
  const { items, row } = flat, per = row.reduce((product, extent) => product * extent, 1);
  const missing = items.some((item) => item === null || item === undefined);
  const wanted = type ?? (missing && (suggested === "int32" || suggested === "bool") ? "float32" : suggested);
  const number = (item: unknown, i: number): number => {
    if (item === null || item === undefined) {
      if (wanted !== "int32" && wanted !== "bool") return NaN;
    } else if (typeof item === "number" || typeof item === "bigint" || typeof item === "boolean") {
      const value = Number(item), fits = wanted !== "int32" || value === (value | 0);
      if (fits) return value;
    }
    const found = typeof item === "object" && item !== null ? "another value" : `${item}`;
    const remedy = wanted === "int32"
      ? 'ask for "float32", "float64" or "string" in { types }'
      : 'ask for "string" in { types }';
    throw new ValueError(
      `Cannot read column ${name}: row ${
        Math.floor(i / per)
      } has ${found}, expected ${wanted}: ${remedy}, or leave the column out`,
    );
  };
  const shape = row.length === 0 ? {} : { row };
  switch (wanted) {
    case "int32":
      return { values: Int32Array.from(items, number), categories: [], ...shape };
    case "float32":
      return { values: Float32Array.from(items, number), categories: [], ...shape };
    case "float64":
      return { values: Float64Array.from(items, number), categories: [], ...shape };
    case "bool":
      return {
        values: Uint8Array.from(items, (item, i) => Number(number(item, i) !== 0)),
        dtype: "bool",
        categories: [],
        ...shape,
      };
    case "string":
    case "category": {
      if (
        row.length > 0 || items.some((item) => typeof item === "object" && item !== null && !(item instanceof Date))
      ) {
        throw new ValueError(
          `Cannot read column ${name}: it holds lists, records or bytes, and expected ${wanted}. Leave it out with { columns }`,
        );
      }
      const texts = items.map(text);
      if (wanted === "string") return { values: texts, categories: [] };
      const categories = [...new Set(texts)].sort(), codes = new Map(categories.map((category, i) => [category, i]));
      return { values: Int32Array.from(texts, (text) => codes.get(text)!), categories };
    }
  }
}
