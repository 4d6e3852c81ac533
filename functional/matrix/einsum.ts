/**
 * Einstein's summation: products summed over the dimensions whose labels the result lacks.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { described } from "../../tensor/describe.ts";
import { noted } from "../../tensor/operations.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { diagonal } from "../movement/diagonal.ts";
import { permuted } from "../movement/permute.ts";
import { reshaped } from "../movement/reshape.ts";
import { expandTo } from "../broadcast.ts";
import { summed } from "../reduction/sum.ts";
import { contracted } from "./contract.ts";

/** A tensor and the label of each of its axes. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

/**
 * The sum that `equation` describes. Each operand's dimensions have a letter, `...` standing for any others: `"ij,jk->ik"` is the
 * product of matrices. Letters that the result lacks are summed over; without `->` the result has those that occur once, in
 * alphabetical order.
 *
 * @param operands a tensor for each term, or one list of them
 * @throws {ValueError} for an equation that names other operands, other dimensions, or letters that no operand has
 * @throws {ShapeError} where the extents of a letter differ and neither is 1
 * @throws {DTypeError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.einsum.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.einsum("ij,jk->ik", tensor([[1, 2], [3, 4]]), tensor([[1, 0], [0, 2]])));
 * // tensor([[1, 4],
 * //         [3, 8]])
 * ```
 */
export function einsum(equation: string, ...operands: Tensor[] | [readonly Tensor[]]): Tensor {
  const { inputs, output } = parse(equation, operands.flat());
  const extents = extentsOf(equation, inputs);
  const [first, ...rest] = inputs.map(withoutRepeats);
  const neededAfter = (i: number) => [...rest.slice(i).flatMap((part) => part.labels), ...output];
  let product = reduced(first!, neededAfter(0), extents);
  rest.forEach((part, i) => {
    const needed = neededAfter(i + 1);
    product = multiplied(product, reduced(part, [...product.labels, ...needed], extents), needed, extents);
  });
  return noted(
    "einsum",
    arranged(product, output, extents),
    () => ({ inputs: operands.flat(), attributes: { equation } }),
  );
}

function refused(equation: string, reason: string): ValueError {
  return new ValueError(`Cannot evaluate einsum("${equation}"): ${reason}`);
}

/** Labels of every axis; those under an ellipsis are numbers, counted from the right. */
function parse(equation: string, operands: readonly Tensor[]): { inputs: Labelled[]; output: string[] } {
  if (typeof equation !== "string") {
    throw new ValueError(
      `Cannot call einsum: equation must be a string, but is ${
        described(equation)
      }. It comes first, as in einsum("ij,jk->ik", a, b)`,
    );
  }
  const [left, right, ...more] = equation.replaceAll(/\s/g, "").split("->");
  if (more.length > 0) throw refused(equation, "it has more than one ->");
  const terms = left!.split(",");
  if (operands.length === 0 || terms.length !== operands.length) {
    throw refused(equation, `it names ${terms.length} operands, and ${operands.length} are given`);
  }
  let widest = 0;
  const inputs = terms.map((term, i): Labelled => {
    const tensor = operands[i]!, letters = lettersOf(equation, term);
    const covered = tensor.ndim - letters.filter((l) => l !== "...").length;
    if (covered < 0 || (covered > 0 && !letters.includes("..."))) {
      throw refused(
        equation,
        `"${term}" names ${letters.length} dimensions, and operand ${i} has shape ${show(tensor.shape)}`,
      );
    }
    if (letters.includes("...")) widest = Math.max(widest, covered);
    return { tensor, labels: letters.flatMap((l) => l === "..." ? ellipsis(covered) : [l]) };
  });
  const output = right === undefined
    ? implicit(inputs, widest)
    : lettersOf(equation, right).flatMap((l) => l === "..." ? ellipsis(widest) : [l]);
  const known = new Set(inputs.flatMap((part) => part.labels));
  output.forEach((label, i) => {
    if (!known.has(label)) throw refused(equation, `the result's "${label}" occurs in no operand`);
    if (output.indexOf(label) !== i) throw refused(equation, `the result names "${label}" twice`);
  });
  return { inputs, output };
}

