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
