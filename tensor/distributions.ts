/**
 * How PyTorch's CPU kernels turn random bits into numbers: each function fills a host array from a generator.
 *
 * @module
 */

import { allocate, type DType, hasFusedMultiplyAdd, type TypedArray, ValueError } from "../kernels/mod.ts";
import { normalBlocks } from "./box_muller_kernel.ts";
import { fma64, normalBlock16, normalBlock32, normalBlock64 } from "./box_muller.ts";
import type { Generator } from "./generator.ts";

const { fround } = Math;

/** Elements whose random bits are drawn at a time: whole states of the twister, that stay in the caches and need no new memory. */
const BLOCK = 32 * 624;

/** Calls `use` with the random bits of some elements, `words` for each, the number of the first and how many there are. */
function inBlocksOfBits(
  count: number,
  words: number,
  generator: Generator,
  use: (bits: Uint32Array<ArrayBuffer>, first: number, length: number) => void,
): void {
  for (let first = 0; first < count; first += BLOCK) {
    const length = Math.min(BLOCK, count - first);
    use(generator.bits(words * length), first, length);
  }
}

/** `count` numbers of [0, 1) with 53 random bits. */
export function uniform64(count: number, generator: Generator): Float64Array<ArrayBuffer> {
  const result = allocate("float64", count) as Float64Array<ArrayBuffer>;
  inBlocksOfBits(count, 2, generator, (bits, first, length) => {
    for (let i = 0; i < length; i++) result[first + i] = fraction53(bits[2 * i]!, bits[2 * i + 1]!);
  });
  return result;
}

/** A number of [0, 1) from 53 of 64 random bits. */
function fraction53(high: number, low: number): number {
  return ((high & 0x1fffff) * 2 ** 32 + low) * 2 ** -53;
}

/** `count` numbers of [low, low + range) with 24 random bits. */
function uniform32(count: number, generator: Generator, low = 0, range = 1): Float32Array<ArrayBuffer> {
  const result = allocate("float32", count) as Float32Array<ArrayBuffer>;
  inBlocksOfBits(count, 1, generator, (bits, first, length) => {
    for (let i = 0; i < length; i++) result[first + i] = (bits[i]! & 0xffffff) * 2 ** -24 * range + low;
  });
  return result;
}

/** `count` numbers of [0, 1) with 11 random bits. */
function uniform16(count: number, generator: Generator): Float16Array<ArrayBuffer> {
  const result = allocate("float16", count) as Float16Array<ArrayBuffer>;
  inBlocksOfBits(count, 1, generator, (bits, first, length) => {
    for (let i = 0; i < length; i++) result[first + i] = (bits[i]! & 0x7ff) * 2 ** -11;
  });
  return result;
}

/** `count` numbers of [from, to). */
export function uniform(count: number, dtype: DType, from: number, to: number, generator: Generator): TypedArray {
  if (!(from <= to)) throw new ValueError(`Cannot draw from uniform(${from}, ${to}): the bounds are not in order`);
  if (dtype === "float64") {
    const result = uniform64(count, generator);
    const range = to - from;
    if (from !== 0 || range !== 1) { for (let i = 0; i < count; i++) result[i] = fma64(result[i]!, range, from); }
    return result;
  }
  if (dtype === "float16") {
    const result = uniform16(count, generator);
    const low = Math.f16round(from), range = Math.f16round(Math.f16round(to) - low);
    if (low !== 0 || range !== 1) { for (let i = 0; i < count; i++) result[i] = fround(result[i]! * range + low); }
    return result;
  }
  const low = fround(from);
  return uniform32(count, generator, low, fround(fround(to) - low));
}

/** For the library: one number of the normal distribution with mean 0 and deviation 1, in float64; every second one comes from the last pair. */
export function nextNormal(generator: Generator): number {
  const cached = generator.cachedNormal;
  if (cached !== undefined) {
    generator.cachedNormal = undefined;
    return cached;
  }
  const [u1, u2] = uniform64(2, generator);
  const radius = Math.sqrt(-2 * Math.log(1 - u2!));
  const theta = 2 * Math.PI * u1!;
  generator.cachedNormal = radius * Math.sin(theta);
  return radius * Math.cos(theta);
}

