import { assertEquals, assertThrows } from "@std/assert";
import { io, type Tensor, ValueError } from "../../mod.ts";
import { archive, placed, text } from "./written_pickle.ts";

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

/** A list that holds another twice, and so on: a few bytes that are 2 ** depth values when written out. */
function doubled(depth: number): string {
  const levels = Array.from({ length: depth }, (_, i) => {
    const before = String.fromCharCode(i), next = String.fromCharCode(i + 1);
    return `](h${before}h${before}eq${next}`;
  });
  return ["]q\0", ...levels].join("0"); // POP between them
}

Deno.test("values that hold others many times over are neither written out nor copied", () => {
  const laughs = doubled(100);
  const cases: [(number | string)[], string][] = [
    [[laughs, laughs, 0x93, 0x2e], "without a name"],
    [["ctorch._utils\n_rebuild_tensor_v2\n(", "N", laughs, laughs, laughs, "tR."], "the offset of 2 entries"],
    [[laughs, "Q."], "not described as PyTorch does"],
  ];
  for (const [pickle, message] of cases) assertThrows(() => io.readPyTorch(archive(pickle)), ValueError, message);
  // Shared values stay shared.
  const value = io.readPyTorch<unknown[][]>(archive([laughs, "."]));
  assertEquals(value[0] === value[1], true);
  assertEquals(io.readPyTorch<string>(archive(["ctorch\ndevice\n(", laughs, "tR."])), "");
  // A list of 1,000 entries that 1,000 sets are made of.
  const many = ["](", "N".repeat(1000), "eq\x00", "(", "c__builtin__\nset\n(h\x00tR".repeat(1000), "t."];
  assertThrows(() => io.readPyTorch(archive(many)), ValueError, "hold more than the file does");
  const keys = ["}", laughs, "Ns."];
  assertEquals(io.readPyTorch(archive(keys)) instanceof Map, true);
});

Deno.test("tensors of many dimensions are refused", () => {
  const ones = Array(65).fill(1);
  assertThrows(() => io.readPyTorch(archive(placed(2, 0, ones, ones))), ValueError, "of 65 entries");
});
