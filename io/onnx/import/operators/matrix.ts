/**
 * Products of matrices.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import type { Tensor } from "../../../../tensor/mod.ts";
import type { OperatorCall, Operators } from "../call.ts";

const scaled = (x: Tensor, factor: number): Tensor => factor === 1 ? x : x.mul(factor);

/** α A' B' + β C. */
function gemm(call: OperatorCall): Tensor {
  const a = call.int("transA", 0) === 1 ? call.tensor(0).T : call.tensor(0);
  const b = call.int("transB", 0) === 1 ? call.tensor(1).T : call.tensor(1);
  const product = scaled(F.matmul(a, b), call.float("alpha", 1));
  return call.has(2) ? product.add(scaled(call.tensor(2), call.float("beta", 1))) : product;
}

/** A product of matrices that may lie transposed, their batches too. */
function fusedMatMul(call: OperatorCall): Tensor {
  const side = (position: number, name: string): Tensor => {
    const x = call.tensor(position);
    const together = call.int(`transBatch${name}`, 0) === 1 ? x.movedim(0, -2) : x;
    return call.int(`trans${name}`, 0) === 1 ? together.mT : together;
  };
  return scaled(F.matmul(side(0, "A"), side(1, "B")), call.float("alpha", 1));
}

/** Operators of ai.onnx by name. */
export const matrices: Operators = {
  Det: (call) => F.det(call.tensor(0)),
  Einsum: (call) => F.einsum(call.text("equation"), ...call.tensors()),
  Gemm: gemm,
  MatMul: (call) => F.matmul(call.tensor(0), call.tensor(1)),
};

/** Operators of com.microsoft by name. */
export const microsoftMatrices: Operators = {
  FusedMatMul: fusedMatMul,
};
