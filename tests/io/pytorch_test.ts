import { assert, assertEquals, assertThrows } from "@std/assert";
import { io, nn, ones, optim, TensaurError, type Tensor, tensor, ValueError } from "../../mod.ts";
import { assertTensor, testOnDevices } from "../tensor/expect.ts";
import { written } from "./written_checkpoint.ts";

const folder = new URL("../golden/", import.meta.url);
const golden = Deno.readFileSync(new URL("checkpoint.pt", folder));

interface Checkpoint {
  model: nn.StateDict;
  optimizer: optim.OptimizerState;
  losses: Tensor;
  views: Record<string, Tensor>;
  twice: [Tensor, Tensor];
  types: Tensor[];
  scalar: Tensor;
  empty: Tensor;
  learned: Tensor;
  parameter: nn.Parameter;
  [name: string]: unknown;
}

function network(): nn.Sequential {
  return new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2));
}

testOnDevices("a checkpoint of PyTorch's is read: model, optimizer, views, types and plain values", () => {
  const read = io.readPyTorch<Checkpoint>(new URL("checkpoint.pt", folder));
  const model = network();
  assertEquals(`${model.loadStateDict(read.model)}`, "<All keys matched successfully>");
  const input = tensor([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]], { dtype: "float32" });
  assertTensor(model(input) as Tensor, read.losses.tolist() as number[][], 1e-6);
  const optimizer = new optim.Adam(model.parameters(), { amsgrad: true });
  optimizer.loadStateDict(read.optimizer);
  assertEquals(optimizer.paramGroups[0]!.lr, 0.125);
  assertEquals(optimizer.state.get(model.parameters()[0]!)!.step, 2);
  model(input).sum().backward();
  optimizer.step();

  const { grid, turned, row, wide, column } = read.views as Record<string, Tensor>;
  assertEquals(turned!.tolist(), [[0, 3], [1, 4], [2, 5]]);
  assertEquals([row!.tolist(), wide!.tolist(), column!.tolist()], [[3, 4, 5], [2.5, 2.5, 2.5], [1, 3]]);
  grid!.add_(10);
  assertEquals([turned!.tolist(), row!.tolist()], [[[10, 13], [11, 14], [12, 15]], [13, 14, 15]]);
  assert(read.twice[0] === read.twice[1]);

  for (const x of read.types) {
    assertEquals(x.to({ dtype: "int32" }).tolist(), x.dtype === "bool" ? [1, 0, 1] : [1, 0, 2]);
  }
  assertEquals(read.types.slice(2).map((x) => x.dtype), [
    "float32",
    "int32",
    "int32",
    "int32",
    "int32",
    "uint8",
    "bool",
  ]);
  assertEquals([read.scalar.item(), [...read.empty.shape], read.learned.requiresGrad], [1.5, [0, 3], true]);
  assert(read.parameter instanceof nn.Parameter && !read.parameter.requiresGrad);
  const { plain, size, keys, counter, dtype, device, default: fallback } = read;
  assertEquals(plain, [
    null,
    true,
    false,
    7,
    -300,
    70000,
    2 ** 40,
    2n ** 70n,
    0.1,
    "text é",
    [1, 2],
    { a: { b: [] } },
  ]);
  assertEquals([size, read.set, counter, dtype, device, fallback], [
    [2, 3],
    new Set([3, 4]),
    { 30: 1 },
    "torch.float32",
    "cpu",
    { x: [1] },
  ]);
  assertEquals([...(keys as Map<unknown, unknown>)], [[[1, 2], "pair"], [5, "five"]]);
});

Deno.test("types of a checkpoint that a device has stay as they are", () => {
  const { types } = io.readPyTorch<Checkpoint>(golden, { device: "cpu" });
  assertEquals(types.map(({ dtype }) => dtype), [
    "float64",
    "float32",
    "float32",
    "int32",
    "int32",
    "int32",
    "int32",
    "uint8",
    "bool",
  ]);
});

Deno.test("a checkpoint is written as the one that PyTorch was seen to read", () => {
  const bytes = io.encodePyTorch(written());
  assertEquals(bytes, Deno.readFileSync(new URL("written.pt", folder)));
  const { types, tied } = io.readPyTorch<{ types: Tensor[]; tied: [Tensor, Tensor] }>(bytes, { device: "cpu" });
  assertEquals(types.map(({ dtype }) => dtype), ["float32", "float64", "int32", "uint32", "uint8", "bool"]);
  assertEquals(types[3]!.tolist(), [4000000000]);
  tied[0].add_(1);
  assertEquals(tied[1].tolist(), [2.5, 3.5]);
});

