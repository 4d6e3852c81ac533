/**
 * This library.
 *
 * @module
 */

import { type DeviceName, flush, functional as F, nn, optim, synchronize, type Tensor, tensor } from "@tensaur/tensaur";
import { cnnData, ints, mlpData, transformerData, uniform } from "./data.ts";
import { type Impl, main, type Op, type Train, variant } from "./driver.ts";

const device = variant as DeviceName;

const floats = (data: Float32Array, shape: number[], requiresGrad = false): Tensor =>
  tensor(data, { shape, device, requiresGrad });
const labels = (data: Int32Array): Tensor => tensor(data, { device });

/** Runs what is recorded, and waits for it. */
function finish(): void {
  flush();
  synchronize(device);
}

function op(compute: () => Tensor): Op {
  return {
    run() {
      const result = compute();
      finish();
      return result;
    },
    out: () => compute().data() as Promise<ArrayLike<number>>,
  };
}

function trainer(optimizer: optim.Optimizer, computeLoss: () => Tensor): Train {
  let loss: Tensor;
  return {
    step() {
      optimizer.zeroGrad();
      loss = computeLoss();
      loss.backward();
      optimizer.step();
    },
    loss() {
      const value = loss.item();
      finish();
      return Number(value);
    },
  };
}

/** A layer with these parameters. */
function load<Layer extends nn.Linear | nn.Conv2d>(layer: Layer, weight: Float32Array, bias: Float32Array): Layer {
  layer.loadStateDict({ weight: floats(weight, [...layer.weight.shape]), bias: floats(bias, [bias.length]) });
  return layer;
}

const linear = (inputs: number, outputs: number, weight: Float32Array, bias: Float32Array): nn.Linear =>
  load(new nn.Linear(inputs, outputs, { device }), weight, bias);
const conv = (inputs: number, outputs: number, weight: Float32Array, bias: Float32Array): nn.Conv2d =>
  load(new nn.Conv2d(inputs, outputs, 3, { padding: 1, device }), weight, bias);

/** One block with pre-norm, causal attention and a gelu perceptron. */
class Block extends nn.Module {
  norm1: nn.LayerNorm;
  norm2: nn.LayerNorm;
  qkv: nn.Linear;
  projection: nn.Linear;
  expand: nn.Linear;
  contract: nn.Linear;

  constructor(readonly heads: number, d: number, p: ReturnType<typeof transformerData>) {
    super();
    this.norm1 = new nn.LayerNorm(d, { device });
    this.norm2 = new nn.LayerNorm(d, { device });
    this.qkv = linear(d, 3 * d, p.wqkv, p.bqkv);
    this.projection = linear(d, d, p.wo, p.bo);
    this.expand = linear(d, 4 * d, p.w1, p.b1);
    this.contract = linear(4 * d, d, p.w2, p.b2);
  }

  override forward(x: Tensor): Tensor {
    const [batch, seq, d] = x.shape as unknown as [number, number, number];
    const [q, k, v] = this.qkv(this.norm1(x)).reshape(batch, seq, 3, this.heads, d / this.heads).permute(2, 0, 3, 1, 4)
      .unbind(0) as [Tensor, Tensor, Tensor];
    const attended = F.scaledDotProductAttention(q, k, v, { isCausal: true }).transpose(1, 2).reshape(batch, seq, d);
    const h = x.add(this.projection(attended));
    return h.add(this.contract(F.gelu(this.expand(this.norm2(h)))));
  }
}

const impls: Record<string, Impl> = {
  startup() {
    const loss = F.crossEntropy(floats(uniform(15, 1), [3, 5]), labels(ints(3, 2, 5)));
    return Number(loss.item());
  },
  sync() {
    const x = floats(uniform(4096, 1), [4096]);
    const run = (): number => Number(x.add(1).sum().item());
    return { run, out: () => [run()] };
  },
  xent({ rows, classes }) {
    const x = floats(uniform(rows * classes, 1, -2, 2), [rows, classes], true);
    const target = labels(ints(rows, 2, classes));
    const run = (): number => {
      x.grad = null;
      const loss = F.crossEntropy(x, target);
      loss.backward();
      const value = Number(loss.item());
      finish();
      return value;
    };
    return {
      run,
      out() {
        run();
        return x.grad!.data() as Promise<ArrayLike<number>>;
      },
    };
  },
  matmul({ n }) {
    const a = floats(uniform(n * n, 1), [n, n]), b = floats(uniform(n * n, 2), [n, n]);
    return op(() => a.matmul(b));
  },
  bmm({ b: batch, n }) {
    const a = floats(uniform(batch * n * n, 1), [batch, n, n]), b = floats(uniform(batch * n * n, 2), [batch, n, n]);
    return op(() => a.matmul(b));
  },
  matvec({ n }) {
    const a = floats(uniform(n * n, 1), [n, n]), b = floats(uniform(n, 2), [n]);
    return op(() => a.matmul(b));
  },
  ewchain({ n }) {
    const x = floats(uniform(n, 1), [n]);
    return op(() => x.exp().add(x.mul(x)).tanh());
  },
  sum({ n }) {
    const x = floats(uniform(n, 1, 0, 1), [n]);
    return op(() => x.sum());
  },
  softmax({ rows, cols }) {
    const x = floats(uniform(rows * cols, 1, -2, 2), [rows, cols]);
    return op(() => F.softmax(x, -1));
  },
  layernorm({ rows, cols }) {
    const x = floats(uniform(rows * cols, 1), [rows, cols]);
    const weight = floats(uniform(cols, 2, .5, 1.5), [cols]), bias = floats(uniform(cols, 3), [cols]);
    return op(() => F.layerNorm(x, [cols], { weight, bias }));
  },
  mlp(workload) {
    const { x, y, layers } = mlpData(workload);
    const net = new nn.Sequential(
      ...layers.flatMap((l, i) => [...(i === 0 ? [] : [new nn.ReLU()]), linear(l.in, l.out, l.w, l.b)]),
    );
    const images = floats(x, [workload.batch, layers[0]!.in]), target = labels(y);
    const optimizer = new optim.Adam(net.parameters(), { lr: workload.lr });
    return trainer(optimizer, () => F.crossEntropy(net(images), target));
  },
  cnn(workload) {
    const p = cnnData(workload);
    const net = new nn.Sequential(
      ...[conv(1, 16, p.w1, p.b1), new nn.ReLU(), new nn.MaxPool2d(2)],
      ...[conv(16, 32, p.w2, p.b2), new nn.ReLU(), new nn.MaxPool2d(2)],
      ...[new nn.Flatten(), linear(1568, 10, p.w3, p.b3)],
    );
    const images = floats(p.x, [workload.batch, 1, 28, 28]), target = labels(p.y);
    const optimizer = new optim.SGD(net.parameters(), { lr: workload.lr, momentum: workload.momentum });
    return trainer(optimizer, () => F.crossEntropy(net(images), target));
  },
  transformer(workload) {
    const { batch, seq, d, heads, lr } = workload;
    const p = transformerData(workload);
    const block = new Block(heads, d, p);
    const x = floats(p.x, [batch, seq, d]), y = floats(p.y, [batch, seq, d]);
    return trainer(new optim.SGD(block.parameters(), { lr }), () => F.mseLoss(block(x), y));
  },
};

await main({ impls });
