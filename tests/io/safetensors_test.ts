import { assertEquals, assertThrows } from "@std/assert";
import { io, nn, ones, TensaurError, type Tensor, tensor, ValueError, zeros } from "../../mod.ts";
import { testOnDevices } from "../tensor/expect.ts";
import { safetensors as file } from "./written_safetensors.ts";

// safetensors 0.8.0: safetensors.numpy.save({"b": np.array([1, -2, 3], np.int32),
//   "w.é": np.arange(6, dtype=np.float32).reshape(2, 3), "flag": np.array([True, False]), "d": np.array(0.1),
//   "u": np.array([4000000000], np.uint32), "byte": np.zeros((0, 2), np.uint8),
//   "a\"\n": np.array([7.], np.float32)}, {"format": "pt"})
const golden = Uint8Array.from(
  atob(
    "sAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJkIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOltdLCJkYXRhX29m" +
      "ZnNldHMiOlswLDhdfSwiYVwiXG4iOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOls4LDEyXX0sIncuw6ki" +
      "OnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsM10sImRhdGFfb2Zmc2V0cyI6WzEyLDM2XX0sInUiOnsiZHR5cGUiOiJVMzIiLCJzaGFw" +
      "ZSI6WzFdLCJkYXRhX29mZnNldHMiOlszNiw0MF19LCJiIjp7ImR0eXBlIjoiSTMyIiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpb" +
      "NDAsNTJdfSwiYnl0ZSI6eyJkdHlwZSI6IlU4Iiwic2hhcGUiOlswLDJdLCJkYXRhX29mZnNldHMiOls1Miw1Ml19LCJmbGFnIjp7ImR0" +
      "eXBlIjoiQk9PTCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzUyLDU0XX19ICCamZmZmZm5PwAA4EAAAAAAAACAPwAAAEAAAEBA" +
      "AACAQAAAoEAAKGvuAQAAAP7///8DAAAAAQA=",
  ),
  (character) => character.charCodeAt(0),
);

Deno.test("safetensors are written byte for byte as the reference implementation does", () => {
  const device = "cpu";
  const state = {
    b: tensor([1, -2, 3], { device }),
    "w.é": tensor([[0, 1, 2], [3, 4, 5]], { dtype: "float32", device }),
    flag: tensor([true, false], { device }),
    d: tensor(0.1, { dtype: "float64", device }),
    u: tensor([4000000000], { dtype: "uint32", device }),
    byte: zeros([0, 2], { dtype: "uint8", device }),
    'a"\n': tensor([7], { dtype: "float32", device }),
  };
  assertEquals(io.encodeSafetensors(state, { metadata: { format: "pt" } }), golden);
  const read = io.readSafetensors(golden, { device });
  assertEquals(Object.keys(read).sort(), Object.keys(state).sort());
  for (const [name, x] of Object.entries(state)) {
    assertEquals([read[name]!.dtype, [...read[name]!.shape], read[name]!.tolist()], [
      x.dtype,
      [...x.shape],
      x.tolist(),
    ]);
  }
  assertEquals(io.openSafetensors(golden).metadata, { format: "pt" });
});

testOnDevices("a module's state survives a file, views and 0-d tensors included", () => {
  const path = `${Deno.makeTempDirSync()}/m.safetensors`;
  const model = new nn.Sequential(new nn.Conv1d(2, 3, 2), new nn.BatchNorm1d(3)), copy = nn.deepcopy(model);
  model.parameters()[0]!.requiresGrad_(false).mul_(2);
  model.getBuffer("1.num_batches_tracked").add_(7);
  io.writeSafetensors(path, model.stateDict());
  assertEquals(`${copy.loadStateDict(io.readSafetensors(path))}`, "<All keys matched successfully>");
  for (const [name, x] of Object.entries(model.stateDict())) assertEquals(copy.stateDict()[name]!.tolist(), x.tolist());

  const x = tensor([[1.5, 2, 3], [4, 5, 6]]);
  const views = { turned: x.t(), row: x.select(0, 1), wide: tensor([1.5]).expand([3]) };
  const read = io.readSafetensors(io.encodeSafetensors(views));
  for (const [name, view] of Object.entries(views)) assertEquals(read[name]!.tolist(), view.tolist());
});

testOnDevices("loadStateDict() reports what a file lacks, has too much, and has in other shapes", () => {
  const bytes = io.encodeSafetensors({ weight: ones([2, 3]), extra: ones([1]) });
  const model = new nn.Linear(4, 2);
  const error = assertThrows(() => model.loadStateDict(io.readSafetensors(bytes)), TensaurError);
  assertEquals(
    error.message,
    'Error(s) in loading state_dict for Linear:\n\tMissing key(s) in state_dict: "bias". ' +
      '\n\tUnexpected key(s) in state_dict: "extra". \n\tsize mismatch for weight: copying a param with shape ' +
      "torch.Size([2, 3]) from checkpoint, the shape in current model is torch.Size([2, 4]).",
  );
  const { missingKeys, unexpectedKeys } = new nn.Linear(3, 2).loadStateDict(io.readSafetensors(bytes), {
    strict: false,
  });
  assertEquals([missingKeys, unexpectedKeys], [["bias"], ["extra"]]);
});

