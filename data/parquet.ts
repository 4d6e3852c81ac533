/**
 * Tables from Parquet files. An entry point of its own, for it alone depends on a package, which reads them.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 * import { readParquet } from "@tensaur/tensaur/data/parquet";
 *
 * async function train(path: string): Promise<void> {
 *   const table = await readParquet(path, { columns: ["width", "height", "label"] });
 *   for (const batch of new data.DataLoader(table, { batchSize: 32, shuffle: true })) console.log(batch);
 * }
 * ```
 *
 * @module
 */

// Whoever imports this part alone needs tensors with methods, too.
import "../tensor/methods.ts";
import {
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type SchemaTree,
  snappyUncompress,
} from "hyparquet";
import { TensaurError, ValueError } from "../tensor/mod.ts";
import { builtin, type FileSource } from "./files.ts";
import { parquetColumn, type ParquetColumnType } from "./parquet_column.ts";
import { checkUnpacked, ColumnPages, FREE, RATIO } from "./parquet_pages.ts";
import { openSource, type Source } from "./source.ts";
import { type Cell, type Column, TableDataset } from "./table.ts";

export type { Cell, Column, FileSource, ParquetColumnType };

/** Options of `readParquet`. */
export interface ParquetOptions<T = Record<string, Cell>> {
  /** The columns to keep, in this order; others are not read. Default all. */
  readonly columns?: readonly string[];
  /** What columns become; what the file says of their elements by default. */
  readonly types?: Readonly<Record<string, ParquetColumnType>>;
  /** The first row to read. Default 0. */
  readonly start?: number;
  /** The row before which to stop. Default the end. */
  readonly stop?: number;
  /** What becomes of a row. */
  readonly transform?: (row: Record<string, Cell>) => T;
}

/**
 * The rows of a Parquet file, as objects with a value for each column. Made by {@linkcode readParquet}.
 *
 * ```ts
 * import { type ParquetDataset, readParquet } from "@tensaur/tensaur/data/parquet";
 *
 * async function rows(path: string): Promise<number> {
 *   const table: ParquetDataset = await readParquet(path);
 *   return table.length;
 * }
 * console.log(await rows("missing.parquet").catch((error) => error.name)); // TensaurError
 * ```
 */
export class ParquetDataset<T = Record<string, Cell>> extends TableDataset<T> {}