function lettersOf(equation: string, term: string): string[] {
  const letters = term.match(/\.\.\.|./g) ?? [];
  for (const letter of letters) {
    if (letter !== "..." && !/[A-Za-z]/.test(letter)) throw refused(equation, `"${letter}" is no letter`);
  }
  if (letters.filter((l) => l === "...").length > 1) throw refused(equation, `"${term}" has more than one ellipsis`);
  return letters;
}

function ellipsis(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(count - i));
}

function implicit(inputs: readonly Labelled[], widest: number): string[] {
  const all = inputs.flatMap((part) => part.labels).filter((label) => /[A-Za-z]/.test(label));
  const once = all.filter((label) => all.indexOf(label) === all.lastIndexOf(label)).sort();
  return [...ellipsis(widest), ...once];
}

function extentsOf(equation: string, inputs: readonly Labelled[]): Map<string, number> {
  const extents = new Map<string, number>();
  for (const { tensor, labels } of inputs) {
    labels.forEach((label, i) => {
      const extent = tensor.shape[i]!, known = extents.get(label) ?? 1;
      if (known !== 1 && extent !== 1 && known !== extent) {
        throw new ShapeError(
          `Cannot evaluate einsum("${equation}"): dimension "${label}" has extents ${known} and ${extent}`,
        );
      }
      extents.set(label, known === 1 ? extent : known);
    });
  }
  return extents;
}

/** Labels that an operand repeats stand for its diagonal. */
function withoutRepeats({ tensor, labels }: Labelled): Labelled {
  const at = labels.findIndex((label, i) => labels.indexOf(label) !== i);
  if (at < 0) return { tensor, labels };
  const label = labels[at]!, first = labels.indexOf(label);
  const rest = labels.filter((_, i) => i !== first && i !== at);
  return withoutRepeats({ tensor: diagonal(tensor, 0, first, at), labels: [...rest, label] });
}

/** Axes that nothing else needs are summed; those of extent 1 that are to be broadcast vanish. */
function reduced(part: Labelled, needed: readonly string[], extents: ReadonlyMap<string, number>): Labelled {
  const gone = part.labels.flatMap((label, i) =>
    !needed.includes(label) || (part.tensor.shape[i] === 1 && extents.get(label) !== 1) ? [i] : []
  );
  if (gone.length === 0) return part;
  return { tensor: summed(part.tensor, gone), labels: part.labels.filter((_, i) => !gone.includes(i)) };
}

/** The product of two, summed over what both have and nothing else needs. */
function multiplied(
  a: Labelled,
  b: Labelled,
  needed: readonly string[],
  extents: ReadonlyMap<string, number>,
): Labelled {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => needed.includes(label)), k = shared.filter((label) => !needed.includes(label));
  const m = a.labels.filter((label) => !shared.includes(label)),
    n = b.labels.filter((label) => !shared.includes(label));
  const tensor = contracted("einsum", ordered(a, [...batch, ...m, ...k]), ordered(b, [...batch, ...k, ...n]), {
    batch: batch.length,
    m: m.length,
    n: n.length,
    k: k.length,
  });
  return reduced({ tensor, labels: [...batch, ...m, ...n] }, needed, extents);
}

function ordered({ tensor, labels }: Labelled, order: readonly string[]): Tensor {
  return permuted(tensor, order.map((label) => labels.indexOf(label)));
}

/** The axes in the result's order; those that were only ever 1 long come back. */
function arranged(part: Labelled, output: readonly string[], extents: ReadonlyMap<string, number>): Tensor {
  const kept = reduced(part, output, extents);
  const present = output.filter((label) => kept.labels.includes(label));
  const shape = output.map((label) => extents.get(label)!);
  const upright = reshaped(ordered(kept, present), output.map((label, i) => present.includes(label) ? shape[i]! : 1));
  return expandTo(upright, shape);
}
