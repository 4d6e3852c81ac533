/**
 * Recurrent networks as operators of ONNX, one for each layer.
 *
 * @module
 */

import { constantOf } from "./extents.ts";
import type { Rule } from "./step.ts";
import type { Name, Option, Writer } from "./writer.ts";

interface RecurrentAttributes {
  readonly states: number;
  readonly hasBiases: boolean;
  readonly numLayers: number;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly batchFirst: boolean;
  readonly unbatched: boolean;
}

interface Kind {
  readonly opType: string;
  /** ONNX's gates, as numbers of PyTorch's. */
  readonly gates: readonly number[];
  readonly options: (directions: number) => Readonly<Record<string, Option>>;
}

const elman = (activation: string): Kind => ({
  opType: "RNN",
  gates: [0],
  options: (directions) =>
    activation === "Tanh" ? {} : { activations: { strings: new Array(directions).fill(activation) } },
});

const kinds: Readonly<Record<string, Kind>> = {
  rnnTanh: elman("Tanh"),
  rnnRelu: elman("Relu"),
  // Update, reset, candidate; the candidate's own bias is within the reset.
  gru: { opType: "GRU", gates: [1, 0, 2], options: () => ({ linear_before_reset: { i: 1 } }) },
  // Write, read, keep, fresh.
  lstm: { opType: "LSTM", gates: [0, 3, 1, 2], options: () => ({}) },
};

function rule({ opType, gates, options }: Kind): Rule {
  return ({ inputs, outputs, attributes }, value) => {
    const given = attributes as unknown as RecurrentAttributes;
    const { states, hasBiases, numLayers, dropout, bidirectional, batchFirst, unbatched } = given;
    const directions = bidirectional ? 2 : 1, params = inputs.slice(1 + states);
    const own = hasBiases ? 4 : 2, size = constantOf(params[1]!.extents[1]!)!;
    // Neither projections nor dropout between layers are part of the operators.
    if (params.length !== own * numLayers * directions || dropout > 0 || value.dtype === "float64") return undefined;
    return {
      inputs,
      outputs,
      write(names, w) {
        const cells = Array.from(
          { length: numLayers * directions },
          (_, i) => names.slice(1 + states + i * own, 1 + states + (i + 1) * own),
        );
        const ready = new Parameters(gates, size, w);
        let x = names[0]!;
        if (unbatched) x = w.op("Unsqueeze", [x, w.integers([1])]);
        else if (batchFirst) x = w.op("Transpose", [x, ...[]], { perm: { ints: [1, 0, 2] } });
        const starts = names.slice(1, 1 + states).map((name) =>
          name === ""
            ? []
            : split(unbatched ? w.op("Unsqueeze", [name, w.integers([1])]) : name, numLayers, directions, w)
        );
        const ends: Name[][] = Array.from({ length: states }, () => []);
        for (let layer = 0; layer < numLayers; layer++) {
          const mine = cells.slice(layer * directions, (layer + 1) * directions);
          const [y, ...last] = w.ops(
            opType,
            [
              x,
              ready.stacked(mine.map(([ih]) => ih!)),
              ready.stacked(mine.map(([, hh]) => hh!)),
              hasBiases ? ready.biases(mine.map((cell) => cell.slice(2))) : "",
              "",
              ...starts.map((list) => list[layer] ?? ""),
            ].slice(0, starts.some((list) => list.length > 0) ? undefined : hasBiases ? 4 : 3),
            {
              hidden_size: { i: size },
              direction: bidirectional ? { s: "bidirectional" } : undefined,
              ...options(directions),
            },
            1 + states,
          );
          last.forEach((state, i) => ends[i]!.push(state));
          x = directions === 1
            ? w.op("Squeeze", [y!, w.integers([1])])
            // [L, directions, N, H] to [L, N, directions · H].
            : w.op("Reshape", [w.op("Transpose", [y!], { perm: { ints: [0, 2, 1, 3] } }), w.integers([0, 0, -1])]);
        }
        if (unbatched) x = w.op("Squeeze", [x, w.integers([1])]);
        else if (batchFirst) x = w.op("Transpose", [x], { perm: { ints: [1, 0, 2] } });
        const results = ends.map((list) => list.length === 1 ? list[0]! : w.op("Concat", list, { axis: { i: 0 } }));
        return [x, ...results.map((state) => unbatched ? w.op("Squeeze", [state, w.integers([1])]) : state)];
      },
    };
  };
}

/** States [layers · directions, N, H] by layer. */
function split(state: Name, numLayers: number, directions: number, w: Writer): Name[] {
  if (numLayers === 1) return [state];
  const sizes = w.integers(new Array<number>(numLayers).fill(directions));
  return w.ops("Split", [state, sizes], { axis: { i: 0 } }, numLayers);
}

/** Parameters in ONNX's order of gates, those of a layer's directions together. */
class Parameters {
  readonly #order: Name | undefined;

  constructor(gates: readonly number[], size: number, readonly w: Writer) {
    const rows = gates.flatMap((gate) => Array.from({ length: size }, (_, i) => gate * size + i));
    this.#order = gates.every((gate, i) => gate === i) ? undefined : w.integers(rows);
  }

  #ordered(name: Name): Name {
    return this.#order === undefined ? name : this.w.op("Gather", [name, this.#order], { axis: { i: 0 } });
  }

  /** Matrices of each direction: [directions, gates · H, …]. */
  stacked(matrices: readonly Name[]): Name {
    return this.#together(matrices.map((matrix) => this.#ordered(matrix)));
  }

  /** Biases of each direction, for the input and for the state: [directions, 2 · gates · H]. */
  biases(pairs: readonly (readonly Name[])[]): Name {
    const { w } = this;
    return this.#together(
      pairs.map((pair) => w.op("Concat", pair.map((bias) => this.#ordered(bias)), { axis: { i: 0 } })),
    );
  }

  #together(names: readonly Name[]): Name {
    const { w } = this, apart = names.map((name) => w.op("Unsqueeze", [name, w.integers([0])]));
    return apart.length === 1 ? apart[0]! : w.op("Concat", apart, { axis: { i: 0 } });
  }
}

/** Rules by the operation's name. */
export const recurrent: Readonly<Record<string, Rule>> = Object.fromEntries(
  Object.entries(kinds).map(([name, kind]) => [name, rule(kind)]),
);
