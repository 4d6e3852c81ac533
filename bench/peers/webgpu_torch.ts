/**
 * webgpu-torch: the published package multiplies matrices, computes element by element and sums everything; it has no gradient of `mm`,
 * no reduction over an axis, no broadcasting.
 *
 * @module
 */
// deno-lint-ignore-file no-explicit-any -- the package comes without types here

import { uniform } from "./data.ts";
import { load, main, type Op, type Workload } from "./driver.ts";

// It unmaps buffers that are not mapped: a no-op by the WebGPU spec, an OperationError in Deno. Without this shim nothing runs.
const unmap = GPUBuffer.prototype.unmap;
GPUBuffer.prototype.unmap = function () {
  try {
    return unmap.call(this);
  } catch {
    return undefined;
  }
};

const torch = await load("webgpu-torch");
/** The WebGPU device, after `initWebGPUAsync`. */
const dev = () => torch.tensor([0]).device;
function f32(a: Float32Array<ArrayBuffer>, shape: number[]): any {
  const d = dev(),
    buf = d.gpuDevice.createBuffer({
      size: a.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
  d.gpuDevice.queue.writeBuffer(buf, 0, a);
  return new torch.Tensor({ data: d.getStorageFromKernel(buf), shape, dtype: "float32" });
}
const gpuBuf = (t: any) => t.storage.gpuBuffer as GPUBuffer;
async function read(t: any, bytes: number): Promise<Float32Array> {
  const g = dev().gpuDevice as GPUDevice,
    st = g.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const e = g.createCommandEncoder();
  e.copyBufferToBuffer(gpuBuf(t), 0, st, 0, bytes);
  g.queue.submit([e.finish()]);
  await st.mapAsync(GPUMapMode.READ);
  const r = new Float32Array(st.getMappedRange().slice(0));
  st.destroy();
  return r;
}
const op = (f: () => any, n: number): Op => ({
  async run() {
    const y = f();
    await read(y, 4);
    gpuBuf(y).destroy();
  },
  async out() {
    return await read(f(), n * 4);
  },
});
const mm = (w: Workload) => {
  const n = w.n, a = f32(uniform(n * n, 1), [n, n]), b = f32(uniform(n * n, 2), [n, n]);
  return op(() => a.mm(b), n * n);
};

await main({
  async init() {
    const l = console.log;
    console.log = () => {};
    await torch.initWebGPUAsync();
    console.log = l;
  },
  impls: {
    sync() {
      const x = f32(uniform(4096, 1), [4096]), o = f32(new Float32Array(4096).fill(1), [4096]);
      return op(() => x.add(o).sum(), 1);
    },
    matmul(w) {
      return mm(w);
    },
    matvec(w) {
      const n = w.n, a = f32(uniform(n * n, 1), [n, n]), b = f32(uniform(n, 2), [n, 1]);
      return op(() => a.mm(b), n);
    },
    ewchain(w) {
      const x = f32(uniform(w.n, 1), [w.n]);
      return op(() => x.exp().add(x.mul(x)).tanh(), w.n);
    },
    sum(w) {
      const x = f32(uniform(w.n, 1, 0, 1), [w.n]);
      return op(() => x.sum(), 1);
    },
  },
  why: {
    startup: "no reduction over an axis, no cross entropy",
    xent: "no reduction over an axis, no gradient of sum",
    bmm: "mm is 2-D only",
    softmax: "no reduction over an axis",
    layernorm: "no reduction over an axis",
    mlp: "no gradient of mm",
    cnn: "no convolution, no gradient of mm",
    transformer: "no gradient of mm",
  },
});
