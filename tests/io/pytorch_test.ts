import { assert, assertEquals, assertThrows } from "@std/assert";
import { io, nn, ones, optim, type Tensor, tensor, ValueError } from "../../mod.ts";
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

Deno.test("a checkpoint of the format before 1.6 holds the same", () => {
  const [a, b] = ["checkpoint.pt", "legacy.pt"].map((name) => io.readPyTorch<Checkpoint>(new URL(name, folder)));
  const text = (value: unknown): string => Deno.inspect(value, { depth: 9 });
  assertEquals(text(b), text(a));
});

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

Deno.test("archives that are damaged, or no checkpoints, are refused with a reason", () => {
  const good = io.encodePyTorch({ x: ones([4]) });
  const damaged = good.slice();
  damaged[damaged.indexOf(0x3f, 300)]! ^= 1;
  assertThrows(() => io.readPyTorch(damaged), ValueError, "damaged");
  assertThrows(() => io.readPyTorch(good.slice(0, -30)), ValueError, "no directory");
  assertThrows(() => io.readPyTorch(new Uint8Array()), ValueError, "no directory");
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
