/**
 * Models that are exported and imported again.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { exportOnnx, importOnnx } from "../../io/onnx/mod.ts";
import { manualSeed, nn, noGrad, ones, randint, randn, Tensor } from "../../mod.ts";
import { assertClose, outputOf } from "./onnx_import_models.ts";

const cpu = { device: "cpu" } as const;

/** An embedding, and a recurrent layer on it. */
class Tagger extends nn.Module {
  embedding = new nn.Embedding(7, 4, cpu);
  gru = new nn.GRU(4, 3, { batchFirst: true, ...cpu });
  override forward(x: Tensor): [Tensor, Tensor] {
    return this.gru(this.embedding(x)) as [Tensor, Tensor];
  }
}

/** A model, and its inputs for a batch. */
const models: Readonly<Record<string, () => { model: nn.Module; inputs: (batch: number) => Tensor[] }>> = {
  "a perceptron": () => ({
    model: new nn.Sequential(
      new nn.Linear(4, 8, cpu),
      new nn.LayerNorm([8], cpu),
      new nn.GELU(),
      new nn.Linear(8, 3, cpu),
    ),
    inputs: (batch) => [randn([batch, 4], cpu)],
  }),
  "a convolutional network": () => ({
    model: new nn.Sequential(
      new nn.Conv2d(3, 4, 3, { padding: 1, ...cpu }),
      new nn.BatchNorm2d(4, cpu),
      new nn.ReLU6(),
      new nn.MaxPool2d(2),
      new nn.Upsample({ scaleFactor: 2, mode: "bilinear" }),
      new nn.AdaptiveAvgPool2d(2),
      new nn.Flatten(),
      new nn.Linear(16, 2, cpu),
      new nn.Softmax(-1),
    ),
    inputs: (batch) => [randn([batch, 3, 6, 6], cpu)],
  }),
  "a transformer": () => ({
    model: new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 8, batchFirst: true, ...cpu }),
    inputs: (batch) => [randn([batch, 3, 4], cpu)],
  }),
  "a recurrent network": () => ({
    model: new nn.LSTM(3, 4, { batchFirst: true, ...cpu }),
    inputs: (batch) => [randn([batch, 5, 3], cpu)],
  }),
  "an embedding": () => ({
    model: new Tagger(),
    inputs: (batch) => [randint(0, 7, [batch, 5], cpu)],
  }),
};

/** The tensors of a result, in order. */
const tensorsIn = (value: unknown): Tensor[] =>
  value instanceof Tensor ? [value] : Object.values(value as object).flatMap(tensorsIn);

for (const [name, make] of Object.entries(models)) {
  Deno.test(`importOnnx() gives what exportOnnx() was given: ${name}`, () => {
    manualSeed(0);
    const { model, inputs } = make();
    // Running averages other than those of a new layer.
    for (const buffer of model.buffers()) if (buffer.isFloatingPoint()) buffer.copy_(ones(buffer.shape, cpu).mul(0.75));
    const names = ["x"], file = exportOnnx(model, inputs(2), { inputNames: names, dynamicAxes: { x: { 0: "batch" } } });
    const copy = importOnnx<unknown>(file, cpu), given = inputs(3);
    model.eval();
    const call = model as unknown as (...inputs: Tensor[]) => unknown;
    const [wanted, found] = noGrad(() => [tensorsIn(call(...given)), tensorsIn(copy(...given))]);
    assertEquals(found.length, wanted.length);
    found.forEach((x, i) => assertClose(outputOf(x), outputOf(wanted[i]!), `output ${i}`));
    // Layers' own weights keep their names; some are stored in another form, as recurrent ones are, under others.
    const state = model.stateDict(),
      kept = Object.entries(copy.stateDict()).filter(([key, { shape }]) => `${state[key]?.shape}` === `${shape}`);
    if (model instanceof nn.Sequential) {
      assertEquals(
        kept.length,
        Object.keys(state).filter((key) => !key.endsWith("num_batches_tracked")).length,
      );
    }
    for (const [key, value] of kept) assertEquals(value.tolist(), state[key]!.tolist(), key);
  });
}
