/**
 * Tables from CSV files.
 *
 * @module
 */

import { type CreationOptions, type Tensor, tensor, ValueError } from "../tensor/mod.ts";
import { type Column, column, type ColumnType } from "./csv_column.ts";
import { csvRows, type Row } from "./csv.ts";
import { Dataset, position } from "./dataset.ts";
import { type FileSource, nameOf, readBytes } from "./files.ts";

/** Options of `CSVDataset`. */
export interface CSVOptions<T = Record<string, number | string>> {
  /** Whether the first row names the columns, or what their names are where none does. Default true. */
  readonly header?: boolean | readonly string[];
  /** The columns to keep, in this order. Default all. */
  readonly columns?: readonly string[];
  /** What columns hold; what their values look like by default: int32, float32 or string. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** What stands for a missing value, unless quoted. Default empty, NA, N/A, NaN, nan, null, None. */
  readonly missing?: readonly string[];
  /** What stands between fields. Default a comma. */
  readonly separator?: string;
  /** What becomes of a row. */
  readonly transform?: (row: Record<string, number | string>) => T;
}

const MISSING = ["", "NA", "N/A", "NaN", "nan", "null", "None"];

/**
 * The rows of a CSV file, as objects with a value for each column.
 *
 * Fields may be quoted, with separators, line ends and doubled quotes within. A column of whole numbers is int32, one of numbers with
 * fractions or missing values (NaN) is float32, any other is text; `types` says otherwise, and `"category"` numbers the different texts of a
 * column in sorted order. A missing text is empty. A row of another length, an unknown column, a value that its type does not allow: a
 * `ValueError` with line and column.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * const text = 'width,height,kind\n1.5,2,"small, red"\n3,,large\n';
 * const table = new data.CSVDataset(new TextEncoder().encode(text), { types: { kind: "category" } });
 * console.log(table.at(0)); // { width: 1.5, height: 2, kind: 1 }
 * console.log(table.categories("kind")); // [ "large", "small, red" ]
 * console.log(`${table.tensor(["width", "height"])}`);
 * // tensor([[1.5000, 2.0000],
 * //         [3.0000,    nan]])
 * ```
 *
 * @throws {ValueError} for a separator that is not one character, an empty file, a column that is not there or is there twice, or text in a tensor
 * @see {@link https://www.rfc-editor.org/rfc/rfc4180}
 */
export class CSVDataset<T = Record<string, number | string>> extends Dataset<T> {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** Number of rows. */
  override readonly length: number;
  /** Several rows at once, column by column, where nothing is done to them. */
  readonly batch?: (indices: readonly number[]) => Record<string, Tensor | string[]>;
  readonly #columns: ReadonlyMap<string, Column>;
  readonly #transform: CSVOptions<T>["transform"];

  /** The rows of a file, given by its path or its content. */
  constructor(source: FileSource, options: CSVOptions<T> = {}) {
    super();
    const { header = true, separator = ",", missing = MISSING, types = {} } = options;
    if (separator.length !== 1 || /["\r\n]/.test(separator)) {
      throw new ValueError(`Cannot separate fields by ${JSON.stringify(separator)}: expected one character`);
    }
    const rows = [...csvRows(new TextDecoder().decode(readBytes(source)), separator)];
    const names = columnNames(source, header, rows);
    if (header === true) rows.shift();
    for (const { line, fields } of rows) {
      if (fields.length === names.length) continue;
      throw new ValueError(
        `Cannot read ${
          nameOf(source)
        }: line ${line} has ${fields.length} fields, and there are ${names.length} columns`,
      );
    }
    this.columns = options.columns ?? names;
    for (const name of [...this.columns, ...Object.keys(types)]) {
      if (!names.includes(name)) {
        throw new ValueError(`Cannot take column ${name} of ${nameOf(source)}: there are ${names.join(", ")}`);
      }
    }
    const absent = new Set(missing);
    this.#columns = new Map(this.columns.map((name) => {
      const k = names.indexOf(name);
      const fields = rows.map(({ fields, line }) => ({ ...fields[k]!, line }));
      return [name, column(name, fields, absent, types[name])];
    }));
    this.length = rows.length;
    this.#transform = options.transform;
    if (options.transform === undefined) {
      this.batch = (indices) => {
        const chosen = indices.map((index) => position(index, this.length));
        return Object.fromEntries([...this.#columns].map(([name, column]) => [name, taken(column, chosen)]));
      };
    }
  }

  /** A row. */
  override at(index: number): T {
    const i = position(index, this.length);
    const row = Object.fromEntries([...this.#columns].map(([name, { values }]) => [name, values[i]!]));
    return this.#transform === undefined ? row as T : this.#transform(row);
  }

  /** All values of a column: a tensor, or a list of texts. */
  column(name: string): Tensor | string[] {
    const { values } = this.#column(name);
    return Array.isArray(values) ? [...values] : tensor(values);
  }

  /** The texts that a column of categories numbers, in order. */
  categories(name: string): string[] {
    return [...this.#column(name).categories];
  }

  /** Columns of numbers as a float tensor of shape [rows, columns]; all columns by default. */
  tensor(names: readonly string[] = this.columns, options: CreationOptions = {}): Tensor {
    const columns = names.map((name) => {
      const { values } = this.#column(name);
      if (!Array.isArray(values)) return values;
      throw new ValueError(
        `Cannot make a tensor of column ${name}: it holds text. Leave it out, or make it a "category"`,
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

function columnNames(source: FileSource, header: boolean | readonly string[], rows: readonly Row[]): readonly string[] {
  if (typeof header !== "boolean") return header;
  const [first] = rows;
  if (first === undefined) {
    if (!header) return [];
    throw new ValueError(`Cannot read ${nameOf(source)}: it is empty, without a header`);
  }
  const names = first.fields.map(({ text }, i) => header ? text : String(i));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new ValueError(`Cannot read ${nameOf(source)}: two columns are called ${twice}`);
  return names;
}

function taken({ values }: Column, indices: readonly number[]): Tensor | string[] {
  if (Array.isArray(values)) return indices.map((i) => values[i]!);
  return tensor(
    values instanceof Int32Array
      ? Int32Array.from(indices, (i) => values[i]!)
      : Float32Array.from(indices, (i) => values[i]!),
  );
}