testOnDevices("a checkpoint of a model and its optimizer survives a file", () => {
  const path = `${Deno.makeTempDirSync()}/c.pt`;
  const train = (model: nn.Sequential, optimizer: optim.Adam): void => {
    optimizer.zeroGrad();
    model(tensor([[0, 1, 2], [3, 4, 8.5]])).square().sum().backward();
    optimizer.step();
  };
  const model = network(), optimizer = new optim.Adam(model.parameters(), { lr: 0.1 });
  train(model, optimizer);
  io.writePyTorch(path, { model: model.stateDict(), optimizer: optimizer.stateDict(), epoch: 1 });
  const copy = network(), second = new optim.Adam(copy.parameters());
  const read = io.readPyTorch<Checkpoint>(path);
  copy.loadStateDict(read.model);
  second.loadStateDict(read.optimizer);
  train(model, optimizer);
  train(copy, second);
  for (const [name, x] of Object.entries(model.stateDict())) assertEquals(copy.stateDict()[name]!.tolist(), x.tolist());
});

/** An archive with any pickle. */
function archive(pickle: (number | string)[], storage: Tensor = ones([2])): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(pickle.flatMap((x) => typeof x === "string" ? [...new TextEncoder().encode(x)] : [x]));
  // A checkpoint whose pickle is long enough has its bytes replaced.
  const text = " ".repeat(bytes.length);
  const written = io.encodePyTorch([storage, text]);
  return replacePickle(written, bytes);
}

/** The archive of `written` with another pickle, padded behind its end, and the checksum that this has. */
function replacePickle(written: Uint8Array<ArrayBuffer>, pickle: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(written.buffer);
  const start = 30 + view.getUint16(26, true) + view.getUint16(28, true), length = view.getUint32(18, true);
  written.fill(0, start, start + length);
  written.set(pickle, start);
  let crc = ~0;
  for (const byte of written.subarray(start, start + length)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
  }
  const directory = view.getUint32(written.length - 6, true);
  view.setUint32(directory + 16, ~crc, true);
  return written;
}

const text = (x: string): (number | string)[] => [0x58, x.length, 0, 0, 0, x];

/** A tensor with any place in its storage. */
function placed(count: number, offset: number, size: number[], stride: number[]): (number | string)[] {
  const number = (x: number): number[] => [0x4a, x & 255, x >> 8 & 255, x >> 16 & 255, x >> 24 & 255];
  const tuple = (list: number[]): number[] => [0x28, ...list.flatMap(number), 0x74];
  return [
    ..."\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((".split("").map((c) => c.charCodeAt(0)),
    ...[...text("storage"), "ctorch\nFloatStorage\n", ...text("0"), ...text("cpu"), ...number(count), 0x74, 0x51],
    ...[...number(offset), ...tuple(size), ...tuple(stride), 0x89, 0x7d, 0x74, 0x52, 0x2e],
  ];
}

Deno.test("a pickle that would run something, or holds other objects, is refused by name", () => {
  const cases: [(number | string)[], string][] = [
    [[0x80, 2, "cposix\nsystem\n", ...text("echo"), 0x85, 0x52, 0x2e], "posix.system"],
    [[0x80, 2, "c__builtin__\neval\n", ...text("1"), 0x85, 0x52, 0x2e], "__builtin__.eval"],
    [[0x80, 4, ...text("os"), ...text("system"), 0x93, 0x2e], "os.system"],
    [["ctorch.nn.modules.linear\nLinear\n)\x81}b."], "torch.nn.modules.linear.Linear"],
    [["ctorch.storage\n_load_from_bytes\n)R."], "torch.storage._load_from_bytes"],
    [["c__builtin__\ntoString\n)R."], "toString"],
    [["c__builtin__\ngetattr\n."], "getattr"],
    [["ctorch\nFloatStorage\n)R."], "it calls Python's torch.FloatStorage"],
    [[0x4b, 1, 0x29, 0x52, 0x2e], "it calls what is no function"],
    [["S'x'\n."], "the instruction 0x53"],
  ];
  for (const [pickle, message] of cases) assertThrows(() => io.readPyTorch(archive(pickle)), ValueError, message);
});

