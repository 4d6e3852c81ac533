import { assertEquals, assertThrows } from "@std/assert";
import { encode as encodePng } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { crc32, deflateSync } from "node:zlib";
import * as torch from "../../mod.ts";
import { data } from "../../mod.ts";
import { ImageFolder, readImage } from "../../data/images.ts";

const rgb = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90);
const planes = [[[255, 0, 0], [10, 40, 70]], [[0, 255, 0], [20, 50, 80]], [[0, 0, 255], [30, 60, 90]]];
const png = (channels: 1 | 2 | 3 | 4, pixels: Uint8Array | Uint16Array, depth: 8 | 16 = 8) =>
  encodePng({ width: 3, height: 2, channels, depth, data: pixels });

/** A PNG of few bits a pixel, which no encoder here writes: chunks of length, name, content and checksum. */
function smallPng(
  depth: number,
  colour: number,
  rows: readonly number[][],
  palette: readonly number[] = [],
): Uint8Array {
  const chunk = (name: string, content: readonly number[] | Uint8Array): number[] => {
    const body = Uint8Array.from([...new TextEncoder().encode(name), ...content]);
    const number = (value: number) => [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255];
    return [...number(content.length), ...body, ...number(crc32(body))];
  };
  const header = [0, 0, 0, 3, 0, 0, 0, rows.length, depth, colour, 0, 0, 0];
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", header),
    ...(palette.length > 0 ? chunk("PLTE", palette) : []),
    ...chunk("IDAT", deflateSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])))),
    ...chunk("IEND", []),
  ]);
}

Deno.test("PNG of every kind becomes red, green and blue", () => {
  assertEquals(readImage(png(3, rgb)).tolist(), planes);
  assertEquals(readImage(png(3, rgb)).dtype, "uint8");
  const alpha = Uint8Array.from({ length: 24 }, (_, i) => i % 4 === 3 ? 7 : rgb[Math.floor(i / 4) * 3 + i % 4]!);
  assertEquals(readImage(png(4, alpha)).tolist(), planes);
  const grey = [[0, 51, 102], [153, 204, 255]];
  assertEquals(readImage(png(1, Uint8Array.from(grey.flat()))).tolist(), [grey, grey, grey]);
  assertEquals(readImage(png(2, Uint8Array.from(grey.flat().flatMap((x) => [x, 9])))).tolist(), [grey, grey, grey]);
  assertEquals(readImage(png(3, Uint16Array.from(rgb, (x) => 256 * x + 5), 16)).tolist(), planes);
});

Deno.test("PNG of few bits a pixel is unpacked", () => {
  const bits = [[0, 255, 0], [255, 255, 0]];
  assertEquals(readImage(smallPng(1, 0, [[0b01000000], [0b11000000]])).tolist(), [bits, bits, bits]);
  const fours = [[0, 85, 170], [255, 0, 0]];
  assertEquals(readImage(smallPng(2, 0, [[0b00011000], [0b11000000]])).tolist(), [fours, fours, fours]);
  const palette = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const indexed = [[[1, 4, 7], [7, 4, 1]], [[2, 5, 8], [8, 5, 2]], [[3, 6, 9], [9, 6, 3]]];
  assertEquals(readImage(smallPng(2, 3, [[0b00011000], [0b10010000]], palette)).tolist(), indexed);
  assertEquals(readImage(smallPng(8, 3, [[0, 1, 2], [2, 1, 0]], palette)).tolist(), indexed);
});

Deno.test("JPEG becomes red, green and blue", () => {
  const width = 8, height = 8;
  const pixels = Uint8Array.from({ length: 4 * width * height }, (_, i) => [200, 100, 50, 255][i % 4]!);
  const image = readImage(encodeJpeg({ width, height, data: pixels }, 100).data);
  assertEquals(image.shape.join(), "3,8,8");
  const worst = image.float().sub(torch.tensor([200, 100, 50]).reshape([3, 1, 1])).abs().max().item() as number;
  assertEquals(worst <= 2, true, `${worst}`);
});

Deno.test("what is no picture is refused", () => {
  assertThrows(() => readImage(Uint8Array.of(1, 2, 3)), torch.ValueError, "neither PNG nor JPEG");
  assertThrows(() => readImage(png(3, rgb).subarray(0, 40)), torch.ValueError, "the PNG is damaged");
  assertThrows(() => readImage(Uint8Array.of(0xff, 0xd8, 0xff)), torch.ValueError, "the JPEG is damaged");
  assertThrows(() => readImage("/no/such.png"), torch.TensaurError, "no such file");
});

Deno.test("ImageFolder makes classes of folders", () => {
  const root = Deno.makeTempDirSync();
  assertThrows(() => new ImageFolder(root), torch.TensaurError, "any class");
  for (const path of ["rose", "iris/wild"]) Deno.mkdirSync(`${root}/${path}`, { recursive: true });
  Deno.writeFileSync(`${root}/rose/1.PNG`, png(3, rgb));
  Deno.writeTextFileSync(`${root}/rose/notes.txt`, "no picture");
  assertThrows(() => new ImageFolder(root), torch.TensaurError, "any picture of iris");
  Deno.writeFileSync(`${root}/iris/wild/b.png`, png(3, new Uint8Array(18)));
  Deno.writeFileSync(`${root}/iris/a.png`, png(3, rgb));
  const pictures = new ImageFolder(root);
  assertEquals([pictures.classes, pictures.targets, pictures.classToIdx], [["iris", "rose"], [0, 0, 1], {
    iris: 0,
    rose: 1,
  }]);
  assertEquals(pictures.samples.map(([path]) => path.slice(root.length)), [
    "/iris/a.png",
    "/iris/wild/b.png",
    "/rose/1.PNG",
  ]);
  assertEquals(pictures.at(-1)[0].tolist(), planes);
  const mapped = new ImageFolder(root, { transform: data.toTensor, targetTransform: (y) => y * 10 });
  const [images, targets] = [...new data.DataLoader(mapped, { batchSize: 3 })][0]!;
  assertEquals([images.shape.join(), images.dtype, targets.tolist()], ["3,3,2,3", "float32", [0, 0, 10]]);
  Deno.removeSync(root, { recursive: true });
  assertThrows(() => new ImageFolder(root), torch.TensaurError, "no such file");
});
