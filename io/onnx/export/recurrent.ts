/**
 * Recurrent networks as operators of ONNX, one for each layer.
 *
 * @module
 */

import { constantOf } from "./extents.ts";
import { type Rule, trimmed } from "./step.ts";
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
  options(directions): Record<string, Option> {
    return activation === "Tanh" ? {} : { activations: { strings: new Array<string>(directions).fill(activation) } };
  },
});

const kinds: Readonly<Record<string, Kind>> = {
  rnnTanh: elman("Tanh"),
  rnnRelu: elman("Relu"),
  // Update, reset, candidate; the candidate's own bias is within the reset.
  gru: { opType: "GRU", gates: [1, 0, 2], options: () => ({ linear_before_reset: { i: 1 } }) },
  // Write, read, keep, fresh.
  lstm: { opType: "LSTM", gates: [0, 3, 1, 2], options: () => ({}) },
};

function rule(kind: Kind): Rule {
  return ({ inputs, outputs, attributes }, value) => {
    const given = attributes as unknown as RecurrentAttributes, { states, hasBiases, numLayers, dropout } = given;
    const directions = given.bidirectional ? 2 : 1, params = inputs.slice(1 + states);
    const own = hasBiases ? 4 : 2, size = constantOf(params[1]!.extents[1]!)!;
    // Neither projections nor dropout between layers are part of the operators.
    if (params.length !== own * numLayers * directions || dropout > 0 || value.dtype === "float64") return undefined;
    return {
      inputs,
      outputs,
      write(names, w) {
        const network = new Network(kind, given, size, w), [input, ...rest] = names as [Name, ...Name[]];
        let x = network.before(input);
        const starts = rest.slice(0, states).map((name) => network.starts(name));
        const cells = chunks(rest.slice(states), own), ends: Name[][] = [];
        for (let layer = 0; layer < numLayers; layer++) {
          const own = cells.slice(layer * directions, (layer + 1) * directions);
          const [y, ...last] = network.layer(x, own, starts.flatMap((list) => list[layer] ?? []));
          x = y!;
          ends.push(last);
        }
        return [network.after(x), ...starts.map((_, i) => network.end(ends.map((last) => last[i]!)))];
      },
    };
  };
}

/** A list in pieces of `size`. */
function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: list.length / size }, (_, i) => list.slice(i * size, (i + 1) * size));
}

/** Writes the layers of one network. */
class Network {
  readonly #parameters: Parameters;

  constructor(readonly kind: Kind, readonly given: RecurrentAttributes, readonly size: number, readonly w: Writer) {
    this.#parameters = new Parameters(kind.gates, size, w);
  }

  #unsqueezed(name: Name): Name {
    return this.given.unbatched ? this.w.op("Unsqueeze", [name, this.w.integers([1])]) : name;
  }

  #squeezed(name: Name): Name {
    return this.given.unbatched ? this.w.op("Squeeze", [name, this.w.integers([1])]) : name;
  }

  #turned(name: Name): Name {
    const { batchFirst, unbatched } = this.given;
    return batchFirst && !unbatched ? this.w.op("Transpose", [name], { perm: { ints: [1, 0, 2] } }) : name;
  }

  /** [L, N, …] of what is given. */
  before(input: Name): Name {
    return this.#turned(this.#unsqueezed(input));
  }

  /** What is wanted of [L, N, …]. */
  after(output: Name): Name {
    return this.#turned(this.#squeezed(output));
  }

  /** States [layers · directions, N, H] by layer; none where they are left out. */
  starts(state: Name): Name[] {
    const { w, given: { numLayers, bidirectional } } = this;
    if (state === "") return [];
    const all = this.#unsqueezed(state);
    if (numLayers === 1) return [all];
    const sizes = w.integers(new Array<number>(numLayers).fill(bidirectional ? 2 : 1));
    return w.ops("Split", [all, sizes], { axis: { i: 0 } }, numLayers);
  }

  /** The last states of all layers. */
  end(states: readonly Name[]): Name {
    return this.#squeezed(states.length === 1 ? states[0]! : this.w.op("Concat", states, { axis: { i: 0 } }));
  }

  /** [output, last states…] of a layer, from its cells' parameters. */
  layer(x: Name, cells: readonly (readonly Name[])[], starts: readonly Name[]): Name[] {
    const { w, kind, given: { states, hasBiases, bidirectional } } = this;
    const weights = [0, 1].map((i) => this.#parameters.stacked(cells.map((cell) => cell[i]!)));
    const biases = hasBiases ? this.#parameters.biases(cells.map((cell) => cell.slice(2))) : "";
    const options = {
      hidden_size: { i: this.size },
      direction: bidirectional ? { s: "bidirectional" } : undefined,
      ...kind.options(cells.length),
    };
    const [y, ...last] = w.ops(kind.opType, trimmed([x, ...weights, biases, "", ...starts]), options, 1 + states);
    // [L, directions, N, H] to [L, N, directions · H].
    const output = bidirectional
      ? w.op("Reshape", [w.op("Transpose", [y!], { perm: { ints: [0, 2, 1, 3] } }), w.integers([0, 0, -1])])
      : w.op("Squeeze", [y!, w.integers([1])]);
    return [output, ...last];
  }
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