/** `count` numbers of the normal distribution. */
export function normal(count: number, dtype: DType, mean: number, std: number, generator: Generator): TypedArray {
  if (!(std >= 0)) {
    throw new ValueError(`Cannot draw from a normal distribution with std ${std}: it must not be negative`);
  }
  if (count < 16) {
    const result = allocate(dtype, count);
    for (let i = 0; i < count; i++) result[i] = fma64(nextNormal(generator), std, mean);
    return result;
  }
  if (dtype === "float64") return inBlocks(uniform64, normalBlock64, count, mean, std, generator);
  if (dtype === "float16") {
    return inBlocks(uniform16, normalBlock16, count, Math.f16round(mean), Math.f16round(std), generator);
  }
  if (count >= MANY && hasFusedMultiplyAdd()) return manyNormal(count, fround(mean), fround(std), generator);
  return inBlocks(uniform32, normalBlock32, count, fround(mean), fround(std), generator);
}

/** From so many on, normal numbers are worth a kernel. */
const MANY = 2 ** 15;

/** The same as `inBlocks` for float32, on the CPU device. */
function manyNormal(count: number, mean: number, std: number, generator: Generator): Float32Array<ArrayBuffer> {
  const bits = generator.bits(count), whole = count - count % 16;
  if (whole === count) return normalBlocks(bits, mean, std);
  const result = new Float32Array(count);
  result.set(normalBlocks(bits.subarray(0, whole), mean, std));
  result.set(normalBlocks(generator.bits(16), mean, std), count - 16);
  return result;
}

/** Blocks of 16; where the last is not full, the last 16 elements are drawn again. */
function inBlocks<T extends Float16Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  draw: (count: number, generator: Generator) => T,
  block: (data: T, start: number, mean: number, std: number) => void,
  count: number,
  mean: number,
  std: number,
  generator: Generator,
): T {
  const result = draw(count, generator);
  for (let i = 0; i + 16 <= count; i += 16) block(result, i, mean, std);
  if (count % 16 !== 0) {
    result.set(draw(16, generator), count - 16);
    block(result, count - 16, mean, std);
  }
  return result;
}

/** `count` integers of [from, to). */
export function integers(count: number, dtype: DType, from: number, to: number, generator: Generator): TypedArray {
  const result = allocate(dtype, count);
  const range = to - from;
  if (range >= 2 ** 32) {
    const wide = BigInt(range);
    for (let i = 0; i < count; i++) result[i] = Number(generator.bits64() % wide) + from;
    return result;
  }
  inBlocksOfBits(count, 1, generator, (bits, first, length) => {
    // The remainder of 32 bits, exact in float64, whose own operation is slow.
    for (let i = 0; i < length; i++) result[first + i] = bits[i]! - Math.floor(bits[i]! / range) * range + from;
  });
  return result;
}

/** 1 with probability `p`, else 0. */
export function bernoulli(count: number, dtype: DType, p: number, generator: Generator): TypedArray {
  // 53 random bits are less than p, as a fraction, if they are less than this integer. Compared by a sign: processors cannot foresee
  // a branch that is taken at random.
  const limit = Math.ceil(p * 2 ** 53), limitHigh = Math.floor(limit / 2 ** 32), limitLow = limit % 2 ** 32;
  const bytes = allocate("bool", count);
  inBlocksOfBits(count, 2, generator, (bits, first, length) => {
    for (let i = 0; i < length; i++) {
      const high = bits[2 * i]! & 0x1fffff;
      bytes[first + i] = (high - limitHigh) >>> 31;
      if (high === limitHigh && bits[2 * i + 1]! < limitLow) bytes[first + i] = 1;
    }
  });
  if (dtype === "bool" || dtype === "uint8") return bytes;
  const result = allocate(dtype, count);
  result.set(bytes);
  return result;
}

