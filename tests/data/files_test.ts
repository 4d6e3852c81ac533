import { assertEquals, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import * as torch from "../../mod.ts";
import { data, type Tensor } from "../../mod.ts";

/** The bytes of an IDX file. */
function idx(code: number, shape: readonly number[], content: ArrayLike<number>): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, code << 8 | shape.length);
  shape.forEach((extent, i) => header.setUint32(4 + 4 * i, extent));
  return Uint8Array.from([...new Uint8Array(header.buffer), ...Array.from(content)]);
}

const pixels = Uint8Array.from({ length: 3 * 4 }, (_, i) => 17 * i);
const images = idx(8, [3, 2, 2], pixels), targets = idx(8, [3], [7, 0, 9]);

function folder(files: Record<string, Uint8Array>): string {
  const root = Deno.makeTempDirSync();
  for (const [path, bytes] of Object.entries(files)) {
    Deno.mkdirSync(`${root}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeFileSync(`${root}/${path}`, bytes);
  }
  return root;
}

Deno.test("readIdx() reads every type of number, gzipped or not", () => {
  const read = (bytes: Uint8Array) => {
    const t = data.readIdx(bytes, { device: "cpu" });
    return [t.dtype, t.tolist()];
  };
  assertEquals(read(idx(8, [2, 2], [1, 2, 3, 255])), ["uint8", [[1, 2], [3, 255]]]);
  assertEquals(read(gzipSync(idx(8, [2], [1, 2]))), ["uint8", [1, 2]]);
  assertEquals(read(idx(9, [2], [1, 255])), ["int32", [1, -1]]);
  assertEquals(read(idx(11, [2], [1, 2, 255, 254])), ["int32", [258, -2]]);
  assertEquals(read(idx(12, [1], [255, 255, 255, 0])), ["int32", [-256]]);
  assertEquals(read(idx(13, [1], [63, 192, 0, 0])), ["float32", [1.5]]);
  assertEquals(read(idx(14, [1], [63, 248, 0, 0, 0, 0, 0, 0])), ["float64", [1.5]]);
  assertEquals(read(idx(8, [0, 3], [])), ["uint8", []]);
});

Deno.test("readIdx() says what is wrong with a file", () => {
  assertThrows(() => data.readIdx(Uint8Array.of(1, 2, 3, 4, 5)), torch.ValueError, "does not begin");
  assertThrows(() => data.readIdx(new Uint8Array()), torch.ValueError, "does not begin");
  assertThrows(() => data.readIdx(idx(8, [2, 2], [1, 2, 3])), torch.ValueError, "has 16 bytes, and this one 15");
  assertThrows(() => data.readIdx(Uint8Array.of(0x1f, 0x8b, 1)), torch.TensaurError, "damaged");
  assertThrows(() => data.readIdx("/no/such/file"), torch.TensaurError, "/no/such/file: there is no such file");
});

Deno.test("MNIST is read from torchvision's folder or the root, and goes into batches", () => {
  const root = folder({
    "MNIST/raw/train-images-idx3-ubyte": images,
    "MNIST/raw/train-labels-idx1-ubyte.gz": gzipSync(targets),
    "t10k-images-idx3-ubyte.gz": gzipSync(images),
    "t10k-labels-idx1-ubyte": targets,
  });
  for (const train of [true, false]) {
    const digits = new data.MNIST(root, { train });
    const [image, target] = digits.at(1);
    assertEquals([image.dtype, image.tolist(), target], ["uint8", [[[68, 85], [102, 119]]], 0]);
    assertEquals([digits.length, digits.classes[7], digits.classToIdx["9 - nine"]], [3, "7 - seven", 9]);
    assertEquals([digits.data.shape, digits.targets.tolist()], [torch.zeros([3, 2, 2]).shape, [7, 0, 9]]);
  }
  const loader = new data.DataLoader(new data.MNIST(new URL(`file://${root}/`)), { batchSize: 2 });
  const batches = Array.from(loader, ([x, y]) => [x.shape.join(), x.dtype, y.tolist()]);
  assertEquals(batches, [["2,1,2,2", "uint8", [7, 0]], ["1,1,2,2", "uint8", [9]]]);
  const options = { transform: (x: Tensor) => data.toTensor(x).flatten(), targetTransform: (y: number) => y % 2 };
  const [both] = new data.DataLoader(new data.MNIST(root, options), { batchSize: 3 });
  const [x, y] = both!;
  assertEquals([x.shape.join(), y.tolist(), x.at(0, 3).item()], ["3,4", [1, 0, 1], Math.fround(0.2)]);
  Deno.removeSync(root, { recursive: true });
});

Deno.test("MNIST's kin have their own files and classes", () => {
  const root = folder({
    "FashionMNIST/raw/train-images-idx3-ubyte": images,
    "FashionMNIST/raw/train-labels-idx1-ubyte": targets,
    "KMNIST/raw/train-images-idx3-ubyte": images,
    "KMNIST/raw/train-labels-idx1-ubyte": targets,
    "EMNIST/raw/emnist-letters-test-images-idx3-ubyte": images,
    "EMNIST/raw/emnist-letters-test-labels-idx1-ubyte": targets,
  });
  assertEquals(new data.FashionMNIST(root).classes[9], "Ankle boot");
  assertEquals(new data.KMNIST(root).classes[9], "wo");
  const letters = new data.EMNIST(root, { split: "letters", train: false });
  assertEquals([letters.classes[7], letters.classes.length, letters.at(0)[1]], ["g", 27, 7]);
  assertThrows(() => new data.EMNIST(root, { split: "digits" }), torch.TensaurError, "emnist-digits-train-images");
  assertThrows(() => new data.EMNIST(root, { split: "all" as "digits" }), torch.ValueError, "byclass, bymerge");
  Deno.removeSync(root, { recursive: true });
});

Deno.test("a missing file is named, with where it is to be had", () => {
  const message = assertThrows(() => new data.MNIST("/no/such"), torch.TensaurError) as Error;
  for (
    const part of ["/no/such/MNIST/raw/train-images-idx3-ubyte.gz", "/no/such/train-images-idx3-ubyte", "https://"]
  ) {
    assertEquals(message.message.includes(part), true, message.message);
  }
  assertThrows(() => new data.IdxDataset(images, idx(8, [2], [1, 2])), torch.ValueError, "3 images");
  assertThrows(() => new data.IdxDataset(targets, targets), torch.ValueError, "three dimensions");
});

Deno.test({
  name: "without permission to read, the error says which flag gives it",
  permissions: { read: false },
  fn() {
    const error = assertThrows(() => new data.MNIST("/no/such"), torch.TensaurError, "--allow-read=/no/such/MNIST");
    assertEquals(((error as Error).cause as Error).name, "NotCapable");
    assertThrows(() => new data.CSVDataset("table.csv"), torch.TensaurError, "--allow-read=table.csv");
  },
});

Deno.test("normalize() takes one mean and deviation for each channel", () => {
  const image = torch.tensor([[[0, 1]], [[2, 4]]], { dtype: "float32" });
  assertEquals(data.normalize(image, [1, 2], [0.5, 2]).tolist(), [[[-2, 0]], [[0, 1]]]);
  assertThrows(() => data.normalize(image, [1, 2, 3], [1]), torch.ValueError, "3 means");
  assertThrows(() => data.normalize(image, [1], [0]), torch.ValueError, "deviation of 0");
  assertThrows(() => data.normalize(image.int(), [1], [1]), torch.ValueError, "toTensor");
});
