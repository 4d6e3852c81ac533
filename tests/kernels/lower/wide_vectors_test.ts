import { assert, assertEquals } from "@std/assert";

/** V8 knows the flag on these processors only, and joins vectors on those that have AVX2. */
const x64 = Deno.build.arch === "x86_64";
const avx2 = x64 && Deno.build.os === "linux" && Deno.readTextFileSync("/proc/cpuinfo").includes(" avx2 ");

const WIDE = ["--experimental-wasm-revectorize", "--no-wasm-bounds-checks"];

/** What a script prints where V8 is told this. Its first compiler, which joins nothing, is left out. */
async function run(flags: readonly string[], script: string): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script],
    env: { DENO_V8_FLAGS: [...flags, "--no-liftoff"].join() },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, text(stderr));
  return text(stdout).trim().split("\n");
}

Deno.test({
  name: "joined vectors give the bits that single ones give",
  ignore: !x64,
  fn: async () => {
    const script = new URL("wide_vectors.ts", import.meta.url).href;
    const [first, ...narrow] = await run([], script), [wideFirst, ...wide] = await run(WIDE, script);
    assert(!first!.includes("256 bits") && wideFirst!.endsWith(", vectors of 256 bits"), `${first}; ${wideFirst}`);
    assert(narrow.length > 60);
    assertEquals(wide, narrow);
  },
});

const library = new URL("../../../mod.ts", import.meta.url).href;
const kernels = {
  "a product": "F.linear(a, a)",
  "an activation": "F.gelu(a)",
  "softmax": "F.softmax(a, 1)",
  "a product and an activation": "F.gelu(F.linear(a, a))",
};

for (const [name, kernel] of Object.entries(kernels)) {
  Deno.test({
    name: `V8 joins the vectors of ${name}`,
    ignore: !avx2,
    fn: async () => {
      const script = `import { functional as F, randn } from "${library}";
        const a = randn([64, 64], { device: "cpu" });
        ${kernel}.dataSync();`;
      const lines = await run(
        [...WIDE, "--trace-wasm-revectorize"],
        "data:text/javascript," + encodeURIComponent(script),
      );
      const joined = lines.filter((line) => /Decided to vectorize, [1-9]\d* revectorizable/.test(line)).length;
      assertEquals(joined, name.includes(" and ") ? 2 : 1);
    },
  });
}
