/**
 * What a bare `deno run` costs: the floor under every start-up time.
 *
 * @module
 */

import { main } from "./driver.ts";

await main({ impls: { startup: () => undefined } });
