/**
 * From units to a shader: one unit is the entry point of its module; several become functions of one module, among which the workgroups are
 * shared out.
 *
 * Binding 0 holds the run-time numbers, the buffers follow, and flags raised by checks come last. What is not used is not declared,
 * because the pipeline's layout is derived from the text.
 *
 * @module
 */

import { MARK, type Param, type ShaderBuffer, type Unit } from "./module.ts";
import { specials } from "./types.ts";

/** A compute shader and what to start it with. */
export interface Shader {
  /** Complete WGSL; equal texts share a pipeline. */
  readonly text: string;
  /** What the text's bindings 1, 2, … are: a buffer of a unit. */
  readonly buffers: readonly { readonly unit: number; readonly buffer: ShaderBuffer }[];
  /** Words of binding 0; undefined ones only fill up. */
  readonly params: readonly ({ readonly unit: number; readonly param: Param } | undefined)[];
  /** Whether the last binding is the buffer of flags. */
  readonly flags: boolean;
  /** Workgroups in x and y. */
  readonly groups: readonly [number, number];
  /** Bytes of scratch memory it needs. */
  readonly scratchBytes: number;
}

const MOST_GROUPS = 65535;

/** `count` workgroups as a grid that stays below the limit of each dimension; the shader skips what is too much. */
function grid(count: number): [number, number] {
  const y = Math.ceil(count / MOST_GROUPS);
  return [Math.ceil(count / y), y];
}

/** The shader that does the work of all units at once. They have one workgroup size, and none reads what another writes. */
export function link(units: readonly Unit[]): Shader {
  const many = units.length > 1;
  const own = (text: string, unit: number) => text.replaceAll(MARK, many ? `_${unit}` : "");
  const buffers = units.flatMap((unit, i) => unit.buffers.map((b) => ({ ...b, unit: i })));
  const flags = units.some((unit) => unit.flags);
  const helpers = new Map(units.flatMap((unit) => [...unit.helpers]));
  const functions = [
    ...helpers.values(),
    ...(many ? units.map((unit, i) => own(part(unit, i), i)) : []),
    main(units, own),
  ];
  const body = functions.join("\n\n");
  const declarations = [
    ...params(units),
    ...buffers.map(({ declaration, unit }, i) => `@group(0) @binding(${i + 1}) ${own(declaration, unit)}`),
    ...(flags ? [`@group(0) @binding(${buffers.length + 1}) ${FLAGS}`] : []),
    ...units.flatMap(({ arrays }, i) => arrays.map((array) => own(array, i))),
    ...specials.filter((s) => body.includes(s.match(/> (\w+)/)![1]!)),
  ];
  const text = `${declarations.join("\n")}\n\n${body}\n`;
  return {
    text: /\bf16\b|\dh\b/.test(text) ? `enable f16;\n${text}` : text,
    buffers: buffers.map(({ unit, buffer }) => ({ unit, buffer })),
    params: paramWords(units),
    flags,
    groups: grid(units.reduce((sum, { groups }) => sum + groups, 0)),
    scratchBytes: Math.max(...units.map(({ scratchBytes }) => scratchBytes)),
  };
}

const FLAGS = "var<storage, read_write> flags: array<atomic<u32>>;";

function fields({ params }: Unit): string {
  return params.map(({ name, type }) => `${name}: ${type}`).join(", ");
}

/** The declaration of the run-time numbers; those of several units are structures, which start at multiples of 16 bytes. */
function params(units: readonly Unit[]): string[] {
  const uniform = "@group(0) @binding(0) var<uniform> p: Params;";
  if (units.length === 1) return [`struct Params { ${fields(units[0]!)} }`, uniform];
  const parts = units.map((_, i) => `@align(16) part${i}: Params_${i}`);
  return [
    ...units.map((unit, i) => `struct Params_${i} { groups: u32, ${fields(unit)} }`),
    `struct Params { ${parts.join(", ")} }`,
    uniform,
  ];
}

function paramWords(units: readonly Unit[]): Shader["params"] {
  const many = units.length > 1;
  return units.flatMap((unit, i) => {
    const words: Shader["params"][number][] = unit.params.map(({ param }) => ({ unit: i, param }));
    if (many) words.unshift({ unit: i, param: { kind: "number", value: unit.groups } });
    while (many && words.length % 4 !== 0) words.push(undefined);
    return words;
  });
}

function part({ body }: Unit, i: number): string {
  return [
    `fn part${i}(item: u32, local: u32) {`,
    `  let p${MARK} = p.part${i};`,
    ...body.map((line) => `  ${line}`),
    "}",
  ].join("\n");
}

function main(units: readonly Unit[], own: (text: string, unit: number) => string): string {
  const [first] = units;
  return [
    `@compute @workgroup_size(${first!.workgroupSize})`,
    "fn main(",
    "  @builtin(workgroup_id) group: vec3<u32>,",
    "  @builtin(num_workgroups) groups: vec3<u32>,",
    "  @builtin(local_invocation_index) local: u32,",
    ") {",
    `  ${units.length === 1 ? "let" : "var"} item = group.y * groups.x + group.x;`,
    ...(units.length === 1 ? first!.body.map((line) => `  ${own(line, 0)}`) : units.flatMap((_, i) => [
      `  if (item < p.part${i}.groups) { part${i}(item, local); return; }`,
      `  item -= p.part${i}.groups;`,
    ])),
    "}",
  ].join("\n");
}
