import { assertAlmostEquals } from "@std/assert";
import { full, functional as F, manualSeed, randint, randn } from "../../../mod.ts";
import { testOnDevices } from "../../tensor/expect.ts";

// A kernel of early and late nodes stands between others: fusing two of those closed a circle here.
testOnDevices("kernels that compute early and late values together are not made to wait for each other", () => {
  manualSeed(0);
  const x = randn([50, 16, 20], { requiresGrad: true }), target = randint(1, 20, [16, 20]);
  const lengths = [50, 17].map((length) => full([16], length, { dtype: "int32" }));
  const loss = F.ctcLoss(F.logSoftmax(x, 2), target, lengths[0]!, lengths[1]!);
  loss.backward();
  // PyTorch's numbers.
  assertAlmostEquals(loss.item<number>(), 6.722668647766113, 1e-4);
  assertAlmostEquals(x.grad!.abs().sum().item<number>(), 4.497815132141113, 1e-4);
});