/** 1 with the probability that stands at the same place of `p`, else 0. */
export function bernoulliEach(p: TypedArray, dtype: DType, generator: Generator): TypedArray {
  const result = allocate(dtype, p.length);
  const samples = p instanceof Float64Array ? uniform64(p.length, generator) : uniform32(p.length, generator);
  for (let i = 0; i < p.length; i++) result[i] = samples[i]! < p[i]! ? 1 : 0;
  return result;
}

/** `count` numbers of the exponential distribution with rate `lambda`. */
export function exponential(count: number, dtype: DType, lambda: number, generator: Generator): TypedArray {
  const result = allocate(dtype, count);
  const samples = uniform64(count, generator);
  for (let i = 0; i < count; i++) result[i] = -1 / lambda * Math.log(1 - samples[i]!);
  return result;
}

/** `count` numbers of the Cauchy distribution. */
export function cauchy(count: number, dtype: DType, median: number, sigma: number, generator: Generator): TypedArray {
  const result = allocate(dtype, count), samples = uniform64(count, generator);
  for (let i = 0; i < count; i++) result[i] = median + sigma * Math.tan(Math.PI * (samples[i]! - 0.5));
  return result;
}

/** `count` numbers whose logarithms have a normal distribution. */
export function logNormal(count: number, dtype: DType, mean: number, std: number, generator: Generator): TypedArray {
  const result = allocate(dtype, count);
  for (let i = 0; i < count; i++) result[i] = Math.exp(fma64(nextNormal(generator), std, mean));
  return result;
}

/** `count` numbers of trials up to the first success, each of probability `p`. */
export function geometric(count: number, dtype: DType, p: number, generator: Generator): TypedArray {
  const result = allocate(dtype, count), samples = uniform64(count, generator), scale = Math.log1p(-p);
  for (let i = 0; i < count; i++) result[i] = Math.ceil(Math.log(samples[i]!) / scale);
  return result;
}

/** The integers below `n` in random order. */
export function permutation(n: number, dtype: DType, generator: Generator): TypedArray {
  const result = allocate(dtype, n);
  for (let i = 0; i < n; i++) result[i] = i;
  const bits = generator.bits(Math.max(0, n - 1));
  for (let i = 0; i < n - 1; i++) {
    const other = i + bits[i]! % (n - i);
    const swapped = result[i]!;
    result[i] = result[other]!;
    result[other] = swapped;
  }
  return result;
}

/** `count` integers from 0 to the largest that `dtype` holds exactly. int32 takes the low bits of what PyTorch draws for int64. */
export function anyIntegers(count: number, dtype: DType, generator: Generator): TypedArray {
  const result = allocate(dtype, count);
  if (dtype === "float64") {
    const limit = 2n ** 53n + 1n;
    for (let i = 0; i < count; i++) result[i] = Number(generator.bits64() % limit);
  } else if (dtype === "int32") {
    const bits = generator.bits(2 * count);
    for (let i = 0; i < count; i++) result[i] = bits[2 * i + 1]! & 0x7fffffff;
  } else {
    const limit = { float32: 2 ** 24 + 1, float16: 2 ** 11 + 1, uint32: 2 ** 32, uint8: 256, bool: 2 }[dtype];
    const bits = generator.bits(count);
    for (let i = 0; i < count; i++) result[i] = bits[i]! % limit;
  }
  return result;
}

/** Row by row, `count` positions drawn with the probabilities that the `rows` of `weights` give them. */
export function categories(
  weights: TypedArray,
  rows: number,
  count: number,
  replacement: boolean,
  generator: Generator,
): TypedArray {
  const length = weights.length / rows;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (const weight of weights.subarray(row * length, (row + 1) * length)) {
      if (!(weight >= 0 && weight < Infinity)) {
        throw new ValueError(`Cannot draw multinomially with weight ${weight}: expected finite numbers from 0`);
      }
      sum += weight;
    }
    if (!(sum > 0)) throw new ValueError("Cannot draw multinomially from weights that are all 0");
  }
  return replacement
    ? withReplacement(weights, rows, count, generator)
    : withoutReplacement(weights, rows, count, generator);
}

