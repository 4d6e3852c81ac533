import { assert } from "@std/assert";
import { formats, fuzz } from "./fuzz.ts";

const seed = Number(Deno.env.get("TENSAUR_FUZZ_SEED") ?? Date.now() % 2 ** 31);
const milliseconds = 3000 / Object.keys(formats).length;

for (const name of Object.keys(formats)) {
  Deno.test(`damaged files are refused with a reason, or read: ${name} (TENSAUR_FUZZ_SEED=${seed})`, async () => {
    const { inputs, refused } = await fuzz(name, seed, milliseconds);
    assert(refused > 0, `none of ${inputs} was refused`);
  });
}
