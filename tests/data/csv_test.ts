import { assertEquals, assertThrows } from "@std/assert";
import * as torch from "../../mod.ts";
import { data, type Tensor } from "../../mod.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const table = (text: string, options: data.CSVOptions = {}) => new data.CSVDataset(bytes(text), options);
const values = (column: Tensor | string[]) => Array.isArray(column) ? column : [column.dtype, column.tolist()];

Deno.test("a CSV file becomes rows and columns", () => {
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, "\ufeffx,y,kind\r\n1,2.5,red\r\n\r\n-3,1e2,blue");
  const rows = new data.CSVDataset(path);
  assertEquals([...rows], [{ x: 1, y: 2.5, kind: "red" }, { x: -3, y: 100, kind: "blue" }]);
  assertEquals([rows.columns, rows.length, rows.at(-1).kind], [["x", "y", "kind"], 2, "blue"]);
  assertEquals(values(rows.column("x")), ["int32", [1, -3]]);
  assertEquals(values(rows.column("y")), ["float32", [2.5, 100]]);
  assertEquals(values(rows.column("kind")), ["red", "blue"]);
  assertEquals(rows.tensor(["y", "x"]).tolist(), [[2.5, 1], [100, -3]]);
  Deno.removeSync(path);
});

Deno.test("quotes hold separators, line ends and quotes", () => {
  const rows = table('a,b\n"1,5","say ""no""\nor yes"\n"",x\n');
  assertEquals([...rows], [{ a: "1,5", b: 'say "no"\nor yes' }, { a: "", b: "x" }]);
  assertThrows(() => table('a\n"b'), torch.ValueError, "opened on line 2");
  assertThrows(() => table('a\n"b"c'), torch.ValueError, "c follows a closing quote");
  // Numbers in quotes are text.
  assertEquals(table('a\n"1"\n').column("a"), ["1"]);
});

Deno.test("missing values are NaN among numbers, and empty among texts", () => {
  const rows = table("a,b,c\n1,,x\nNA,2,N/A\n");
  assertEquals(values(rows.column("a")), ["float32", [1, NaN]]);
  assertEquals(values(rows.column("b")), ["float32", [NaN, 2]]);
  assertEquals(rows.column("c"), ["x", ""]);
  assertEquals(values(table("a\n1\n?\n", { missing: ["?"] }).column("a")), ["float32", [1, NaN]]);
  assertEquals(values(table("a,b\n,1\n").column("a")), ["float32", [NaN]]);
  assertEquals(values(table("a\ninf\n-Infinity\n").column("a")), ["float32", [Infinity, -Infinity]]);
});

Deno.test("columns are chosen, named and typed", () => {
  const text = "1;2;b\n3;4;a\n";
  const plain = table(text, { header: false, separator: ";" });
  assertEquals(plain.columns, ["0", "1", "2"]);
  const rows = table(text, {
    header: ["x", "y", "kind"],
    separator: ";",
    columns: ["kind", "y"],
    types: { kind: "category", y: "float32" },
  });
  assertEquals([rows.at(0), rows.categories("kind")], [{ kind: 1, y: 2 }, ["a", "b"]]);
  assertEquals(values(rows.column("y")), ["float32", [2, 4]]);
  assertEquals(values(rows.column("kind")), ["int32", [1, 0]]);
  assertEquals(table("a\n1\n2\n", { types: { a: "string" } }).column("a"), ["1", "2"]);
  assertThrows(
    () => table("a\n1.5\n", { types: { a: "int32" } }),
    torch.ValueError,
    'line 2: expected a whole number, found "1.5"',
  );
  assertThrows(() => table("a,b\n,1\n", { types: { a: "int32" } }), torch.ValueError, "use float32");
  assertThrows(() => table("a\nx\n", { types: { a: "float32" } }), torch.ValueError, 'expected a number, found "x"');
});

Deno.test("a table that makes no sense is refused", () => {
  assertThrows(() => table(""), torch.ValueError, "empty");
  assertThrows(() => table("a,b\n1\n"), torch.ValueError, "line 2 has 1 fields");
  assertThrows(() => table("a,a\n1,2\n"), torch.ValueError, "two columns are called a");
  assertThrows(() => table("a\n1\n", { columns: ["b"] }), torch.ValueError, "column b");
  assertThrows(() => table("a\n1\n", { types: { b: "int32" } }), torch.ValueError, "column b");
  assertThrows(() => table("a\nx\n").tensor(), torch.ValueError, "it holds text");
  assertThrows(() => table("a\nx\n").column("b"), torch.ValueError, "there are a");
  assertThrows(() => table("a\n1\n", { separator: '"' }), torch.ValueError, "one character");
  assertThrows(() => table("a\n1\n").at(1), torch.IndexError, "sample 1 of 1");
});

Deno.test("a batch keeps each column's type, and rows become what one wants", () => {
  const text = "x,y,kind\n1.5,1,a\n2,2,b\n3,3,c\n";
  const batches = [...new data.DataLoader(table(text), { batchSize: 2 })] as unknown as Record<
    string,
    Tensor | string[]
  >[];
  assertEquals(batches.map((batch) => Object.values(batch).map(values)), [
    [["float32", [1.5, 2]], ["int32", [1, 2]], ["a", "b"]],
    [["float32", [3]], ["int32", [3]], ["c"]],
  ]);
  const pairs = new data.CSVDataset(bytes(text), {
    transform: ({ x, y }) => [[x as number, 0.5], y as number] as const,
  });
  const [batch] = new data.DataLoader(pairs, { batchSize: 3 });
  const [inputs, targets] = batch!;
  assertEquals([inputs.map((t) => t.tolist()), targets.tolist()], [[[1.5, 2, 3], [0.5, 0.5, 0.5]], [1, 2, 3]]);
});
