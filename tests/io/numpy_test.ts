import { assertEquals, assertThrows } from "@std/assert";
import { inflateSync } from "node:zlib";
import { io, ones, type Tensor, tensor, ValueError, zeros } from "../../mod.ts";
import golden from "../golden/arrays.json" with { type: "json" };
import { testOnDevices } from "../tensor/expect.ts";

/** A file that NumPy wrote. */
function numpy(name: keyof typeof golden): Uint8Array<ArrayBuffer> {
  const packed = Uint8Array.from(atob(golden[name]), (character) => character.charCodeAt(0));
  return new Uint8Array(inflateSync(packed));
}

const counted = [[0, 1, 2], [3, 4, 5]];

testOnDevices("arrays of all types, byte orders and versions are read", () => {
  const codes = [
    "<f4",
    "<f8",
    "<i4",
    "<u4",
    "|u1",
    ">f4",
    ">f8",
    ">i2",
    ">i8",
    "<i8",
    "<f2",
    ">u2",
    "|i1",
    ">u8",
  ] as const;
  for (const code of [...codes, "version 2", "version 3"] as const) {
    assertEquals([code, io.readNpy(numpy(code)).tolist()], [code, counted]);
  }
  assertEquals(io.readNpy(numpy("|b1")).tolist(), [[true, false, true], [false, true, false]]);
  assertEquals([io.readNpy(numpy("0-d")).tolist(), io.readNpy(numpy("1-d")).tolist()], [1.5, [0, 1, 2]]);
  assertEquals([...io.readNpy(numpy("empty")).shape], [0, 2]);
});

testOnDevices("arrays in Fortran's order are read as they are in NumPy", () => {
  const x = io.readNpy(numpy("fortran"));
  assertEquals([...x.shape], [2, 3, 4]);
  assertEquals([...x.dataSync()], Array.from({ length: 24 }, (_, i) => i));
});

testOnDevices("complex numbers become real and imaginary parts", () => {
  assertEquals(io.readNpy(numpy("complex")).tolist(), [[0, 1]]);
  assertEquals(io.readNpy(numpy("complex fortran")).tolist(), [[[0, 0], [1, 3], [2, 1]], [[3, 4], [4, 2], [5, 5]]]);
});

Deno.test("arrays are written byte for byte as NumPy does", () => {
  const x = tensor(counted, { dtype: "float32", device: "cpu" });
  const written: [keyof typeof golden, Tensor][] = [
    ["<f4", x],
    ["<f8", x.to({ dtype: "float64" })],
    ["<i4", x.to({ dtype: "int32" })],
    ["<u4", x.to({ dtype: "uint32" })],
    ["|u1", x.to({ dtype: "uint8" })],
    ["|b1", x.remainder(2).eq(0)],
    ["0-d", tensor(1.5, { device: "cpu" })],
    ["1-d", tensor([0, 1, 2], { dtype: "float32", device: "cpu" })],
    ["empty", zeros([0, 2], { device: "cpu" })],
  ];
  for (const [name, x] of written) assertEquals([name, io.encodeNpy(x)], [name, numpy(name)]);
});

Deno.test("archives of arrays are read, stored and compressed", () => {
  for (const name of ["stored", "compressed"] as const) {
    const { a, b, ...rest } = io.readNpz(numpy(name));
    assertEquals([a!.tolist(), b!.tolist(), rest], [[0, 1, 2, 3], [[true]], {}]);
  }
});

testOnDevices("tensors survive files of one and of several", () => {
  const folder = Deno.makeTempDirSync();
  const x = tensor([[1.5, 2], [3, 4]]);
  io.writeNpy(`${folder}/x.npy`, x.t());
  assertEquals(io.readNpy(`${folder}/x.npy`).tolist(), [[1.5, 3], [2, 4]]);
  io.writeNpz(`${folder}/x.npz`, { x, "é/y": tensor(3) });
  const read = io.readNpz(`${folder}/x.npz`);
  assertEquals([read.x!.tolist(), read["é/y"]!.tolist()], [x.tolist(), 3]);
});

/** An .npy file with any header. */
function file(header: string, bytes = 0): Uint8Array<ArrayBuffer> {
  const text = [...header].map((character) => character.charCodeAt(0));
  return Uint8Array.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    ...Array(bytes).fill(0),
  ]);
}

