/**
 * MNIST and its kin.
 *
 * @module
 */

import { TensaurError, type Tensor, ValueError } from "../tensor/mod.ts";
import { firstOf, pathOf } from "./files.ts";
import { IdxDataset, type TransformOptions } from "./idx_dataset.ts";

/** Options of `MNIST` and its kin. */
export interface MnistOptions<X, Y> extends TransformOptions<X, Y> {
  /** Whether to take the training part, not the test part. Default true. */
  readonly train?: boolean;
}

/** Where a set's files lie under a root, as torchvision places them, and where they are to be had. */
interface Home {
  readonly folder: string;
  readonly url: string;
  readonly classes: readonly string[];
}

/** A file of a set, gzipped or not, in torchvision's folder or in the root itself. */
function locate(root: string | URL, name: string, { folder, url }: Home): string {
  const candidates = [[folder, "raw", name], [name]].flatMap((parts) => {
    const path = pathOf(root, ...parts);
    return [path, `${path}.gz`];
  });
  const found = firstOf(candidates);
  if (found !== undefined) return found;
  throw new TensaurError(
    `Cannot find ${name} of ${folder}: looked for ${candidates.join(", ")}. Download ${url} to ${
      pathOf(root, folder, "raw")
    }`,
  );
}

/** The paths of a part's images and targets. */
function files(root: string | URL, home: Home, train = true): { readonly images: string; readonly targets: string } {
  const find = (name: string) => locate(root, name, { ...home, url: `${home.url}${name}.gz` });
  const prefix = train ? "train" : "t10k";
  return { images: find(`${prefix}-images-idx3-ubyte`), targets: find(`${prefix}-labels-idx1-ubyte`) };
}

const digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

const mnist: Home = {
  folder: "MNIST",
  url: "https://ossci-datasets.s3.amazonaws.com/mnist/",
  classes: digits.map((word, i) => `${i} - ${word}`),
};

/**
 * The handwritten digits of MNIST: 60,000 to train with and 10,000 to test, of 28 by 28 pixels.
 *
 * The files are looked for in `root/MNIST/raw`, where torchvision puts them, and in `root`, gzipped or not; an error names a missing one and
 * where it is to be had. A sample is the image, a uint8 tensor of shape [1, 28, 28], and its digit; `transform` and `targetTransform` make
 * something else of them.
 *
 * ```ts
 * import { data, type Tensor } from "@tensaur/tensaur";
 *
 * function train(step: (images: Tensor, targets: Tensor) => void): void {
 *   const digits = new data.MNIST("./data", { train: true, transform: data.toTensor });
 *   const loader = new data.DataLoader(digits, { batchSize: 64, shuffle: true });
 *   for (const [images, targets] of loader) step(images, targets); // shapes [64, 1, 28, 28] and [64]
 * }
 * ```
 *
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.datasets.MNIST.html}
 */
export class MNIST<X = Tensor, Y = number> extends IdxDataset<X, Y> {
  /** The digits in a folder. */
  constructor(root: string | URL, options: MnistOptions<X, Y> = {}) {
    const { images, targets } = files(root, mnist, options.train);
    super(images, targets, { ...options, classes: mnist.classes });
  }
}

const fashion: Home = {
  folder: "FashionMNIST",
  url: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
  classes: "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot".split(","),
};

/**
 * The articles of clothing of Fashion-MNIST, in the form of {@linkcode MNIST}, in `root/FashionMNIST/raw` or `root`.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * function trainingData(root: string): data.FashionMNIST {
 *   return new data.FashionMNIST(root, { train: true }); // 60,000 samples, and `classes` names them
 * }
 * ```
 *
 * @throws {TensaurError} where a file is missing, {ValueError} where it is no IDX file
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.datasets.FashionMNIST.html}
 */
export class FashionMNIST<X = Tensor, Y = number> extends IdxDataset<X, Y> {
  /** The articles in a folder. */
  constructor(root: string | URL, options: MnistOptions<X, Y> = {}) {
    const { images, targets } = files(root, fashion, options.train);
    super(images, targets, { ...options, classes: fashion.classes });
  }
}

const kuzushiji: Home = {
  folder: "KMNIST",
  url: "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
  classes: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
};

/**
 * The cursive Japanese characters of Kuzushiji-MNIST, in the form of {@linkcode MNIST}, in `root/KMNIST/raw` or `root`.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * function testData(root: string): data.KMNIST {
 *   return new data.KMNIST(root, { train: false }); // 10,000 samples
 * }
 * ```
 *
 * @throws {TensaurError} where a file is missing, {ValueError} where it is no IDX file
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.datasets.KMNIST.html}
 */
export class KMNIST<X = Tensor, Y = number> extends IdxDataset<X, Y> {
  /** The characters in a folder. */
  constructor(root: string | URL, options: MnistOptions<X, Y> = {}) {
    const { images, targets } = files(root, kuzushiji, options.train);
    super(images, targets, { ...options, classes: kuzushiji.classes });
  }
}

/** The parts of EMNIST. */
export type EmnistSplit = "byclass" | "bymerge" | "balanced" | "letters" | "digits" | "mnist";

/** Options of `EMNIST`. */
export interface EmnistOptions<X, Y> extends MnistOptions<X, Y> {
  /** Which of the six parts. */
  readonly split: EmnistSplit;
}

const numerals = [..."0123456789"], small = [..."abcdefghijklmnopqrstuvwxyz"];
const byClass = [...numerals, ...small.map((letter) => letter.toUpperCase()), ...small];
// Letters that look alike in both cases are one class.
const byMerge = byClass.filter((letter) => !"cijklmopsuvwxyz".includes(letter));

const emnistClasses: Record<EmnistSplit, readonly string[]> = {
  byclass: byClass,
  bymerge: byMerge,
  balanced: byMerge,
  letters: ["N/A", ...small],
  digits: numerals,
  mnist: numerals,
};

/**
 * The handwritten digits and letters of EMNIST, in the form of {@linkcode MNIST}, in `root/EMNIST/raw` or `root`. As in torchvision, the
 * images lie as in the files: transposed.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * function letters(root: string): data.EMNIST {
 *   return new data.EMNIST(root, { split: "letters" }); // targets 1 to 26; class 0 is "N/A"
 * }
 * ```
 *
 * @throws {TensaurError} where a file is missing, {ValueError} for an unknown `split`, or where it is no IDX file
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.datasets.EMNIST.html}
 */
export class EMNIST<X = Tensor, Y = number> extends IdxDataset<X, Y> {
  /** One part of the characters in a folder. */
  constructor(root: string | URL, { split, train = true, ...options }: EmnistOptions<X, Y>) {
    const classes = emnistClasses[split];
    if (classes === undefined) {
      throw new ValueError(
        `Cannot take the part ${split} of EMNIST: there are ${Object.keys(emnistClasses).join(", ")}`,
      );
    }
    const home = {
      folder: "EMNIST",
      url: "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip (and unpack it)",
      classes,
    };
    const prefix = `emnist-${split}-${train ? "train" : "test"}`;
    super(
      locate(root, `${prefix}-images-idx3-ubyte`, home),
      locate(root, `${prefix}-labels-idx1-ubyte`, home),
      { ...options, classes },
    );
  }
}
