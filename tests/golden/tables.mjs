// deno-lint-ignore-file no-import-prefix
// Writes tables.json: Parquet files by arrow-rs (parquet-wasm 0.7) in base64, which tests/data/parquet_test.ts reads.
//
// Run with: deno run -A tests/golden/tables.mjs > tests/golden/tables.json
import * as arrow from "npm:apache-arrow@^21";
import init, * as parquet from "npm:parquet-wasm@^0.7/esm";

await init();
const rows = 5, list = new arrow.List(new arrow.Field("item", new arrow.Float32(), true));
const vector = (type, values) => arrow.vectorFromArray(values, type);
const columns = {
  int: vector(new arrow.Int32(), [1, -2, 3, 4, 5]),
  long: vector(new arrow.Int64(), [1n, -2n, 3n, 4n, 5n]),
  large: vector(new arrow.Int64(), [1n, 2n ** 40n, 3n, 4n, 5n]),
  byte: vector(new arrow.Uint8(), [0, 255, 7, 8, 9]),
  some: vector(new arrow.Int32(), [1, null, 3, null, 5]),
  float: vector(new arrow.Float32(), [0.5, 1.5, NaN, Infinity, -1]),
  double: vector(new arrow.Float64(), [0.1, 0.2, null, 0.4, 0.5]),
  truth: vector(new arrow.Bool(), [true, false, true, true, false]),
  text: vector(new arrow.Utf8(), ["b", "a", null, "é", "b"]),
  day: vector(new arrow.DateDay(), [0, 1, 2, 3, 4].map((day) => new Date(day * 86400000))),
  embedding: vector(list, Array.from({ length: rows }, (_, i) => [i, i + 0.5, -i])),
  ragged: vector(list, [[1], [1, 2], [], [3], [4]]),
};
const table = new arrow.Table(columns);
const { Compression, WriterPropertiesBuilder, WriterVersion, Table } = parquet;
const write = (compression, version = WriterVersion.V1, group = 1000) => {
  const properties = new WriterPropertiesBuilder().setCompression(compression).setWriterVersion(version)
    .setMaxRowGroupSize(group).build();
  const wasm = Table.fromIPCStream(arrow.tableToIPC(table, "stream"));
  return btoa(String.fromCharCode(...parquet.writeParquet(wasm, properties)));
};
console.log(JSON.stringify(
  {
    plain: write(Compression.UNCOMPRESSED),
    snappy: write(Compression.SNAPPY, WriterVersion.V2, 2),
    gzip: write(Compression.GZIP),
    brotli: write(Compression.BROTLI),
    zstd: write(Compression.ZSTD, WriterVersion.V2),
    lz4: write(Compression.LZ4_RAW),
  },
  undefined,
  2,
));
