import { assertEquals, assertThrows } from "@std/assert";
import { io, TensaurError, ValueError } from "../../mod.ts";
import { testOnDevices } from "../tensor/expect.ts";
import { blocks, Bytes, gguf, kinds, type WrittenTensor, type WrittenValue } from "./written_gguf.ts";

/** Bytes that repeat with the seed, of which those of 16-bit floats are small numbers. */
function random(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, () => (seed = Math.imul(seed, 1664525) + 1013904223 >>> 0) >>> 24);
}

Deno.test("rows that begin within a block are refused", () => {
  const file = io.openGguf(gguf([{ name: "x", extents: [64], type: 8, bytes: new Uint8Array(68) }]));
  assertEquals([...file.getSlice("x", 32).shape], [32]);
  assertThrows(() => file.getSlice("x", 1), ValueError, "one of Q8_0 begins within a byte or a block");
});

testOnDevices("blocks of every type become the numbers that their layout says", () => {
  for (const [type, [code, elements, size, element]] of Object.entries(blocks)) {
    // Two rows of two blocks.
    const bytes = random(4 * size, code + 1), extents = [2 * elements, 2];
    const file = io.openGguf(gguf([{ name: "x", extents, type: code, bytes }]));
    assertEquals([file.info("x").dtype, file.info("x").shape], [type, [2, 2 * elements]]);
    const found = file.getTensor("x"), numbers = found.dataSync();
    const expected = Float32Array.from(numbers, (_, i) => {
      const block = Math.floor(i / elements);
      return element(bytes.subarray(block * size, (block + 1) * size), i % elements);
    });
    assertEquals([type, found.dtype, [...numbers]], [type, "float32", [...expected]]);
    assertEquals([...file.getSlice("x", 1).dataSync()], [...expected.subarray(2 * elements)]);
  }
});

Deno.test("elements that are not quantised are read, shapes being the reverse of the file's", () => {
  const cases: [number, ArrayBufferView, string, unknown][] = [
    [0, Float32Array.of(1, 2, 3, 4, 5, 6), "float32", [[1, 2, 3], [4, 5, 6]]],
    [1, Float16Array.of(1, 2, 3, 4, 5, 6), "float32", [[1, 2, 3], [4, 5, 6]]],
    [24, Int8Array.of(1, 2, 3, 4, 5, -6), "int32", [[1, 2, 3], [4, 5, -6]]],
    [25, Int16Array.of(1, 2, 3, 4, 5, -6), "int32", [[1, 2, 3], [4, 5, -6]]],
    [26, Int32Array.of(1, 2, 3, 4, 5, -6), "int32", [[1, 2, 3], [4, 5, -6]]],
    [27, BigInt64Array.of(1n, 2n, 3n, 4n, 5n, -6n), "int32", [[1, 2, 3], [4, 5, -6]]],
    [28, Float64Array.of(1, 2, 3, 4, 5, 0.1), "float64", [[1, 2, 3], [4, 5, 0.1]]],
    [30, Uint16Array.of(0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0, 0x40c0), "float32", [[1, 2, 3], [4, 5, 6]]],
  ];
  const tensors = cases.map(([type, { buffer }]): WrittenTensor => ({
    name: String(type),
    extents: [3, 2],
    type,
    bytes: new Uint8Array(buffer),
  }));
  for (const version of [2, 3]) {
    const state = io.readGguf(gguf(tensors, [], { version }), { device: "cpu" });
    for (const [type, , dtype, values] of cases) {
      assertEquals([type, state[type]!.dtype, state[type]!.tolist()], [type, dtype, values]);
    }
  }
  const scalar: WrittenTensor = { name: "s", extents: [], type: 0, bytes: new Uint8Array(Float32Array.of(2.5).buffer) };
  const path = `${Deno.makeTempDirSync()}/s.gguf`;
  Deno.writeFileSync(path, gguf([scalar]));
  assertEquals(io.load(path).s!.item(), 2.5);
});

const text = (name: string, value: string): WrittenValue => [name, kinds.text, (bytes) => bytes.text(value)];
const alignment = (value: number): WrittenValue => ["general.alignment", kinds.u32, (bytes) => bytes.u32(value)];

