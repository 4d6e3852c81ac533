/**
 * The first case of each function of the conformance corpus, exported and run in ONNX Runtime: what comes out is what we compute, or the
 * export is refused for a reason that is known.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import * as lib from "../../mod.ts";
import { noGrad, setDefaultDevice, type Tensor } from "../../mod.ts";
import { exportOnnx } from "../../io/onnx/mod.ts";
import * as adapter from "../conformance/adapter.ts";
import { type Case, type Operation, type Ref, Scope } from "../conformance/corpus.ts";
import { assertSame, run, tensorsOf } from "./onnx_export_runtime.ts";

const folder = new URL("../conformance/sample/", import.meta.url);

/** Operations that are refused, by what the error begins with. */
const refused: Readonly<Record<string, string>> = {
  "reads elements which depend on its inputs": "bernoulli bincount binomial cond ctc_loss det embedding_bag " +
    "gaussian_nll_loss hermite_polynomial_h hermite_polynomial_he histogram inv laguerre_polynomial_l ldl_factor " +
    "ldl_factor_ex legendre_polynomial_p logdet lu lu lu_factor lu_factor_ex lu_unpack masked_select matrix_exp " +
    "multinomial one_hot poisson slogdet svdvals tensor_split tensorinv tensorsolve unique unique_consecutive unpad_sequence",
  "a tensor that each run makes anew":
    "alpha_dropout dropout1d fractional_max_pool2d fractional_max_pool3d gumbel_softmax " +
    "normal uniform",
  "ONNX has no operator": "copysign erfinv igamma igammac mvlgamma " +
    "nextafter signbit",
};

/** Our tensors in the place of a case's. */
class Replaced extends Scope {
  constructor(c: Case, readonly replace: (ref: Ref) => Tensor) {
    super(c.tensors, "cpu");
  }

  override tensor(ref: Ref): Tensor {
    return this.replace(ref);
  }
}

/** The result of a case for other tensors in the place of its own, which are `numbers` of the case's table. */
function functionOf({ op }: Operation, c: Case): { call: (...tensors: Tensor[]) => unknown; tensors: Tensor[] } {
  const scope = new Scope(c.tensors, "cpu"), numbers: number[] = [];
  const noting = new Replaced(c, (ref) => {
    if (!numbers.includes(ref.$t)) numbers.push(ref.$t);
    return scope.tensor(ref, false);
  });
  noting.call(op, c);
  return {
    tensors: numbers.map(($t) => scope.tensor({ $t }, false)),
    call: (...tensors) => adapter.call(lib, new Replaced(c, ({ $t }) => tensors[numbers.indexOf($t)]!).call(op, c)),
  };
}

/** What is wrong with the export of a case: a message, or "" where all is well or there is nothing to compare. */
async function complaint(operation: Operation, c: Case): Promise<string> {
  const { call, tensors } = functionOf(operation, c);
  const result = noGrad(() => call(...tensors.map((x) => x.clone())));
  const expected = result instanceof Promise ? [] : tensorsOf(result);
  if (tensors.length * expected.length === 0 || [...tensors, ...expected].some((x) => x.numel() === 0)) return "";
  try {
    assertSame(await run(exportOnnx(call, tensors), tensors), expected, 2e-4);
    return "";
  } catch (error) {
    const { message } = error as Error;
    return Object.keys(refused).find((reason) => matches(message, reason)) ?? message;
  }
}

/** Whether a message says so; "a tensor" may be described. */
function matches(message: string, reason: string): boolean {
  return message.startsWith("Cannot export") && new RegExp(reason.replace("tensor", ".*tensor.*")).test(message);
}

Deno.test("exported functions compute PyTorch's samples as they do here", async () => {
  await adapter.setup({ setDefaultDevice }, "cpu");
  const complaints: Record<string, string[]> = {};
  for (const { name } of Deno.readDirSync(folder)) {
    const operations: Operation[] = JSON.parse(Deno.readTextFileSync(new URL(name, folder)));
    for (
      const operation of operations.filter(({ op, kind, cases }) =>
        kind === "function" && cases.length > 0 && op !== "half"
      )
    ) {
      const text = await complaint(operation, operation.cases[0]!);
      if (text !== "") (complaints[text] ??= []).push(operation.op.replace(/.*\./, ""));
    }
  }
  const found = Object.fromEntries(Object.entries(complaints).map(([text, ops]) => [text, ops.sort().join(" ")]));
  assertEquals(found, refused);
});
