import { assertEquals, assertThrows } from "@std/assert";
import { functional as F, ShapeError, tensor } from "../../../mod.ts";
import { assertTensor, testOnDevices } from "../../tensor/expect.ts";

// torch.native_layer_norm(x, [2], w, None, 0.5), torch.native_batch_norm(x, w, None, None, None, True, 0.1, 0.5)
testOnDevices("native normalizations give the moments that they used", () => {
  const x = tensor([[1.5, 2], [3, -4]]), w = tensor([2, 3]);
  const [y, mean, scale] = F.nativeLayerNorm(x, [2], w, null, 0.5);
  assertTensor(y, [[-0.6666666865348816, 1], [1.9603922367095947, -2.9405884742736816]], 1e-6);
  assertTensor(mean, [[1.75], [-0.5]]);
  assertTensor(scale, [[1.3333333730697632], [0.28005602955818176]], 1e-6);
  const [, means, scales] = F.nativeBatchNorm(x, w, null, null, null, true, 0.1, 0.5);
  assertTensor(means, [2.25, -1]);
  assertTensor(scales, [0.970142543315887, 0.3244428336620331], 1e-6);
  const running = tensor([0.5, 1.5]);
  assertEquals(F.nativeBatchNorm(x, w, null, running, running, false, 0.1, 0.5)[1].numel(), 0);
  assertThrows(() => F.nativeLayerNorm(x, [], null, null, 1), ShapeError);
});