Deno.test("a damaged pickle is refused with a reason", () => {
  const cases: [(number | string)[], string][] = [
    [["R"], "an empty stack"],
    [["t"], "a mark that is not there"],
    [["h", 3, "."], "a value 3 that is not there"],
    [["]q", 0, "h", 0, "a."], "contains itself"],
    [["}q", 0, ...text("k"), "h", 0, "s."], "contains itself"],
    [["]a."], "an empty stack"],
    [[0x4b, 1, 0x4b, 1, "a."], "appends to what is no list"],
    [["(", 0x4b, 1, "d."], "sets items of what is no dict"],
    [["N}b."], "sets attributes of what is no dict"],
    [[0x58, 255, 255, 255, 255], "within a value"],
    [[0x8b, 255, 255, 255, 127], "an integer of"],
    [["NQ."], "not described as PyTorch does"],
    [["]".repeat(600) + "a".repeat(599) + "."], "more than 500 deep"],
    [placed(3, 0, [3], [1]), "should have 12 bytes, and has 8"],
    [placed(2, 0, [3], [1]), "does not fit"],
    [placed(2, 1, [2], [1]), "does not fit"],
    [placed(2, 0, [2, 2], [1]), "the stride [1]"],
    [placed(2, -1, [2], [1]), "the offset -1"],
    [placed(2, 0, [-1], [1]), "the size [-1]"],
    [placed(2, 0, [2 ** 30, 2 ** 30], [0, 0]), "does not fit"],
    [placed(2, 0, [2 ** 30, 2], [2 ** 30, 1]), "does not fit"],
    [placed(2 ** 30, 0, [2 ** 30], [1]), "should have 4294967296 bytes"],
  ];
  for (const [pickle, message] of cases) assertThrows(() => io.readPyTorch(archive(pickle)), ValueError, message);
  assertEquals(io.readPyTorch<Tensor>(archive(placed(2, 1, [3], [0]))).tolist(), [1, 1, 1]);
});

Deno.test("random changes of a checkpoint give an error or a value, and nothing else", () => {
  let seed = 11;
  const next = (below: number): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % below;
  const source = io.encodePyTorch(written());
  const start = 30 + source[26]! + source[28]!, length = new DataView(source.buffer).getUint32(18, true);
  for (let i = 0; i < 1500; i++) {
    let bytes = source.slice(0, next(8) === 0 ? next(source.length) : source.length);
    if (i % 2 === 0) {
      const pickle = source.slice(start, start + length);
      for (let k = 0; k <= next(3); k++) pickle[next(length)] = next(256);
      bytes = replacePickle(source.slice(), pickle);
    } else for (let k = 0; k <= next(3) && bytes.length > 0; k++) bytes[next(bytes.length)] = next(256);
    try {
      io.readPyTorch(bytes, { device: "cpu" });
    } catch (error) {
      if (!(error instanceof TensaurError)) throw error;
    }
  }
});

Deno.test("archives that are damaged, or no checkpoints, are refused with a reason", () => {
  const good = io.encodePyTorch({ x: ones([4]) });
  const damaged = good.slice();
  damaged[damaged.indexOf(0x3f, 300)]! ^= 1;
  assertThrows(() => io.readPyTorch(damaged), ValueError, "damaged");
  assertThrows(() => io.readPyTorch(good.slice(0, -30)), ValueError, "no directory");
  assertThrows(() => io.readPyTorch(new Uint8Array()), ValueError, "no directory");
  assertThrows(() => io.readPyTorch(Uint8Array.of(0x80, 2, 0x8a, 10)), ValueError, "before 1.6");
  const empty = new Uint8Array(22);
  empty.set([0x50, 0x4b, 5, 6]);
  assertThrows(() => io.readPyTorch(empty), ValueError, "no data.pkl");
  const lying = good.slice(), view = new DataView(lying.buffer);
  view.setUint32(lying.length - 10, 0xfffffff0, true);
  assertThrows(() => io.readPyTorch(lying), ValueError, "its directory would have");
});

Deno.test("what no checkpoint can hold is named with its place", () => {
  const list: unknown[] = [];
  list.push({ list });
  assertThrows(() => io.encodePyTorch(list), ValueError, "contains itself");
  assertThrows(
    () => io.encodePyTorch({ a: { net: network() } }),
    ValueError,
    "the checkpoint.a.net, which is a function",
  );
  assertThrows(() => io.encodePyTorch({ a: [new Date()] }), ValueError, "the checkpoint.a[0], which is a Date");
});
