/**
 * `deno task parity --cpu FILE --webgpu FILE`: writes docs/parity.md, what of PyTorch is here and under which name, and how the conformance corpus
 * fares. The files are what `run.ts --json FILE` of the corpus wrote on each device. PyTorch's names are those of
 * `torch_names.json`; why one is missing says `parity_reasons.json`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import known from "../tests/conformance/known_failures.json" with { type: "json" };
import { deno, root } from "./deno.ts";
import { type Found, lookUp } from "./parity_names.ts";
import reasons from "./parity_reasons.json" with { type: "json" };
import names from "./torch_names.json" with { type: "json" };

type Tally = readonly [passed: number, total: number];

/** How an operation of the corpus fared. */
interface Result {
  readonly op: string;
  readonly category: string;
  readonly missing: boolean;
  readonly forward: Tally;
  readonly gradient: Tally;
  readonly errors: Tally;
  readonly failures: readonly { readonly id: string; readonly what: string; readonly message: string }[];
}

const parts = ["forward", "gradient", "errors"] as const;

/** Why something is not here. */
function reasonFor(name: string): string | undefined {
  return reasons.find(({ names }) => new RegExp(names).test(name))?.reason;
}

function sum(results: readonly Result[], part: typeof parts[number]): string {
  const passed = results.reduce((sum, result) => sum + result[part][0], 0);
  const total = results.reduce((sum, result) => sum + result[part][1], 0);
  return total === 0 ? "" : `${passed}/${total}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Totals of each category on each device. */
function totals(devices: ReadonlyMap<string, readonly Result[]>): string {
  const [first = []] = devices.values();
  const categories = [...new Set(first.map(({ category }) => category))].sort();
  const row = (name: string, of: (result: Result) => boolean): string[] => {
    const there = first.filter(of);
    const present = `${there.filter(({ missing }) => !missing).length}/${there.length}`;
    return [name, present, ...[...devices.values()].flatMap((all) => parts.map((part) => sum(all.filter(of), part)))];
  };
  const head = [
    "Category",
    "Operations",
    ...[...devices.keys()].flatMap((name) => parts.map((part) => `${name}: ${part}`)),
  ];
  return table(head, [
    ...categories.map((category) => row(category, (result) => result.category === category)),
    row("**All**", () => true),
  ]);
}

/** What is not met, by its reason, with the devices where it is not met on all. */
function unmet(devices: ReadonlyMap<string, readonly Result[]>): string {
  const groups = new Map<string, Map<string, string[]>>();
  const add = (reason: string, what: string, device: string): void => {
    const group = groups.get(reason) ?? new Map<string, string[]>();
    groups.set(reason, group.set(what, [...group.get(what) ?? [], device]));
  };
  for (const [device, results] of devices) {
    for (const { op, missing, failures } of results) {
      if (missing) add(reasonFor(op) ?? reasonFor(`torch.${op}`) ?? "Not written yet", `\`${op}\``, device);
      for (const { id, what } of missing ? [] : failures) {
        const entry = known.find(({ cases, devices }) => cases.includes(`${id} ${what}`) && devices.includes(device));
        add(entry?.reason ?? "Not explained yet", `\`${id}\`${what === "forward" ? "" : ` (${what})`}`, device);
      }
    }
  }
  const named = ([what, on]: [string, string[]]) => on.length === devices.size ? what : `${what} on ${on.join()}`;
  return [...groups].map(([reason, group]) => `- ${reason}: ${[...group].map(named).join(", ")}.`).join("\n");
}

function section(space: string, rows: readonly Found[]): string {
  const here = rows.filter(({ ours }) => ours !== undefined);
  const missing = Map.groupBy(
    rows.filter(({ ours }) => ours === undefined),
    ({ name }) => reasonFor(`${space}.${name}`) ?? "Not written yet",
  );
  const lists = [...missing].map(([reason, list]) =>
    `- ${reason}: ${list.map(({ name }) => `\`${name}\``).join(", ")}.`
  );
  return [
    `### ${space}: ${here.length} of ${rows.length}`,
    here.length === 0
      ? ""
      : table(["PyTorch", "Tensaur"], here.map(({ name, ours }) => [`\`${name}\``, `\`${ours}\``])),
    lists.length === 0 ? "" : `Not here:\n\n${lists.join("\n")}`,
  ].filter(Boolean).join("\n\n");
}

const options = parseArgs({ options: { cpu: { type: "string" }, webgpu: { type: "string" } } }).values;
const devices = new Map<string, readonly Result[]>();
for (const device of ["cpu", "webgpu"] as const) {
  const file = options[device];
  if (file !== undefined) devices.set(device, JSON.parse(await Deno.readTextFile(file)).ops);
}
if (devices.size === 0) {
  console.error("usage: deno task parity --cpu FILE --webgpu FILE, each written by the corpus's run.ts --json FILE");
  Deno.exit(2);
}

const found = Object.entries(names).map(([space, list]) => [space, lookUp(space, list)] as const);
const overview = found.map(([space, rows]) => {
  const here = rows.filter(({ ours }) => ours !== undefined).length;
  const explained = rows.filter(({ name, ours }) => ours === undefined && reasonFor(`${space}.${name}`) !== undefined);
  return [`\`${space}\``, `${here}`, `${explained.length}`, `${rows.length - here - explained.length}`];
});
const file = new URL("docs/parity.md", root);
await Deno.mkdir(new URL(".", file), { recursive: true });
await Deno.writeTextFile(
  file,
  `# Parity with PyTorch

Written by \`deno task parity\`. PyTorch's public names (of 1.13, and what came after), whether they are here, and how our results
compare with the numbers of its own sample inputs.

## The conformance corpus

Passed and all cases: results, gradients, and calls that must fail.

${totals(devices)}

What is not met:

${unmet(devices)}

## Names

${table(["Namespace", "Here", "Left out for a reason", "Not written yet"], overview)}

${found.map(([space, rows]) => section(space, rows)).join("\n\n")}
`,
);
await deno(["fmt", "-q", file.pathname]);
console.log(`docs/parity.md: ${overview.map((row) => row.join(" ")).join(", ")}`.replaceAll("`", ""));