Deno.test("arrays that are no tensors, and damaged files, are refused with a reason", () => {
  const cases: [Uint8Array, string][] = [
    [numpy("clongdouble"), "'<c32'"],
    [numpy("text"), "'<U2'"],
    [numpy("record"), "[('a', '<i4'), ('b', '<f4')]"],
    [numpy("object"), "'|O'"],
    [numpy("<f4").slice(0, -1), "bytes are too few for F32 of shape [2, 3]"],
    [numpy("<f4").slice(0, 40), "a header of 118 bytes in a file of 40"],
    [numpy("version 2").slice(0, 11), "truncated"],
    [new Uint8Array(20), "does not begin as one"],
    [Uint8Array.from([...numpy("<f4").slice(0, 6), 9, 0, 0, 0]), "its version is 9"],
    [file("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }", 8), "too few"],
    [file("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 9), }", 8), "too few"],
    [file("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 8), "its header is"],
    [file("{'descr': '<f4', 'fortran_order': 3, 'shape': (1,), }", 8), "its header is"],
    [file("{'descr': '<toString', 'fortran_order': False, 'shape': (1,), }", 8), "toString"],
    [file("__import__('os')", 8), "its header is"],
  ];
  for (const [bytes, message] of cases) assertThrows(() => io.readNpy(bytes), ValueError, message);
});

/** A zip archive of one entry that promises `size` bytes. */
function bomb(size: number): Uint8Array<ArrayBuffer> {
  const bytes = numpy("compressed"), view = new DataView(bytes.buffer);
  view.setUint32(view.getUint32(bytes.length - 6, true) + 24, size, true);
  return bytes;
}

Deno.test("zip bombs and damaged archives are refused with a reason", () => {
  assertThrows(() => io.readNpz(bomb(0xfffffff0)), ValueError, "would unpack to");
  assertThrows(() => io.readNpz(bomb(100)), ValueError, '"a.npy" is damaged');
  assertThrows(() => io.readNpz(bomb(10000)), ValueError, '"a.npy" is damaged');
  const good = numpy("stored"), directory = new DataView(good.buffer).getUint32(good.length - 6, true);
  const changed = (place: number, value: number): Uint8Array<ArrayBuffer> => {
    const bytes = good.slice();
    bytes[directory + place] = value;
    return bytes;
  };
  assertThrows(() => io.readNpz(changed(8, 1)), ValueError, "encrypted");
  assertThrows(() => io.readNpz(changed(20, 1)), ValueError, "two lengths");
  assertThrows(() => io.readNpz(changed(42, 1)), ValueError, "not where it should be");
  assertThrows(() => io.readNpz(changed(44, 99)), ValueError, "overlaps");
  assertThrows(() => io.readNpz(changed(16, 1)), ValueError, "damaged");
  assertThrows(() => io.readNpz(changed(46 + 2, 0x78)), ValueError, 'its entry "a.xpy" is no .npy file');
  const twice = good.slice();
  twice[new TextDecoder("latin1").decode(twice).lastIndexOf("b.npy")] = 0x61;
  assertThrows(() => io.readNpz(twice), ValueError, 'two entries "a.npy"');
});

/** An archive whose directory is said where large ones say it: in the ZIP64 records. */
function zip64(change: (records: DataView) => void = () => {}): Uint8Array<ArrayBuffer> {
  const plain = numpy("stored"), end = plain.length - 22, old = new DataView(plain.buffer, end);
  const bytes = new Uint8Array(end + 56 + 20 + 22), view = new DataView(bytes.buffer, end);
  bytes.set(plain.subarray(0, end));
  view.setUint32(0, 0x06064b50, true);
  view.setBigUint64(4, 44n, true);
  for (const place of [24, 32]) view.setBigUint64(place, BigInt(old.getUint16(10, true)), true);
  view.setBigUint64(40, BigInt(old.getUint32(12, true)), true);
  view.setBigUint64(48, BigInt(old.getUint32(16, true)), true);
  view.setUint32(56, 0x07064b50, true);
  view.setBigUint64(56 + 8, BigInt(end), true);
  view.setUint32(56 + 16, 1, true);
  view.setUint32(76, 0x06054b50, true);
  bytes.fill(0xff, end + 76 + 8, end + 76 + 20);
  change(view);
  return bytes;
}

Deno.test("ZIP64 archives are read, and refused where their records lie", () => {
  assertEquals(io.readNpz(zip64()).a!.tolist(), [0, 1, 2, 3]);
  const cases: [(records: DataView) => void, string][] = [
    [(view) => view.setBigUint64(64, 2n ** 63n, true), "its ZIP64 directory would begin at byte 9223372036854776000"],
    [(view) => view.setUint32(0, 7, true), "its ZIP64 directory is damaged"],
    [(view) => view.setBigUint64(32, 2n ** 60n, true), "its directory would have 1152921504606847000 entries"],
    [(view) => view.setBigUint64(40, 2n ** 62n, true), "its directory would have"],
    [(view) => view.setBigUint64(48, 2n ** 62n, true), "its directory would have"],
    [(view) => view.setUint32(56, 7, true), "its directory would have 65535 entries"],
  ];
  for (const [change, message] of cases) assertThrows(() => io.readNpz(zip64(change)), ValueError, message);
});

Deno.test("what is no tensor is not written to an archive of arrays", () => {
  assertThrows(() => io.encodeNpz({ x: ones([1]), y: 3 as unknown as Tensor }), ValueError, '"y"');
});
