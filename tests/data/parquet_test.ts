import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readParquet } from "../../data/parquet.ts";
import { data, TensaurError, Tensor, ValueError } from "../../mod.ts";
import golden from "../golden/tables.json" with { type: "json" };

/** A file that arrow-rs wrote. */
function file(name: keyof typeof golden): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(golden[name]), (character) => character.charCodeAt(0));
}

const columns = ["int", "long", "byte", "some", "float", "double", "truth", "text", "day", "embedding"];
const expected: Record<string, unknown> = {
  int: [1, -2, 3, 4, 5],
  long: [1, -2, 3, 4, 5],
  byte: [0, 255, 7, 8, 9],
  some: [1, NaN, 3, NaN, 5],
  float: [0.5, 1.5, NaN, Infinity, -1],
  double: [0.1, 0.2, NaN, 0.4, 0.5].map(Math.fround),
  truth: [true, false, true, true, false],
  text: ["b", "a", "", "é", "b"],
  day: ["1970-01-01", "1970-01-02", "1970-01-03", "1970-01-04", "1970-01-05"].map((day) => `${day}T00:00:00.000Z`),
  embedding: [0, 1, 2, 3, 4].map((i) => [i, i + 0.5, -i || 0]),
};
const dtypes = ["int32", "int32", "int32", "float32", "float32", "float32", "bool", undefined, undefined, "float32"];

for (const name of ["plain", "snappy", "gzip", "brotli", "zstd"] as const) {
  Deno.test(`columns of all types are read from a file that is ${name}`, async () => {
    const table = await readParquet(file(name), { columns });
    assertEquals([table.columns, table.length], [columns, 5]);
    columns.forEach((column, i) => {
      const found = table.column(column);
      assertEquals([column, found instanceof Tensor ? found.dtype : undefined], [column, dtypes[i]]);
      assertEquals([column, found instanceof Tensor ? found.tolist() : found], [column, expected[column]]);
    });
  });
}

Deno.test("rows, batches and tensors of a table are taken as from any data", async () => {
  const path = `${Deno.makeTempDirSync()}/t.parquet`;
  Deno.writeFileSync(path, file("snappy"));
  const table = await readParquet(path, { columns: ["text", "int", "truth", "embedding"] });
  const { embedding, ...row } = table.at(-2);
  assertEquals([row, (embedding as Tensor).tolist()], [{ text: "é", int: 4, truth: true }, [3, 3.5, -3]]);
  assertEquals(table.tensor(["int", "truth"]).tolist(), [[1, 1], [-2, 0], [3, 1], [4, 1], [5, 0]]);
  const [batch] = new data.DataLoader(table, { batchSize: 2 });
  const { text, int, truth, embedding: rows } = batch as Record<string, Tensor>;
  assertEquals([text as unknown, int!.tolist(), truth!.tolist(), rows!.tolist()], [
    ["b", "a"],
    [1, -2],
    [true, false],
    [[0, 0.5, 0], [1, 1.5, -1]],
  ]);
  const doubled = await readParquet(path, { columns: ["int"], transform: ({ int }) => 2 * (int as number) });
  assertEquals([...doubled], [2, -4, 6, 8, 10]);
});

Deno.test("only the rows that are asked for are read", async () => {
  // Groups of two rows.
  const [start, stop] = [1, 4];
  const table = await readParquet(file("snappy"), { columns: ["int", "text"], start, stop });
  assertEquals([...table], [{ int: -2, text: "a" }, { int: 3, text: "" }, { int: 4, text: "é" }]);
  assertEquals((await readParquet(file("snappy"), { columns: ["int"], start: 5 })).length, 0);
  assertEquals((await readParquet(file("snappy"), { columns: [] })).length, 5);
  for (const options of [{ start: -1 }, { start: 6 }, { start: 2, stop: 1 }, { start: 0.5 }]) {
    await assertRejects(() => readParquet(file("snappy"), options), ValueError, "it has 5");
  }
});