/** A binary search in the running sums for each draw. */
function withReplacement(weights: TypedArray, rows: number, count: number, generator: Generator): TypedArray {
  const result = new Int32Array(rows * count);
  const length = weights.length / rows;
  for (let row = 0; row < rows; row++) {
    const sums = weights.slice(row * length, (row + 1) * length);
    for (let i = 1; i < length; i++) sums[i] = sums[i]! + sums[i - 1]!;
    const total = sums[length - 1]!;
    for (let i = 0; i < length; i++) sums[i] = sums[i]! / total;
    sums[length - 1] = 1;
    const samples = uniform64(count, generator);
    for (let i = 0; i < count; i++) {
      let low = 0, high = length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sums[middle]! < samples[i]!) low = middle + 1;
        else high = middle;
      }
      result[row * count + i] = low;
    }
  }
  return result;
}

/** The positions of the largest weights after each is divided by an exponential number. */
function withoutReplacement(weights: TypedArray, rows: number, count: number, generator: Generator): TypedArray {
  const result = new Int32Array(rows * count);
  const length = weights.length / rows;
  const dtype = weights instanceof Float64Array ? "float64" : "float32";
  const keys = exponential(weights.length, dtype, 1, generator);
  for (let i = 0; i < keys.length; i++) keys[i] = weights[i]! / keys[i]!;
  for (let row = 0; row < rows; row++) {
    const own = keys.subarray(row * length, (row + 1) * length);
    const order = count ** 2 <= FEW * length ? firstFew(own, count) : inOrder(own);
    for (let i = 0; i < count; i++) result[row * count + i] = order[i]!;
  }
  return result;
}

/** Up to the root of so many times the length, the first are found without sorting the rest. */
const FEW = 4;

/** Positions of all keys, the largest first. */
function inOrder(keys: TypedArray): number[] {
  return Array.from(keys, (_, i) => i).sort((a, b) => keys[b]! - keys[a]!);
}

/** The first `count` of them. */
function firstFew(keys: TypedArray, count: number): Int32Array {
  const order = new Int32Array(count);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (i >= count && !(key > keys[order[count - 1]!]!)) continue;
    let place = Math.min(i, count - 1);
    for (; place > 0 && key > keys[order[place - 1]!]!; place--) order[place] = order[place - 1]!;
    order[place] = i;
  }
  return order;
}

/**
 * A matrix with orthonormal columns, or rows if these are fewer, uniformly distributed among them: the Q of a normal matrix's QR
 * decomposition with a positive diagonal of R.
 */
export function orthonormal(rows: number, columns: number, dtype: DType, generator: Generator): TypedArray {
  const result = normal(rows * columns, dtype, 0, 1, generator);
  // Vectors are made orthogonal one after another; element i of vector v is at v * step + i * stride.
  const [vectors, length] = rows < columns ? [rows, columns] : [columns, rows];
  const [step, stride] = rows < columns ? [columns, 1] : [1, columns];
  const vector = (v: number) => Float64Array.from({ length }, (_, i) => result[v * step + i * stride]!);
  const done: Float64Array[] = [];
  for (let v = 0; v < vectors; v++) {
    const current = vector(v);
    // Twice, for what rounding left the first time.
    for (const before of [...done, ...done]) {
      let projection = 0;
      for (let i = 0; i < length; i++) projection += before[i]! * current[i]!;
      for (let i = 0; i < length; i++) current[i] = current[i]! - projection * before[i]!;
    }
    const size = Math.sqrt(current.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < length; i++) result[v * step + i * stride] = current[i] = current[i]! / size;
    done.push(current);
  }
  return result;
}
