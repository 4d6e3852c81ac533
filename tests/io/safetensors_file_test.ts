import { assertEquals, assertThrows } from "@std/assert";
import { arange, io, ones, TensaurError, type Tensor, tensor, ValueError, zeros } from "../../mod.ts";
import { testOnDevices } from "../tensor/expect.ts";
import { safetensors as file } from "./written_safetensors.ts";

function one(dtype: string, data: ArrayBufferView, count: number): Tensor {
  const header = { x: { dtype, shape: [count], data_offsets: [0, data.byteLength] } };
  return io.readSafetensors(file(header, data), { device: "cpu" }).x!;
}

Deno.test("types that a device lacks become others that hold their values", () => {
  const expected: [string, ArrayBufferView, string, unknown[]][] = [
    ["F16", Float16Array.of(1.5, -2, Infinity), "float32", [1.5, -2, Infinity]],
    ["BF16", Uint16Array.of(0x3fc0, 0xc000, 0x7f80), "float32", [1.5, -2, Infinity]],
    ["F8_E4M3", Uint8Array.of(0x38, 0xc0, 0x01, 0x7e, 0x7f), "float32", [1, -2, 2 ** -9, 448, NaN]],
    ["F8_E5M2", Uint8Array.of(0x3c, 0xc2, 0x01, 0x7c), "float32", [1, -3, 2 ** -16, Infinity]],
    ["F8_E4M3FNUZ", Uint8Array.of(0x40, 0xc0, 0x01, 0x7f, 0x80, 0x00), "float32", [1, -1, 2 ** -10, 240, NaN, 0]],
    ["F8_E5M2FNUZ", Uint8Array.of(0x40, 0xc2, 0x01, 0x7f, 0x80, 0x00), "float32", [1, -1.5, 2 ** -17, 57344, NaN, 0]],
    ["F8_E8M0", Uint8Array.of(127, 128, 0, 254, 255), "float32", [1, 2, 2 ** -127, 2 ** 127, NaN]],
    ["F4", Uint8Array.of(0x10, 0x32, 0x54, 0x76, 0xf9), "float32", [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.5, -6]],
    ["F64", Float64Array.of(0.1), "float64", [0.1]],
    ["I64", BigInt64Array.of(-5n, 2147483647n, -2147483648n), "int32", [-5, 2147483647, -2147483648]],
    ["I64", BigInt64Array.of(2147483648n, 0n, 4294967295n), "uint32", [2147483648, 0, 4294967295]],
    ["U64", BigUint64Array.of(4294967295n), "uint32", [4294967295]],
    ["I16", Int16Array.of(-300, 7), "int32", [-300, 7]],
    ["I8", Int8Array.of(-128, 5), "int32", [-128, 5]],
    ["U16", Uint16Array.of(65535), "int32", [65535]],
    ["BOOL", Uint8Array.of(0, 1, 7), "bool", [false, true, true]],
  ];
  for (const [type, data, dtype, values] of expected) {
    const x = one(type, data, values.length);
    assertEquals([type, x.dtype, x.tolist()], [type, dtype, values]);
  }
  assertEquals(one("C64", Float32Array.of(1, 2, 3, -4), 2).tolist(), [[1, 2], [3, -4]]);
  for (const type of ["F6_E2M3", "F6_E3M2"]) {
    assertThrows(
      () => one(type, new Uint8Array(3), 4),
      ValueError,
      "its elements are floats of 6 bits",
    );
  }
  assertThrows(() => one("I64", BigInt64Array.of(-1n, 2147483648n), 2), ValueError, "its element 0 is -1");
  assertThrows(() => one("I64", BigInt64Array.of(-2147483649n), 1), ValueError, "-2147483649");
  assertThrows(() => one("U64", BigUint64Array.of(4294967296n), 1), ValueError, "4294967296");
});

