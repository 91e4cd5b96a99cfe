/** Kernels that are alike as one row each: a network repeats its blocks, and a sum over launches does not care which. */
import type { KernelColumns } from './kernel-columns.ts';

/** Everything but how often a row is launched. */
const comparedColumns = (columns: KernelColumns): readonly (Float64Array | Uint8Array)[] => {
  const {
    depthwise,
    channelsFirst,
    product,
    traffic,
    operatorClass,
    macsFixed,
    macsPerItem,
    flopsFixed,
    flopsPerItem,
  } = columns;
  const { transcendentalsFixed, transcendentalsPerItem, weightElements, narrowWeightBytes } = columns;
  const { activationFixed, activationPerItem, boundaryFixed, boundaryPerItem } = columns;
  const { groups, mFixed, mPerItem, n, k, window } = columns;
  return [
    ...[weightElements, macsPerItem, activationPerItem, flopsPerItem, boundaryPerItem, n, k, mPerItem, groups, window],
    ...[transcendentalsPerItem, macsFixed, flopsFixed, transcendentalsFixed, activationFixed, boundaryFixed, mFixed],
    ...[narrowWeightBytes, depthwise, channelsFirst, product, traffic, operatorClass],
  ];
};

/** Of any prime kind: it spreads whole numbers, which most columns hold. */
const MULTIPLIER = 31;
const LOW_BITS = 2 ** 32;

/** Rows of the first kernel of every kind, and the row of `columns` that each kernel is counted with. */
const firstRows = (columns: KernelColumns): { readonly firsts: readonly number[]; readonly of: Int32Array } => {
  const compared = comparedColumns(columns);
  const { length } = columns;
  const hashes = new Int32Array(length);
  for (const column of compared) {
    for (let i = 0; i < length; i++) {
      const value = column[i] as number;
      hashes[i] = (Math.imul(hashes[i] as number, MULTIPLIER) + (value | 0)) ^ ((value / LOW_BITS) | 0);
    }
  }
  const isSame = (a: number, b: number): boolean => {
    for (const column of compared) if (column[a] !== column[b]) return false;
    return true;
  };
  const firsts: number[] = [];
  const of = new Int32Array(length);
  const byHash = new Map<number, number[]>();
  for (let i = 0; i < length; i++) {
    const hash = hashes[i] as number;
    const known = byHash.get(hash);
    const same = known?.find((row) => isSame(firsts[row] as number, i));
    if (same !== undefined) {
      of[i] = same;
      continue;
    }
    of[i] = firsts.length;
    if (known === undefined) byHash.set(hash, [firsts.length]);
    else known.push(firsts.length);
    firsts.push(i);
  }
  return { firsts, of };
};

/** Where fewer than this share of the rows are alike, the columns stay as they are. */
const WORTH_IT = 0.9;

/** The same work in fewer rows, launches added up; the columns themselves where hardly any two are alike. */
export const distinctKernels = (columns: KernelColumns): KernelColumns => {
  const { firsts, of } = firstRows(columns);
  if (firsts.length > WORTH_IT * columns.length) return columns;
  const launches = new Float64Array(firsts.length);
  for (let i = 0; i < columns.length; i++) {
    const row = of[i] as number;
    launches[row] = (launches[row] as number) + (columns.launches[i] as number);
  }
  const pick = (column: Float64Array): Float64Array => Float64Array.from(firsts, (row) => column[row] as number);
  const pickCode = (column: Uint8Array): Uint8Array => Uint8Array.from(firsts, (row) => column[row] as number);
  return {
    length: firsts.length,
    launches,
    depthwise: pickCode(columns.depthwise),
    channelsFirst: pickCode(columns.channelsFirst),
    product: pickCode(columns.product),
    traffic: pickCode(columns.traffic),
    operatorClass: pickCode(columns.operatorClass),
    macsFixed: pick(columns.macsFixed),
    macsPerItem: pick(columns.macsPerItem),
    flopsFixed: pick(columns.flopsFixed),
    flopsPerItem: pick(columns.flopsPerItem),
    transcendentalsFixed: pick(columns.transcendentalsFixed),
    transcendentalsPerItem: pick(columns.transcendentalsPerItem),
    weightElements: pick(columns.weightElements),
    narrowWeightBytes: pick(columns.narrowWeightBytes),
    activationFixed: pick(columns.activationFixed),
    activationPerItem: pick(columns.activationPerItem),
    boundaryFixed: pick(columns.boundaryFixed),
    boundaryPerItem: pick(columns.boundaryPerItem),
    groups: pick(columns.groups),
    mFixed: pick(columns.mFixed),
    mPerItem: pick(columns.mPerItem),
    n: pick(columns.n),
    k: pick(columns.k),
    window: pick(columns.window),
    // Of all kernels: those that are alike have weights of their own.
    totalKernels: columns.totalKernels,
    totalWeightElements: columns.totalWeightElements,
    totalNarrowWeightBytes: columns.totalNarrowWeightBytes,
    totalWindowRowElements: columns.totalWindowRowElements,
  };
};