Deno.test("what a file says of itself is read, values of all types", () => {
  const le = (view: ArrayBufferView) => (bytes: Bytes): void => void bytes.raw(new Uint8Array(view.buffer));
  const values: [WrittenValue, unknown][] = [
    [["u8", kinds.u8, le(Uint8Array.of(200))], 200],
    [["i8", kinds.i8, le(Int8Array.of(-2))], -2],
    [["u16", kinds.u16, le(Uint16Array.of(60000))], 60000],
    [["i16", kinds.i16, le(Int16Array.of(-3))], -3],
    [["u32", kinds.u32, le(Uint32Array.of(4e9))], 4e9],
    [["i32", kinds.i32, le(Int32Array.of(-4))], -4],
    [["f32", kinds.f32, le(Float32Array.of(0.5))], 0.5],
    [["bool", kinds.bool, le(Uint8Array.of(1))], true],
    [text("general.architecture", "llämä"), "llämä"],
    [["u64", kinds.u64, le(BigUint64Array.of(2n ** 63n))], 2n ** 63n],
    [["i64", kinds.i64, le(BigInt64Array.of(-5n))], -5],
    [["f64", kinds.f64, le(Float64Array.of(0.1))], 0.1],
    [["texts", kinds.list, (bytes) => bytes.u32(kinds.text).u64(2).text("a").text("b")], ["a", "b"]],
    [["lists", kinds.list, (bytes) => bytes.u32(kinds.list).u64(1).u32(kinds.u8).u64(2).raw([1, 2])], [[1, 2]]],
    [alignment(64), 64],
  ];
  const x: WrittenTensor = { name: "x", extents: [1], type: 0, bytes: new Uint8Array(Float32Array.of(7).buffer) };
  using file = io.openGguf(gguf([x, { ...x, name: "y" }], values.map(([value]) => value), { alignment: 64 }));
  for (const [[name], value] of values) assertEquals([name, file.metadata[name]], [name, value]);
  assertEquals([file.version, file.keys(), file.info("y").start % 64], [3, ["x", "y"], 0]);
  assertEquals(file.getTensor("y").item(), 7);
  assertEquals([io.openGguf(gguf([])).keys(), io.openGguf(gguf([], [text("a", "b")])).metadata], [[], { a: "b" }]);
});

Deno.test("damaged files, and types that are not read, are refused with a reason", () => {
  const x: WrittenTensor = { name: "x", extents: [32], type: 0, bytes: new Uint8Array(128) };
  const count = (tensors: bigint, values: bigint): Uint8Array<ArrayBuffer> =>
    new Bytes().raw(gguf([]).subarray(0, 8)).u64(tensors).u64(values).raw(new Uint8Array(100)).done();
  const list = (
    kind: number,
    length: bigint,
  ): WrittenValue => ["l", kinds.list, (bytes) => bytes.u32(kind).u64(length)];
  const nested: WrittenValue = ["l", kinds.list, (bytes) => {
    for (let i = 0; i < 9; i++) bytes.u32(kinds.list).u64(1);
    bytes.u32(kinds.u8).u64(0);
  }];
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(30), "does not begin as one"],
    [gguf([x]).slice(0, 20), "does not begin as one"],
    [gguf([x], [], { version: 1 }), "its version is 1"],
    [gguf([x], [], { version: 4 }), "its version is 4"],
    [gguf([x], [], { version: 0x03000000 }), "big-endian"],
    [count(2n ** 63n, 0n), "9223372036854775808 tensors"],
    [count(0n, 2n ** 40n), "1099511627776 values"],
    [gguf([], [list(kinds.u64, 2n ** 61n)]), 'values of "l"'],
    [gguf([], [nested]), "more than 8 deep"],
    [gguf([], [["k", 13, () => {}]]), "a value of type 13"],
    [gguf([], [["k", kinds.bool, (bytes) => bytes.raw([2])]]), "a truth value of 2"],
    [gguf([], [text("k", "a"), text("k", "b")]), 'says "k" twice'],
    [gguf([x, x]), 'two tensors "x"'],
    [gguf([{ ...x, type: 16 }]), "elements of type IQ2_XXS"],
    [gguf([{ ...x, type: 99 }]), "elements of type 99"],
    [gguf([{ ...x, extents: [33], type: 8 }]), "the shape [33], which Q8_0 does not have"],
    [gguf([{ ...x, extents: [2n ** 62n, 2n ** 62n] }]), "which F32 does not have"],
    [gguf([{ ...x, extents: Array(65).fill(1) }]), "65 dimensions"],
    [gguf([{ ...x, extents: [1000] }]), "and the file at"],
    [gguf([{ ...x, offset: 8 }]), "no multiple of 32"],
    [gguf([x, { ...x, name: "y", offset: 32 }]), "what is before it ends at"],
    [gguf([x], [alignment(24)]), "general.alignment is 24"],
    [gguf([x], [alignment(0)]), "general.alignment is 0"],
    [gguf([x], [text("general.alignment", "a")]), "general.alignment is a"],
  ];
  for (const [bytes, message] of cases) assertThrows(() => io.openGguf(bytes), ValueError, message);
  const good = gguf([x, { ...x, name: "y", type: 8, bytes: new Uint8Array(34) }], [text("k", "v"), list(kinds.u8, 0n)]);
  assertEquals(io.openGguf(good).keys(), ["x", "y"]);
  for (let length = 0; length < good.length; length++) {
    assertThrows(() => io.openGguf(good.slice(0, length)), TensaurError);
  }
});
