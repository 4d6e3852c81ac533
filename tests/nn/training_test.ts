/**
 * Training of more than one model. Whole runs beside PyTorch's are in `tests/examples`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import * as torch from "../../mod.ts";
import { nn, optim } from "../../mod.ts";

Deno.test("two models trained in turn do as each by itself", () => {
  const make = (seed: number) => {
    torch.manualSeed(seed);
    const model = new nn.Sequential(new nn.Linear(3, 5), new nn.GELU(), new nn.Linear(5, 1));
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 });
    const x = torch.randn([seed + 6, 3]);
    return () => {
      optimizer.zeroGrad();
      const loss = model(x).sub(1).square().mean();
      loss.backward();
      optimizer.step();
      return loss.item();
    };
  };
  const alone = [1, 2].map((seed) => {
    const step = make(seed);
    return Array.from({ length: 8 }, step);
  });
  const steps = [make(1), make(2)];
  const together: number[][] = [[], []];
  for (let i = 0; i < 8; i++) steps.forEach((step, j) => together[j]!.push(step()));
  assertEquals(together, alone);
});