Deno.test("types may be asked for", async () => {
  const types = { large: "float32", some: "float32", truth: "int32", text: "category", int: "string" } as const;
  const table = await readParquet(file("plain"), { columns: Object.keys(types), types });
  const found = Object.keys(types).map((name) => table.column(name));
  assertEquals(found.map((column) => column instanceof Tensor ? column.tolist() : column), [
    [1, 2 ** 40, 3, 4, 5],
    [1, NaN, 3, NaN, 5],
    [1, 0, 1, 1, 0],
    [2, 1, 0, 3, 2],
    ["1", "-2", "3", "4", "5"],
  ]);
  assertEquals(table.categories("text"), ["", "a", "b", "é"]);
});

Deno.test("float64 keeps the digits of a double", async () => {
  const table = await readParquet(file("plain"), { columns: ["double"], types: { double: "float64" } });
  assertEquals(table.at(0), { double: 0.1 });
});

Deno.test("columns that are no tensors, and damaged files, are refused with a reason", async () => {
  const plain = file("plain");
  await assertRejects(
    () => readParquet(plain, { columns: ["large"] }),
    ValueError,
    "row 1 has 1099511627776, expected int32",
  );
  await assertRejects(() => readParquet(plain, { columns: ["ragged"] }), ValueError, "row 1 has no list of 1");
  await assertRejects(() => readParquet(plain, { columns: ["none"] }), ValueError, "Cannot take column none");
  await assertRejects(
    () => readParquet(plain, { columns: ["some"], types: { some: "int32" } }),
    ValueError,
    "row 1 has null, expected int32",
  );
  await assertRejects(
    () => readParquet(plain, { columns: ["embedding"], types: { embedding: "string" } }),
    ValueError,
    "holds lists, records or bytes",
  );
  await assertRejects(() => readParquet(file("lz4"), { columns: ["int"] }), ValueError, "LZ4_RAW");
  await assertRejects(() => readParquet(plain.slice(0, -1)), ValueError, "as Parquet");
  await assertRejects(() => readParquet(new Uint8Array()), ValueError, "as Parquet");
  await assertRejects(() => readParquet("none.parquet"), TensaurError, "no such file");
  const table = await readParquet(plain, { columns: ["embedding", "text"] });
  assertThrows(() => table.tensor(["embedding"]), ValueError, "it holds lists");
  assertThrows(() => table.tensor(["text"]), ValueError, "it holds text");
  assert(table.categories("text").length === 0);
});

/** The plain file with the bytes that are first found in it replaced by as many others. */
function changed(from: readonly number[], to: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = file("plain"), at = bytes.findIndex((_, i) => from.every((byte, k) => bytes[i + k] === byte));
  assert(at >= 0);
  bytes.set(to, at);
  return bytes;
}

Deno.test("files that promise what they do not have are refused, soon and without the memory for it", async () => {
  const ragged = [...new TextEncoder().encode("ragged")];
  const cases: [Uint8Array<ArrayBuffer>, string, string][] = [
    // A field of the schema that has -2 others.
    [changed([...ragged, 0x15, 0x02], [...ragged, 0x15, 0x03]), "ragged", "as Parquet"],
    // Levels of a column with missing values: a run of 1,407, and one of 134 million.
    [changed([2, 0, 0, 0, 3, 0x15], [2, 0, 0, 0, 0xfe, 0x15]), "some", "a run of 1407 values where 5 are left"],
    [
      changed([2, 0, 0, 0, 3, 0x15, 2, 3, 0x24], [2, 0, 0, 0, 0xfe, 0xff, 0xff, 0x7f, 0]),
      "some",
      "a run of 134217727 values",
    ],
    // A page of 63 values, and one of a negative size.
    [changed([0x2c, 0x15, 0x0a], [0x2c, 0x15, 0x7e]), "int", "63 values for 5 rows"],
    [changed([0x15, 4, 0x15, 0x28, 0x15, 0x28], [0x15, 4, 0x15, 0x28, 0x15, 0x27]), "int", "a page of -20 bytes"],
  ];
  for (const [bytes, column, message] of cases) {
    await assertRejects(() => readParquet(bytes, { columns: [column] }), ValueError, message);
  }
});
