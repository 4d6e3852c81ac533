import { assertEquals, assertThrows } from "@std/assert";
import { io, nn, ones, TensaurError, tensor, ValueError } from "../../mod.ts";
import { testOnDevices } from "../tensor/expect.ts";

testOnDevices("a model's state goes through every format that holds one", () => {
  const folder = Deno.makeTempDirSync();
  const model = new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2)), state = model.stateDict();
  for (const ending of ["safetensors", "pt", "pth", "bin", "ckpt", "npz", "NPZ"]) {
    const copy = new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2));
    io.save(state, `${folder}/m.${ending}`);
    assertEquals(`${copy.loadStateDict(io.load(`${folder}/m.${ending}`))}`, "<All keys matched successfully>");
    assertEquals(copy.parameters().map((x) => x.tolist()), model.parameters().map((x) => x.tolist()));
  }
  io.save(tensor([1, 2]), new URL(`file://${folder}/x.npy`));
  assertEquals(io.load<ReturnType<typeof tensor>>(`${folder}/x.npy`).tolist(), [1, 2]);
});

Deno.test("the index of shards is loaded like a file", () => {
  const folder = Deno.makeTempDirSync();
  io.writeSafetensors(`${folder}/m.safetensors`, { a: ones([4]), b: ones([4]) }, { maxShardSize: 16 });
  assertEquals(Object.keys(io.load(`${folder}/m.safetensors.index.json`)), ["a", "b"]);
  assertThrows(() => io.save({}, `${folder}/m.safetensors.index.json`), ValueError, "its name should end with");
});

Deno.test("formats and values that do not fit are refused, and files that are missing", () => {
  const folder = Deno.makeTempDirSync();
  assertThrows(() => io.load("model.onnx"), ValueError, ".safetensors, .safetensors.index.json, .pt");
  assertThrows(() => io.save({}, "model"), ValueError, "its name should end with .safetensors, .pt");
  assertThrows(() => io.save({ a: 1 }, `${folder}/x.safetensors`), ValueError, "{ name: tensor }");
  assertThrows(() => io.save(ones([1]), `${folder}/x.npz`), ValueError, "{ name: tensor }");
  assertThrows(() => io.save([ones([1])], `${folder}/x.safetensors`), ValueError, "{ name: tensor }");
  assertThrows(() => io.save({ x: ones([1]) }, `${folder}/x.npy`), ValueError, "one tensor");
  for (const ending of ["safetensors", "pt", "npy", "npz"]) {
    assertThrows(() => io.load(`${folder}/none.${ending}`), TensaurError, "no such file");
  }
  assertEquals([...Deno.readDirSync(folder)], []);
});

Deno.test({
  name: "loading and saving without permission says which is missing",
  permissions: { read: false, write: false },
  fn: () => {
    for (const ending of ["safetensors", "pt", "npy", "npz"]) {
      assertThrows(() => io.load(`m.${ending}`), TensaurError, `run with --allow-read=m.${ending}`);
      const value = ending === "npy" ? ones([1]) : { x: ones([1]) };
      assertThrows(() => io.save(value, `m.${ending}`), TensaurError, `run with --allow-write=m.${ending}`);
    }
  },
});