type Zlib = Record<
  "gunzipSync" | "brotliDecompressSync" | "zstdDecompressSync",
  ((bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array) | undefined
>;

function unpacker(name: keyof Zlib, codec: string): (bytes: Uint8Array, length: number) => Uint8Array {
  return (bytes, length) => {
    checkUnpacked(bytes, length);
    const unpack = builtin<Zlib>("node:zlib", `uncompress ${codec}`)[name];
    if (unpack === undefined) throw new ValueError(`it is compressed by ${codec}, which this host does not have`);
    return new Uint8Array(unpack(bytes, { maxOutputLength: Math.max(1, length) }));
  };
}

const compressors: Compressors = {
  SNAPPY(bytes, length) {
    checkUnpacked(bytes, length);
    const into = new Uint8Array(length);
    snappyUncompress(bytes, into);
    return into;
  },
  GZIP: unpacker("gunzipSync", "gzip"),
  BROTLI: unpacker("brotliDecompressSync", "Brotli"),
  ZSTD: unpacker("zstdDecompressSync", "Zstandard"),
};

/** What the elements of a column are by the file's schema. */
function suggestedType({ element, children }: SchemaTree, name: string): ParquetColumnType {
  if (children.length > 1) {
    throw new ValueError(`Cannot read column ${name}: it holds records. Leave it out with { columns }`);
  }
  if (children.length === 1) return suggestedType(children[0]!, name);
  const { type, logical_type: logical, converted_type: converted } = element;
  const kind = logical?.type ?? converted ?? "";
  if (kind === "DECIMAL" || kind === "FLOAT16" || type === "FLOAT" || type === "DOUBLE") return "float32";
  if (kind === "DATE" || kind.startsWith("TIMESTAMP")) return "string";
  if (type === "BOOLEAN") return "bool";
  return type === "INT32" || type === "INT64" ? "int32" : "string";
}

/** The columns that are asked for, by name, in the schema's terms. */
function chosenColumns(
  metadata: FileMetaData,
  name: string,
  options: ParquetOptions<unknown>,
): Map<string, SchemaTree> {
  const { children } = parquetSchema(metadata), trees = new Map(children.map((child) => [child.element.name, child]));
  if (trees.size < children.length) throw new ValueError(`Cannot read ${name} as Parquet: two columns have one name`);
  const wanted = options.columns ?? [...trees.keys()];
  for (const column of [...wanted, ...Object.keys(options.types ?? {})]) {
    if (trees.has(column)) continue;
    throw new ValueError(`Cannot take column ${column} of ${name}: there are ${[...trees.keys()].join(", ")}`);
  }
  return new Map(wanted.map((column) => [column, trees.get(column)!]));
}

/** The number of rows from `start` to before `stop`, and where they begin. */
function rowsOf(metadata: FileMetaData, name: string, { start = 0, stop }: ParquetOptions<unknown>): [number, number] {
  const total = Number(metadata.num_rows), end = Math.min(stop ?? total, total);
  if (Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end) return [start, end];
  throw new ValueError(
    `Cannot read rows ${start} to ${
      stop ?? "the end"
    } of ${name}: it has ${total}, and expected whole numbers in order`,
  );
}

/** Throws where rows or pages of the columns promise what they do not have. */
function checkPages(
  source: Source,
  metadata: FileMetaData,
  chosen: ReadonlyMap<string, SchemaTree>,
  start: number,
  stop: number,
): void {
  const refuse = (reason: string): never => {
    throw new ValueError(`Cannot read ${source.name} as Parquet: ${reason}`);
  };
  let begin = 0;
  for (const { num_rows: count, columns } of metadata.row_groups) {
    const rows = Number(count), end = begin + rows, values = rows * Math.max(1, chosen.size);
    if (!(rows >= 0) || values > FREE && values > RATIO * source.size) {
      refuse(`${values} values in ${source.size} bytes`);
    }
    for (const { meta_data: column } of end > start && begin < stop ? columns : []) {
      if (column === undefined) return refuse("a column without a place");
      const [name] = column.path_in_schema;
      if (name === undefined || !chosen.has(name)) continue;
      const path = [parquetSchema(metadata), ...treePath(chosen.get(name)!, column.path_in_schema.slice(1))];
      const from = Number(column.dictionary_page_offset || column.data_page_offset);
      const chunk = source.read(from, Number(column.total_compressed_size));
      new ColumnPages(column.path_in_schema.join("."), column, path, rows, compressors).check(chunk);
    }
    begin = end;
  }
  if (begin !== Number(metadata.num_rows)) refuse(`${begin} rows in its groups, and ${metadata.num_rows} in all`);
}

/** The schema's elements from a column to a leaf of it. */
function treePath(tree: SchemaTree, names: readonly string[]): SchemaTree[] {
  const [name, ...rest] = names, child = tree.children.find(({ element }) => element.name === name);
  if (name === undefined) return [tree];
  if (child === undefined) throw new ValueError(`its schema has no ${name} in ${tree.element.name}`);
  return [tree, ...treePath(child, rest)];
}

async function readColumns(source: Source, options: ParquetOptions<unknown>): Promise<[Map<string, Column>, number]> {
  const file = {
    byteLength: source.size,
    slice: (start: number, end = source.size) => source.read(start, end - start).buffer,
  };
  // Not as maps: what a file says of those may keep the reader busy for ever.
  const metadata = await parquetMetadataAsync(file, { geoparquet: false });
  const chosen = chosenColumns(metadata, source.name, options), [start, stop] = rowsOf(metadata, source.name, options);
  checkPages(source, metadata, chosen, start, stop);
  // Where pages are, their headers say: an index that says otherwise is not asked.
  const scan = await parquetScan({
    file,
    metadata,
    columns: [...chosen.keys()],
    compressors,
    useOffsetIndex: false,
    geoparquet: false,
  });
  const columns = new Map<string, Column>();
  for (const [name, tree] of chosen) {
    const suggested = suggestedType(tree, name), values: unknown[] = [];
    for (const { rowStart, rowEnd } of scan.ranges) {
      const from = Math.max(rowStart, start), to = Math.min(rowEnd, stop);
      if (from >= to) continue;
      for (const value of await scan.readColumn({ column: name, rowStart: from, rowEnd: to })) values.push(value);
    }
    if (values.length !== stop - start) {
      throw new ValueError(
        `Cannot read ${source.name} as Parquet: column ${name} has ${values.length} rows, and expected ${stop - start}`,
      );
    }
    columns.set(name, parquetColumn(name, values, suggested, options.types?.[name]));
  }
  return [columns, stop - start];
}

/**
 * The rows of a Parquet file, of which only the columns and rows that are asked for are read. What it gives is a data set and a table:
 * `column(name)` is a tensor or a list of texts, `tensor(names)` a tensor of several columns, `at(i)` a row.
 *
 * Integers become int32, and one that does not fit is an error; floats and decimals float32 (`types` may ask for float64, which the CPU
 * has); truth values bool. Missing numbers are NaN, and make integers float32. Texts stay texts, a missing one is empty; dates and times
 * become texts; `"category"` numbers the different texts of a column in sorted order. Lists that are equally long in all rows become
 * further dimensions. Pages may be compressed by Snappy, gzip, Brotli or Zstandard.
 *
 * ```ts
 * import { readParquet } from "@tensaur/tensaur/data/parquet";
 *
 * async function load(path: string): Promise<void> {
 *   const table = await readParquet(path, { columns: ["embedding", "label"], types: { label: "category" } });
 *   console.log(table.length, table.column("embedding"), table.categories("label"));
 * }
 * ```
 *
 * @param source A path, or the content of a file.
 * @throws {ValueError} for a damaged file, an unknown column, a value that its type does not allow, records, lists of several lengths
 * @see {@link https://parquet.apache.org/docs/file-format/}
 */
export async function readParquet<T = Record<string, Cell>>(
  source: FileSource,
  options: ParquetOptions<T> = {},
): Promise<ParquetDataset<T>> {
  const opened = openSource(source);
  try {
    const [columns, length] = await readColumns(opened, options as ParquetOptions<unknown>);
    return new ParquetDataset<T>(columns, length, options.transform);
  } catch (error) {
    if (error instanceof TensaurError && error.message.startsWith("Cannot")) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ValueError(`Cannot read ${opened.name} as Parquet: ${reason}`, { cause: error });
  } finally {
    opened[Symbol.dispose]();
  }
}