testOnDevices("float64 in a file becomes what the device has", () => {
  const header = { x: { dtype: "F64", shape: [1], data_offsets: [0, 8] } };
  assertEquals(io.readSafetensors(file(header, Float64Array.of(0.5))).x!.add(1).tolist(), [1.5]);
});

testOnDevices("rows of a tensor are read with Python's positions", () => {
  const path = `${Deno.makeTempDirSync()}/m.safetensors`;
  const x = arange(12).reshape(4, 3);
  io.writeSafetensors(path, { before: ones([2]), x, flat: x.reshape(12), none: zeros([0, 3]), one: tensor(5) });
  using open = io.openSafetensors(path);
  const cases: [number | undefined, number | undefined, number, number][] = [
    [undefined, undefined, 0, 4],
    [1, 3, 1, 3],
    [-2, undefined, 2, 4],
    [0, -1, 0, 3],
    [-9, 9, 0, 4],
    [3, 1, 3, 3],
    [9, 10, 4, 4],
    [-Infinity, Infinity, 0, 4],
  ];
  for (const [start, stop, from, to] of cases) {
    const rows = open.getSlice("x", start, stop);
    assertEquals([[...rows.shape], rows.tolist()], [[to - from, 3], x.narrow(0, from, to - from).tolist()]);
  }
  assertEquals(open.getSlice("flat", 5, 7).tolist(), [5, 6]);
  assertEquals([...open.getSlice("none", 0, 5).shape], [0, 3]);
  assertThrows(() => open.getSlice("one"), TensaurError, "0-d");
  assertThrows(() => open.getSlice("x", 0.5), TensaurError, "whole numbers");
  assertThrows(() => open.getSlice("y"), TensaurError, '"y"');
});

Deno.test("rows that begin within a byte are refused, others of small floats are read", () => {
  const header = {
    even: { dtype: "F4", shape: [2, 2], data_offsets: [0, 2] },
    odd: { dtype: "F4", shape: [2, 3], data_offsets: [2, 5] },
  };
  const open = io.openSafetensors(file(header, Uint8Array.of(0x21, 0x43, 0x21, 0x43, 0x65)));
  assertEquals(open.getSlice("even", 1).tolist(), [[1.5, 2]]);
  assertEquals(open.getTensor("odd").tolist(), [[0.5, 1, 1.5], [2, 3, 4]]);
  assertThrows(() => open.getSlice("odd", 1), ValueError, "begins within a byte");
});

Deno.test("a file is open until it is closed, and says so afterwards", () => {
  const path = `${Deno.makeTempDirSync()}/m.safetensors`;
  io.writeSafetensors(path, { x: ones([4]) });
  const open = io.openSafetensors(path);
  // Another file in its place is none of its business.
  Deno.renameSync(path, `${path}.old`);
  io.writeSafetensors(path, { x: zeros([8]) });
  const x = open.getTensor("x");
  {
    using same = open;
    assertEquals(same.keys(), ["x"]);
  }
  open.close();
  assertThrows(() => open.getTensor("x"), ValueError, "it was closed");
  assertEquals([x.tolist(), open.info("x").shape], [[1, 1, 1, 1], [4]]);
});

Deno.test("files that are refused, and those read at once, are not left open", { sanitizeResources: true }, () => {
  const folder = Deno.makeTempDirSync(), broken = `${folder}/broken.safetensors`;
  Deno.writeTextFileSync(broken, "no file of weights");
  assertThrows(() => io.openSafetensors(broken), ValueError);
  const index = `${folder}/m.safetensors.index.json`;
  Deno.writeTextFileSync(index, JSON.stringify({ weight_map: { x: "good.safetensors", y: "broken.safetensors" } }));
  io.writeSafetensors(`${folder}/good.safetensors`, { x: ones([1]) });
  assertThrows(() => io.openSafetensors(index), ValueError, "broken.safetensors");
  for (
    const [path, value] of [["x.npy", ones([1])], ["x.npz", { x: ones([1]) }], ["x.pt", { x: ones([1]) }]] as const
  ) {
    io.save(value, `${folder}/${path}`);
    io.load(`${folder}/${path}`);
  }
  assertThrows(() => io.readPyTorch(broken), ValueError);
});

