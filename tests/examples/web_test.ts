/**
 * The page of `examples/web/` in Chromium, and the library on each device of a browser.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { installed } from "../programs.ts";
import { Chromium, type Page } from "./chromium.ts";
import { root } from "./run.ts";

const ignore = !installed("chromium");

/** Bundles for a browser, as the page says. */
async function bundle(entry: string, folder: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "browser", "--outdir", folder, entry],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Serves a folder; below `/isolated/`, to pages that may have threads. */
function serve(folder: string): Deno.HttpServer<Deno.NetAddr> {
  const types: Record<string, string> = { html: "text/html", js: "text/javascript" };
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async ({ url }) => {
    const { pathname } = new URL(url), name = pathname.split("/").at(-1)!;
    const headers = new Headers({ "content-type": types[name.split(".").at(-1)!] ?? "text/plain" });
    if (pathname.startsWith("/isolated/")) {
      headers.set("cross-origin-opener-policy", "same-origin");
      headers.set("cross-origin-embedder-policy", "require-corp");
    }
    return new Response(await Deno.readFile(`${folder}/${name}`), { headers });
  });
}

/** Waits until an expression is true on a page. */
async function until(page: Page, expression: string): Promise<void> {
  const wait = `(async () => { while (!(${expression})) await new Promise((go) => setTimeout(go, 20)); })()`;
  await page.evaluate(wait);
}

/** Waits for the end of the training and gives the page's text. */
async function trained(page: Page): Promise<string> {
  await until(page, "/done|failed/.test(document.body?.dataset.state)");
  return await page.evaluate("document.body.innerText") as string;
}

Deno.test({
  name: "the page trains in Chromium, on the CPU and on WebGPU, with threads and without",
  ignore,
  fn: async (t) => {
    const folder = await Deno.makeTempDir();
    await bundle("examples/web/index.html", folder);
    await bundle("tests/examples/in_browser.ts", folder);
    const probe =
      '<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="in_browser.js"></script>';
    await Deno.writeTextFile(`${folder}/probe.html`, probe);
    await using server = serve(folder);
    await using chromium = await Chromium.start();
    const site = `http://127.0.0.1:${server.addr.port}`;

    const transcript = await Deno.readTextFile(new URL("examples/cross_entropy.out", root));
    const epochs = [...transcript.matchAll(/^epoch (\d) loss (\S+) crossentropy (\S+)$/gm)].map(([, ...row]) => row);
    const check = (text: string) => {
      assertEquals(text.match(/3\.005390167236328/g)?.length, 3, text);
      const rows = [...text.matchAll(/^(\d+)\t(0\.\d{6})\t(0\.\d{6})$/gm)].map(([, ...row]) => row);
      assertEquals(rows.slice(0, epochs.length), epochs);
      assert(Number(rows.at(-1)![1]) < Number(rows[0]![1]) / 2, text);
    };

    await t.step("the page prints PyTorch's numbers on every device", async () => {
      const page = await chromium.open(`${site}/index.html`);
      const onCpu = await trained(page);
      check(onCpu);
      assert(onCpu.includes("WebAssembly SIMD, 1 thread\n"), onCpu);
      await page.evaluate('[...document.querySelectorAll("button")].find((b) => b.textContent === "webgpu").click()');
      const onGpu = await trained(page);
      check(onGpu);
      assert(/swiftshader/i.test(onGpu), onGpu);
      const points = await page.evaluate('document.querySelector(".thin").points.length');
      assertEquals(points, 96);
      assert((await page.screenshot()).length > 10_000);
      assertEquals(page.problems, []);
    });

    for (const place of ["", "/isolated"]) {
      await t.step(`the CPU device computes in a page${place && " that may have threads"}`, async () => {
        const page = await chromium.open(`${site}${place}/probe.html`);
        await until(page, "globalThis.checks");
        const threads = place === "" ? 1 : await page.evaluate("navigator.hardwareConcurrency");
        assertEquals(await page.evaluate("checks.cpu()"), {
          device: `WebAssembly SIMD, ${threads} thread${threads === 1 ? "" : "s"}`,
          found: [600, 601, 602, 603, 604, 605, 606, 607],
          grown: 4e7,
        });
        assertEquals(await chromium.workers(), Number(threads) - 1);
        assertEquals(page.problems, []);
      });
    }

    await t.step("reads of WebGPU have to be awaited, and bring checks along", async () => {
      const page = await chromium.open(`${site}/probe.html`);
      await until(page, "globalThis.checks");
      const { between, ...rest } = await page.evaluate("checks.webgpu()") as Record<string, unknown>;
      assertEquals(rest, {
        atOnce: "DeviceError: Cannot wait for the GPU",
        spoilt: "IndexError: Cannot compute crossEntropy with target class 4",
      });
      for (const loss of between as number[]) assert(Math.abs(loss - Math.log(4)) < 1e-6, `${loss}`);
      assertEquals(page.problems, []);
    });
    await t.step("no using declarations are left, which Safari does not read yet", async () => {
      const scripts = [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".js"));
      assertEquals(scripts.length, 2);
      for (const { name } of scripts) {
        assert(!/^\s*(await )?using \w+ =/m.test(await Deno.readTextFile(`${folder}/${name}`)));
      }
    });
    await Deno.remove(folder, { recursive: true });
  },
});
