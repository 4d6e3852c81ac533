/**
 * Tables from CSV files.
 *
 * @module
 */

import { ValueError } from "../tensor/mod.ts";
import { column, type ColumnType } from "./csv_column.ts";
import { csvRows, type Row } from "./csv.ts";
import { type FileSource, nameOf, readBytes } from "./files.ts";
import { type Column, TableDataset } from "./table.ts";

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
export class CSVDataset<T = Record<string, number | string>> extends TableDataset<T, number | string> {
  /** The rows of a file, given by its path or its content. */
  constructor(source: FileSource, options: CSVOptions<T> = {}) {
    const { columns, length } = readTable(source, options);
    super(columns, length, options.transform);
  }
}

function readTable<T>(source: FileSource, options: CSVOptions<T>): { columns: Map<string, Column>; length: number } {
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
      `Cannot read ${nameOf(source)}: line ${line} has ${fields.length} fields, and there are ${names.length} columns`,
    );
  }
  const chosen = options.columns ?? names;
  for (const name of [...chosen, ...Object.keys(types)]) {
    if (!names.includes(name)) {
      throw new ValueError(`Cannot take column ${name} of ${nameOf(source)}: there are ${names.join(", ")}`);
    }
  }
  const absent = new Set(missing);
  const columns = chosen.map((name): [string, Column] => {
    const k = names.indexOf(name);
    const fields = rows.map(({ fields, line }) => ({ ...fields[k]!, line }));
    return [name, column(name, fields, absent, types[name])];
  });
  return { columns: new Map(columns), length: rows.length };
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
