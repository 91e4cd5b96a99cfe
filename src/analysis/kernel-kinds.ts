/** What kinds of product and of traffic a kernel is, for models of time: both follow from its loops and its class. */
import { OPERATOR_CLASSES, type OperatorClass } from '../ops/classes.ts';
import { isDepthwise } from '../ops/nest.ts';
import type { Kernel } from './kernel.ts';

/** In the order of the codes in columns. */
export { OPERATOR_CLASSES };

/** Kinds of product that libraries have separate kernels for, in the order of their codes. */
export const PRODUCT_KINDS = [
  'none',
  'pointwise',
  'window',
  'grouped',
  'grouped-window',
  'depthwise',
  'matrix',
  'matrix-vector',
  'attention',
] as const;
export type ProductKind = (typeof PRODUCT_KINDS)[number];

/** Kinds of traffic that reach the memory at rates of their own, in the order of their codes. */
export const TRAFFIC_KINDS = [
  'streaming',
  'normalization',
  'pooling',
  'movement',
  'convolution',
  'depthwise',
  'product',
] as const;
export type TrafficKind = (typeof TRAFFIC_KINDS)[number];

/** Kinds of kernel: of products, and of what moves where there is none. */
export const KERNEL_KINDS = [
  'pointwise',
  'window',
  'grouped',
  'grouped-window',
  'depthwise',
  'matrix',
  'matrix-vector',
  'attention',
  'streaming',
  'normalization',
  'pooling',
  'movement',
] as const satisfies readonly (ProductKind | TrafficKind)[];
export type KernelKind = (typeof KERNEL_KINDS)[number];

const NO_PRODUCT = PRODUCT_KINDS.indexOf('none');

/** Place in KERNEL_KINDS of a kernel with the codes of its columns. */
export const kernelKindCode = (product: number, traffic: number): number =>
  KERNEL_KIND_CODES[product * TRAFFIC_KINDS.length + traffic] as number;

const KERNEL_KIND_CODES = Uint8Array.from(
  PRODUCT_KINDS.flatMap((product, code) =>
    TRAFFIC_KINDS.map((traffic) =>
      (KERNEL_KINDS as readonly string[]).indexOf(code === NO_PRODUCT ? traffic : product),
    ),
  ),
);

export const productKind = ({ view }: Kernel): ProductKind => {
  if (view === undefined) return 'none';
  const slides = view.window > 1;
  if (!view.spatial) {
    if (view.groups > 1) return 'attention';
    return view.m.fixed + view.m.perItem > 1 ? 'matrix' : 'matrix-vector';
  }
  if (view.groups === 1) return slides ? 'window' : 'pointwise';
  if (isDepthwise(view)) return 'depthwise';
  return slides ? 'grouped-window' : 'grouped';
};

const TRAFFIC_OF_CLASS: Readonly<Partial<Record<OperatorClass, TrafficKind>>> = {
  normalization: 'normalization',
  pooling: 'pooling',
  'data-movement': 'movement',
};

export const trafficKind = (kernel: Kernel): TrafficKind => {
  const { view } = kernel;
  if (view === undefined) return TRAFFIC_OF_CLASS[kernel.class] ?? 'streaming';
  if (!view.spatial) return 'product';
  return isDepthwise(view) ? 'depthwise' : 'convolution';
};
