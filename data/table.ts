/**
 * Data sets that are tables: rows of named columns.
 *
 * @module
 */

import { type CreationOptions, type DType, type Tensor, tensor, type TypedArray, ValueError } from "../tensor/mod.ts";
import { Dataset, position } from "./dataset.ts";

/** A column of a table. */
export interface Column {
  /** Row by row; where a row has a list, that list's elements follow one another. */
  readonly values: TypedArray | readonly string[];
  /** The dtype of numbers, where the array does not say it. */
  readonly dtype?: DType;
  /** The extents of what each row has; none for single values. */
  readonly row?: readonly number[];
  /** The texts that are numbered; none where they are not. */
  readonly categories: readonly string[];
}

/** What a row has in a column: a number, a text, a truth value, or a tensor where it has a list. */
export type Cell = number | string | boolean | Tensor;

/**
 * Rows of named columns: numbers, or texts. Base class of what reads tables from files.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * const table: data.TableDataset<unknown, number | string> = new data.CSVDataset(new TextEncoder().encode("a,b\n1,2\n3,4\n"));
 * console.log(table.length, table.at(1)); // 2 { a: 3, b: 4 }
 * ```
 */
export class TableDataset<T, C extends Cell = Cell> extends Dataset<T> {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** Number of rows. */
  override readonly length: number;
  /** Several rows at once, column by column, where nothing is done to them. */
  readonly batch?: (indices: readonly number[]) => Record<string, Tensor | string[]>;
  readonly #columns: ReadonlyMap<string, Column>;
  readonly #transform: ((row: Record<string, C>) => T) | undefined;

  /** Made by a subclass from columns of `length` values each. */
  constructor(columns: ReadonlyMap<string, Column>, length: number, transform?: (row: Record<string, C>) => T) {
    super();
    this.columns = [...columns.keys()];
    this.length = length;
    this.#columns = columns;
    this.#transform = transform;
    if (transform === undefined) {
      this.batch = (indices) => {
        const chosen = indices.map((index) => position(index, length));
        return Object.fromEntries([...columns].map(([name, column]) => [name, taken(column, chosen)]));
      };
    }
  }

  /** A row. */
  override at(index: number): T {
    const i = position(index, this.length);
    const row = Object.fromEntries([...this.#columns].map(([name, column]) => [name, cell(column, i) as C]));
    return this.#transform === undefined ? row as T : this.#transform(row);
  }

  /** All values of a column: a tensor, or a list of texts. */
  column(name: string): Tensor | string[] {
    const column = this.#column(name), { values } = column;
    return isTexts(values) ? [...values] : tensor(values, shaped(column, this.length));
  }

  /** The texts that a column of categories numbers, in order. */
  categories(name: string): string[] {
    return [...this.#column(name).categories];
  }

  /** Columns of numbers as a float tensor of shape [rows, columns]; all columns by default. */
  tensor(names: readonly string[] = this.columns, options: CreationOptions = {}): Tensor {
    const columns = names.map((name) => {
      const { values, row = [] } = this.#column(name);
      if (!isTexts(values) && row.length === 0) return values;
      throw new ValueError(
        `Cannot make a tensor of column ${name}: it holds ${row.length === 0 ? "text" : "lists"}. Leave it out, or ${
          row.length === 0 ? 'make it a "category"' : "take column()"
        }`,
      );
    });
    const all = Float64Array.from(
      { length: this.length * columns.length },
      (_, i) => columns[i % columns.length]![Math.floor(i / columns.length)]!,
    );
    return tensor(all, { dtype: "float32", ...options, shape: [this.length, columns.length] });
  }

  #column(name: string): Column {
    const found = this.#columns.get(name);
    if (found !== undefined) return found;
    throw new ValueError(`Cannot take column ${name}: there are ${this.columns.join(", ")}`);
  }
}

function isTexts(values: Column["values"]): values is readonly string[] {
  return Array.isArray(values);
}

/** The dtype and the shape of `count` rows of a column. */
function shaped({ dtype, row = [] }: Column, count: number): { shape: number[]; dtype?: DType } {
  return { shape: [count, ...row], ...dtype === undefined ? {} : { dtype } };
}

/** Elements of each row. */
function width({ row = [] }: Column): number {
  return row.reduce((product, extent) => product * extent, 1);
}

function cell(column: Column, i: number): Cell {
  const { values, dtype, row = [] } = column;
  if (isTexts(values)) return values[i]!;
  if (row.length === 0) return dtype === "bool" ? values[i] !== 0 : values[i]!;
  return tensor(values.slice(i * width(column), (i + 1) * width(column)), { ...shaped(column, 1), shape: row });
}

function taken(column: Column, indices: readonly number[]): Tensor | string[] {
  const { values } = column;
  if (isTexts(values)) return indices.map((i) => values[i]!);
  const size = width(column), chosen = values.slice(0, 0);
  const all = new (chosen.constructor as new (length: number) => TypedArray)(indices.length * size);
  indices.forEach((i, k) => all.set(values.subarray(i * size, (i + 1) * size), k * size));
  return tensor(all, shaped(column, indices.length));
}