Deno.test("shards are written with an index and read by it, each tensor when it is asked for", () => {
  const folder = Deno.makeTempDirSync();
  const state = { a: ones([8]), b: zeros([8]), c: tensor([1.5, 2]) };
  io.writeSafetensors(`${folder}/m.safetensors`, state, { maxShardSize: 40 });
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
    "m-00001-of-00002.safetensors",
    "m-00002-of-00002.safetensors",
    "m.safetensors.index.json",
  ]);
  const index = JSON.parse(Deno.readTextFileSync(`${folder}/m.safetensors.index.json`));
  assertEquals(index.metadata, { total_size: 72 });
  assertEquals(index.weight_map, {
    a: "m-00001-of-00002.safetensors",
    b: "m-00002-of-00002.safetensors",
    c: "m-00002-of-00002.safetensors",
  });
  using file = io.openSafetensors(`${folder}/m.safetensors.index.json`);
  Deno.truncateSync(`${folder}/m-00001-of-00002.safetensors`, 20);
  assertEquals(file.getTensor("c").tolist(), [1.5, 2]);
  assertThrows(() => file.getTensor("a"), ValueError, "truncated");
  assertThrows(() => file.getTensor("d"), TensaurError, '"d"');
});

Deno.test("an index that names other folders is refused", () => {
  const folder = Deno.makeTempDirSync();
  for (const name of ["../x", "/etc/passwd", "..", "", "a\\b", 3]) {
    Deno.writeTextFileSync(`${folder}/i.json`, JSON.stringify({ weight_map: { x: name } }));
    assertThrows(() => io.openSafetensors(`${folder}/i.json`), ValueError, "which is no name of a file");
  }
  Deno.writeTextFileSync(`${folder}/i.json`, "{}");
  assertThrows(() => io.openSafetensors(`${folder}/i.json`), ValueError, "no weight_map");
});

Deno.test("shards are shared out as Hugging Face's libraries do", () => {
  const folder = Deno.makeTempDirSync();
  const sharedOut = (sizes: number[], maxShardSize: number | string): string[] => {
    const state = Object.fromEntries(sizes.map((size, i) => [`t${i}`, zeros([size], { dtype: "uint8" })]));
    const path = `${folder}/${sizes}.safetensors`;
    io.writeSafetensors(path, state, { maxShardSize });
    const map: Record<string, string> =
      JSON.parse(Deno.readTextFileSync(`${folder}/${sizes}.safetensors.index.json`)).weight_map;
    return Object.values(map).map((file) => file.slice(-22, -12));
  };
  // The first is the example of huggingface_hub's `split_torch_state_dict_into_shards`; in the second, tensors are larger than a shard.
  assertEquals(sharedOut([6, 6, 2, 6, 2, 2], 10), [
    "1-of-00003",
    "2-of-00003",
    "2-of-00003",
    "3-of-00003",
    "3-of-00003",
    "3-of-00003",
  ]);
  assertEquals(sharedOut([4, 20, 5, 30, 2], 10), [
    "3-of-00004",
    "1-of-00004",
    "3-of-00004",
    "2-of-00004",
    "4-of-00004",
  ]);
  assertEquals(sharedOut([1500, 600], "2KB"), ["1-of-00002", "2-of-00002"]);
  io.writeSafetensors(`${folder}/one.safetensors`, { x: zeros([2001], { dtype: "uint8" }) }, { maxShardSize: "2 KiB" });
  assertEquals(Object.keys(io.load(`${folder}/one.safetensors`)), ["x"]);
  for (const maxShardSize of [0, -1, NaN, "5", "5Gb", "-1GB", "GB", "5 elephants", "0MB"]) {
    assertThrows(() => io.writeSafetensors(`${folder}/x`, {}, { maxShardSize }), ValueError, "or a text such as");
  }
});
