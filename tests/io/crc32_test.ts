import { assertEquals } from "@std/assert";

/** The module, loaded where the host has that module of Node or not. */
async function loaded(hasZlib: boolean): Promise<typeof import("../../io/crc32.ts")> {
  const host = (globalThis as unknown as { process: { getBuiltinModule: unknown } }).process;
  const real = host.getBuiltinModule as (name: string) => unknown;
  host.getBuiltinModule = (name: string) => name === "node:zlib" && !hasZlib ? undefined : real(name);
  try {
    const module = await import(`../../io/crc32.ts?zlib=${hasZlib}`);
    // It looks for the host's when it is first called.
    module.crc32(new Uint8Array());
    return module;
  } finally {
    host.getBuiltinModule = real;
  }
}

for (const hasZlib of [true, false]) {
  Deno.test(`crc32() gives the published check value, ${hasZlib ? "with" : "without"} the host's`, async () => {
    const { crc32 } = await loaded(hasZlib);
    assertEquals(crc32(new Uint8Array()), 0);
    assertEquals(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
    const long = Uint8Array.from({ length: 1001 }, (_, i) => i * 7);
    assertEquals(crc32(long), 0x9aa19313);
  });
}
