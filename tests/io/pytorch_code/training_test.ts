import { assert, assertEquals, assertMatch } from "@std/assert";
import { io, manualSeed, nn, optim, randn } from "../../../mod.ts";
import { installed } from "../../programs.ts";

/** Runs Python in a folder with nothing but the loopback interface; what it prints. */
async function python(cwd: string, ...args: string[]): Promise<string> {
  const env = { GLOO_SOCKET_IFNAME: "lo", OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" };
  const { success, stdout, stderr } = await new Deno.Command("/usr/bin/python3", {
    ...{ args, cwd, env },
    // Processes that wait for each other would wait for ever.
    signal: AbortSignal.timeout(180_000),
  }).output();
  const printed = new TextDecoder().decode(stdout);
  assert(success, printed + new TextDecoder().decode(stderr));
  return printed;
}

/** A port that is free now, and none that the system gives to connections: one of these could meet itself before there is a listener. */
function freePort(): number {
  for (let port = 20000 + Deno.pid % 5000;; port++) {
    try {
      using _listener = Deno.listen({ hostname: "127.0.0.1", port });
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

interface Checkpoint {
  model: nn.StateDict;
  optimizer: optim.OptimizerState;
  epoch: number;
  step: number;
}

Deno.test({
  name: "an exported script trains alike in one process and in two, and from a checkpoint on",
  ignore: !installed("pytorch"),
  async fn() {
    manualSeed(0);
    const folder = Deno.makeTempDirSync(), x = randn([4, 3]), y = randn([4, 2]);
    const model = new nn.Sequential(new nn.Linear(3, 5), new nn.Tanh(), new nn.Linear(5, 2));
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
    const scheduler = new optim.lrScheduler.ExponentialLR(optimizer, 0.5), loss = new nn.MSELoss();
    const step = (): number => {
      const value = loss(model(x), y);
      optimizer.zeroGrad();
      value.backward();
      optimizer.step();
      scheduler.step();
      return value.item();
    };
    step();
    io.exportPyTorch(model, `${folder}/net.py`, { optimizer, scheduler, loss });
    io.writeSafetensors(`${folder}/data.safetensors`, { x, y });
    io.writeNpz(`${folder}/data.npz`, { x, y });

    const common = ["net.py", "--cpu", "--batch-size", "2", "--log-every", "1"];
    // PyTorch 1.13 under Python 3.11 stumbles over its own default, no redirection; one for a process that is not there is the same.
    const redirects = ["--redirects=9:1", "--tee=9:1"];
    const launcher = ["-m", "torch.distributed.run", "--nproc_per_node=2", "--master_addr=127.0.0.1", ...redirects];
    const two = await python(
      folder,
      ...launcher,
      `--master_port=${freePort()}`,
      ...common,
      ...["--data", "data.safetensors", "--validation", "data.npz", "--epochs", "2", "--checkpoint", "two.pt"],
    );
    // Two batches of one process are one step, as one batch of two processes is.
    const one = [...common, "--accumulate", "2", "--checkpoint", "one.pt"];
    await python(folder, ...one, "--data", "data.npz", "--epochs", "1");
    const resumed = await python(
      folder,
      ...one,
      ...["--data", "data.safetensors", "--epochs", "2", "--resume", "one.pt"],
    );

    const losses = [step(), step()];
    const means = (printed: string) => [...printed.matchAll(/mean loss ([\d.]+)/g)].map(([, number]) => Number(number));
    const close = (found: number[], expected: number[]) =>
      assert(expected.every((value, i) => Math.abs(value - found[i]!) < 2e-6), `${found} for ${expected}`);
    close(means(two), losses);
    close([...two.matchAll(/validation loss ([\d.]+)/g)].map(([, number]) => Number(number)), losses.slice(1));
    close(means(resumed), losses.slice(1));
    assertMatch(resumed, /^resumed one.pt after epoch 1, step 1\n/);
    assertEquals(two.match(/epoch 1 step 2/g)?.length, 1, "one process speaks");
    const read = (name: string) => io.readPyTorch<Checkpoint>(`${folder}/${name}`);
    for (const checkpoint of [read("one.pt"), read("two.pt")]) {
      assertEquals([checkpoint.epoch, checkpoint.step], [2, 2]);
      for (const [name, expected] of Object.entries(model.stateDict())) {
        assert(checkpoint.model[name]!.sub(expected).abs().max().item() < 1e-6, name);
      }
      // And back again: what PyTorch trained goes on here.
      const copy = new nn.Sequential(new nn.Linear(3, 5), new nn.Tanh(), new nn.Linear(5, 2));
      const other = new optim.SGD(copy.parameters(), { lr: 1 });
      copy.loadStateDict(checkpoint.model);
      other.loadStateDict(checkpoint.optimizer);
      assertEquals([other.paramGroups[0]!.momentum, other.paramGroups[0]!.lr], [0.9, optimizer.paramGroups[0]!.lr]);
    }
    Deno.removeSync(folder, { recursive: true });
  },
});
