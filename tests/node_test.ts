import { assertEquals } from "@std/assert";
import { installed } from "./programs.ts";

const script = `
  import { availableDevices, functional as F, manualSeed, nn, optim, randn, tensor } from "@tensaur/tensaur";
  import { Linear } from "@tensaur/tensaur/nn";
  import { crossEntropy } from "@tensaur/tensaur/functional";

  manualSeed(119838410);
  console.log(crossEntropy(randn([3, 5]), tensor([1, 0, 4])).item(), availableDevices().join(" "));

  manualSeed(0);
  const model = new Linear(2, 2), optimizer = new optim.SGD(model.parameters(), { lr: 0.5 });
  console.log(model instanceof nn.Linear, model);
  const x = randn([64, 2]), y = x.sum(1).gt(0).long();
  const losses = Array.from({ length: 20 }, () => {
    const loss = F.crossEntropy(model(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
  console.log(losses[0] > 2 * losses[19]);

  const a = randn([400, 400]);
  let trace = 0;
  for (let i = 0; i < 20; i++) trace += a.matmul(a).at(0, 0).item() - a.at(0).mul(a.select(1, 0)).sum().item();
  console.log(Math.abs(trace) < 0.01, tensor([1, 2]));
`;

Deno.test({
  name: "the built package computes in Node, with threads, and ends by itself",
  ignore: !installed("node"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const run = async (command: string, args: string[], cwd: string | URL): Promise<string> => {
      const signal = AbortSignal.timeout(60_000);
      const { code, stdout, stderr } = await new Deno.Command(command, { args, cwd, signal, stdin: "null" }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout);
    };
    const place = `${folder}/node_modules/@tensaur/tensaur`;
    await run(Deno.execPath(), ["run", "-A", "tools/build.ts", place], new URL("..", import.meta.url));
    await Deno.writeTextFile(`${folder}/script.mjs`, script);
    assertEquals(
      await run("npx", ["-y", "node@24", "script.mjs"], folder),
      `3.005390167236328 cpu
true Linear(in_features=2, out_features=2, bias=True)
true
true tensor([1, 2])
`,
    );
    await Deno.remove(folder, { recursive: true });
  },
});
