import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  arange,
  autograd,
  AutogradError,
  functional as F,
  manualSeed,
  nn,
  optim,
  randn,
  type Tensor,
  tensor,
} from "../../mod.ts";
import { gradOf, testOnDevices } from "./expect.ts";

/** Runs `f` while searching; the message of the error, whose line must be of this file. */
function found(f: () => unknown, options: autograd.AnomalyOptions = {}): string {
  const { message } = assertThrows(() => autograd.detectAnomaly(f, options), AutogradError);
  assert(/called at \S*tests\/tensor\/anomaly_test\.ts:\d+:\d+\./.test(message), message);
  return message;
}

testOnDevices("detectAnomaly() names the operation that made NaN or an infinity, and its line", () => {
  const x = tensor([1, 0, -1]);
  let line = "";
  const message = found(() => {
    const y = x.abs().add(1);
    line = new Error().stack!.match(/anomaly_test\.ts:(\d+)/)![1]!;
    return y.mul(x).sqrt().mul(2).sum();
  });
  assert(message.startsWith("Found NaN in the result of sqrt, whose operands have none"), message);
  assert(message.includes(`anomaly_test.ts:${Number(line) + 1}:`), message);
  assert(found(() => x.reciprocal()).startsWith("Found Infinity in the result of reciprocal"));
  assert(found(() => x.exp().mul(1e38).mul(100)).includes("checkInf: false"));
  // Also where nothing is recorded for differentiation, within modules and in place.
  assert(
    found(() => new nn.Sequential(new nn.ReLU(), new nn.LogSigmoid())(x.mul(0.5)).sqrt_()).includes("result of sqrt"),
  );
});

testOnDevices("detectAnomaly() names the operation whose gradient is NaN or an infinity", () => {
  const x = tensor([4, 0], { requiresGrad: true });
  let loss: Tensor | undefined;
  const message = found(() => {
    loss = x.sqrt().sum();
    loss.backward();
  });
  assert(message.startsWith("Found Infinity in the gradient of sqrt with respect to input 0; it was called"), message);
  // 0 · ∞: PyTorch's own example of a NaN that shows in the backward pass alone.
  const nan = found(() => x.mul(0).sqrt().mul(0).sum().backward(), { checkInf: false });
  assert(nan.startsWith("Found NaN in the gradient of sqrt"), nan);
});

Deno.test("detectAnomaly() lets finite training, masks and given infinities pass", () => {
  manualSeed(0);
  using _search = autograd.detectAnomaly();
  const model = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, dropout: 0.1 });
  const optimizer = new optim.Adam(model.parameters());
  const mask = nn.Transformer.generateSquareSubsequentMask(3);
  const output = model(randn([3, 2, 8]), { srcMask: mask });
  F.crossEntropy(output.flatten(0, 1), tensor([1, 2, 3, 4, 5, 6])).backward();
  optimizer.step();
  const x = arange(16, { dtype: "float32" }).reshape(1, 1, 4, 4);
  F.maxPool2d(x, 3, { padding: 1 }).sum().add(x.maskedFill(x.gt(3), -Infinity).logsumexp([0, 1, 2, 3])).item();
  assertEquals(tensor([Infinity, 1]).mul(2).tolist(), [Infinity, 2]);
  assertEquals(tensor([NaN]).add(1).tolist(), [NaN]);
});

Deno.test("the search for anomalies ends with its block, and can be set", () => {
  assert(!autograd.isAnomalyEnabled());
  {
    using _search = autograd.detectAnomaly({ checkNan: false });
    assert(autograd.isAnomalyEnabled() && !autograd.isAnomalyCheckNanEnabled());
    const x = tensor([-1], { requiresGrad: true });
    const y = x.sqrt();
    assertEquals(y.tolist(), [NaN]);
    assert(y.gradFn!.origin!.includes("anomaly_test.ts"));
    autograd.detectAnomaly(() => assert(autograd.isAnomalyCheckNanEnabled()));
    assert(!autograd.isAnomalyCheckNanEnabled());
  }
  assert(!autograd.isAnomalyEnabled());
  autograd.setDetectAnomaly(true);
  assertThrows(() => tensor([-1]).log(), AutogradError, "result of log");
  autograd.setDetectAnomaly(false);
  assertEquals(tensor([-1]).log().tolist(), [NaN]);
  const x = tensor([2], { requiresGrad: true });
  const y = x.mul(3);
  assertEquals(y.gradFn!.origin, undefined);
  y.backward();
  assertEquals(gradOf(x).tolist(), [3]);
});