Deno.test("a tensor that was read is no part of the bytes that it was read from", () => {
  const bytes = io.encodeSafetensors({ x: ones([4]) });
  const { x } = io.readSafetensors(bytes);
  bytes.fill(0, bytes.length - 16);
  assertEquals(x!.tolist(), [1, 1, 1, 1]);
});

Deno.test("damaged safetensors are refused with a reason", () => {
  const x = (fields: object): unknown => ({ x: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...fields } });
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(3), "it has 3 bytes"],
    [new Uint8Array(8).fill(255), "at most 100000000 are allowed"],
    [Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 123), "a header of 200 bytes in a file of 9"],
    [file("{"), "is not JSON"],
    [file("[]"), "not a JSON object"],
    [file({ x: 3 }), 'says nothing of "x"'],
    [file(x({ dtype: "F3" }), new Uint8Array(8)), 'type "F3"'],
    [file(x({ dtype: "C128" }), new Uint8Array(32)), 'type "C128"'],
    [
      file(x({ dtype: "F4", shape: [3], data_offsets: [0, 1] }), new Uint8Array(1)),
      "which F4 of shape [3] does not have",
    ],
    [
      file(
        '{"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0078":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
      ),
      'has "x" twice',
    ],
    [file('{"x":{"dtype":"U8","dtype":"I8","shape":[0],"data_offsets":[0,0]}}'), 'has "dtype" twice'],
    [file("[".repeat(1e6)), "is not JSON"],
    [file(x({ dtype: "toString" }), new Uint8Array(8)), 'type "toString"'],
    [file(x({ shape: [-2] }), new Uint8Array(8)), "the shape [-2]"],
    [file(x({ shape: [1e300, 1e300] }), new Uint8Array(8)), "the shape"],
    [file(x({ shape: [2 ** 40, 2 ** 40] }), new Uint8Array(8)), "which F32 of shape"],
    [file(x({ shape: [3] }), new Uint8Array(8)), "which F32 of shape [3] does not have"],
    [file(x({ data_offsets: [8, 0] }), new Uint8Array(8)), "data_offsets [8,0]"],
    [file(x({}), new Uint8Array(4)), "and the file at"],
    [file(x({}), new Uint8Array(12)), "the tensors end at"],
    [file(x({ shape: [2 ** 40], data_offsets: [0, 2 ** 42] }), new Uint8Array(8)), "and the file at"],
    [
      file({
        a: { dtype: "U8", shape: [4], data_offsets: [0, 4] },
        b: { dtype: "U8", shape: [4], data_offsets: [2, 6] },
      }, new Uint8Array(6)),
      "what is before it ends at",
    ],
    [file({ __metadata__: { a: 1 } }), "__metadata__"],
  ];
  for (const [bytes, message] of cases) assertThrows(() => io.readSafetensors(bytes), ValueError, message);
});

Deno.test("what cannot be written, read or found is named", () => {
  const folder = Deno.makeTempDirSync();
  assertThrows(() => io.encodeSafetensors({ x: 3 as unknown as Tensor }), ValueError, '"x"');
  assertThrows(() => io.encodeSafetensors({ __metadata__: ones([1]) }), ValueError, "__metadata__");
  assertThrows(() => io.readSafetensors(`${folder}/none`), TensaurError, "no such file");
  assertThrows(() => io.readSafetensors(folder), TensaurError, "folder");
  assertThrows(() => io.writeSafetensors(`${folder}/none/x`, {}), TensaurError, "no such folder");
  const names = io.readSafetensors(file({ ["__proto__x"]: { dtype: "U8", shape: [0], data_offsets: [0, 0] } }));
  assertEquals(Object.keys(names), ["__proto__x"]);
  const proto = io.readSafetensors(file('{"__proto__":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'));
  assertEquals(Object.keys(proto), ["__proto__"]);
  assertEquals(Object.getPrototypeOf(proto), Object.prototype);
});

Deno.test({
  name: "reading and writing without permission says which is missing",
  permissions: { read: false, write: false },
  fn: () => {
    assertThrows(() => io.readSafetensors("m.safetensors"), TensaurError, "run with --allow-read=m.safetensors");
    assertThrows(() => io.writeSafetensors("m.safetensors", {}), TensaurError, "run with --allow-write=m.safetensors");
  },
});
