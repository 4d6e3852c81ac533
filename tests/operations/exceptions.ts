/**
 * Functions and methods that the table of operations does not hold, and why.
 *
 * @module
 */

/** For each name, the reason. */
export const exceptions: Readonly<Record<string, string>> = {
  broadcastShapes: "computes with shapes alone",
  "linalg.LinAlgError": "is an error",
  ...because("is tested in tests/tensor: it concerns the handle, not the elements", [
    "constructor asViewOf detach variable node edge assign detach_ shape ndim dtype device numel requiresGrad gradFn isLeaf version base become",
    "item tolist data dataSync size dim nelement elementSize isFloatingPoint isContiguous toString ndimension isNonzero stride",
  ]),
  ...because("is autograd, tested in tests/tensor", [
    "backward requiresGrad_ retainGrad registerHook registerPostAccumulateGradHook",
  ]),
  ...because("gives another dtype or device; tested in tests/tensor", [
    "cpu cuda double half bool long byte type typeAs short char resolveConj resolveNeg",
  ]),
  ...because("makes a tensor of given elements; tested in tests/tensor", [
    "newTensor newZeros newOnes newEmpty newEmptyStrided newFull",
  ]),
  ...because("draws on the host: PyTorch's numbers, tested in tests/tensor/random_test.ts", [
    "uniform_ normal_ bernoulli_ exponential_ random_ cauchy_ logNormal_ geometric_ bernoulli multinomial",
  ]),
  ...because("says what a tensor is; tested in tests/functional/inspection_test.ts", [
    "isTensor isComplex isConj isSigned isSameSize itemsize nbytes retainsGrad",
  ]),
  ...because("computes on the host; tested in tests/functional/inspection_test.ts", [
    "apply_ map_ map2_ svdLowrank pcaLowrank unravelIndex",
  ]),
  viewOf: "says whose elements a view shows, to what writes files; tested in tests/io/pytorch_test.ts",
};

function because(reason: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((line) => line.split(" ")).map((name) => [name, reason]));
}
