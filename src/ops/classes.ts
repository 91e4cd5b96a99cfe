/** Kinds of work that reports break a network down by; the names are a contract of the JSON output. */
export const OPERATOR_CLASSES = [
  'dense-conv',
  'pointwise-conv',
  'depthwise-conv',
  'grouped-conv',
  'transposed-conv',
  'linear',
  'attention',
  'recurrent',
  'normalization',
  'activation',
  'pooling',
  'elementwise',
  'data-movement',
  'quantization',
  'other',
] as const;

export type OperatorClass = (typeof OPERATOR_CLASSES)[number];

export const OPERATOR_CLASS_TITLES: Readonly<Record<OperatorClass, string>> = {
  'dense-conv': 'Standard convolution',
  'pointwise-conv': 'Pointwise (1×1) convolution',
  'depthwise-conv': 'Depthwise convolution',
  'grouped-conv': 'Grouped convolution',
  'transposed-conv': 'Transposed convolution',
  linear: 'Linear',
  attention: 'Attention',
  recurrent: 'Recurrent',
  normalization: 'Normalization',
  activation: 'Activation',
  pooling: 'Pooling',
  elementwise: 'Element-wise',
  'data-movement': 'Data movement',
  quantization: 'Quantization',
  other: 'Other',
};
