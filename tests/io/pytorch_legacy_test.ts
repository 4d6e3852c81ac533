import { assertEquals, assertThrows } from "@std/assert";
import { io, type Tensor, ValueError } from "../../mod.ts";
import { pickled, placed } from "./written_pickle.ts";

/** The pickle of PyTorch's magic number, and that of its version. */
const magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e],
  version = [0x80, 2, 0x4d, 0xe9, 3, 0x2e];

interface Parts {
  readonly magic?: readonly (number | string)[];
  readonly little?: number;
  readonly value?: readonly (number | string)[];
  readonly keys?: readonly (number | string)[];
  readonly storages?: readonly number[];
}

/** A checkpoint of one storage of two floats, 1 and 1, with parts of it replaced. */
function legacy(parts: Parts = {}): Uint8Array<ArrayBuffer> {
  const { little = 0x88, value = placed(2, 0, [2], [1]), keys = ["](X", 1, 0, 0, 0, "0e."] } = parts;
  const one = [0, 0, 0x80, 0x3f], { storages = [2, 0, 0, 0, 0, 0, 0, 0, ...one, ...one] } = parts;
  const system = ["}X", 13, 0, 0, 0, "little_endian", little, "s."];
  return pickled([...(parts.magic ?? magic), ...version, ...system, ...value, ...keys, ...storages]);
}

Deno.test("a checkpoint of the format before 1.6 is read", () => {
  assertEquals(io.readPyTorch<Tensor>(legacy()).tolist(), [1, 1]);
});

Deno.test("damaged checkpoints of the format before 1.6 are refused with a reason", () => {
  const one = [0, 0, 0x80, 0x3f], key = (x: string): (number | string)[] => ["X", 1, 0, 0, 0, x];
  const cases: [Parts, string][] = [
    [{ magic: [0x80, 2, 0x4b, 1, 0x2e] }, "it begins with a pickle, and not with PyTorch's"],
    [{ magic: [0x80, 2, "cposix\nsystem\n", "."] }, "posix.system"],
    [{ little: 0x89 }, "big-endian"],
    [{ value: [0x80, 2, "cposix\nsystem\n(tR."] }, "posix.system"],
    [{ keys: ["N."] }, "no list of its storages"],
    [{ keys: ["](", ...key("7"), "e."] }, "not those of its tensors"],
    [{ keys: ["](", ...key("0"), ...key("0"), "e."] }, "not those of its tensors"],
    [{ keys: ["]."] }, "storage 0 should have 8 bytes, and has none"],
    [{ storages: [3, 0, 0, 0, 0, 0, 0, 0, ...one, ...one, ...one] }, "should have 2 elements, and has 3"],
    [{ storages: [2, 0, 0, 0, 0, 0, 0, 0, ...one] }, "within a value"],
    [{ storages: [] }, "within a value"],
    [
      { value: ["(X", 7, 0, 0, 0, "storagectorch\nFloatStorage\n", ...key("0"), ...key("c"), "K", 2, "K", 1, "tQ."] },
      "a part of another",
    ],
  ];
  for (const [parts, message] of cases) assertThrows(() => io.readPyTorch(legacy(parts)), ValueError, message);
  const good = legacy();
  for (let length = 1; length < good.length; length++) {
    assertThrows(() => io.readPyTorch(good.slice(0, length)), ValueError);
  }
});
