/**
 * Operators that automatic mixed precision computes in 32 bits, since their sums, powers and exponentials leave the range
 * of 16: PyTorch's list for CUDA, https://docs.pytorch.org/docs/stable/amp.html ("CUDA Ops that can autocast to float32"),
 * in the names of ONNX, and resizing, which its dispatcher adds to it. BatchNorm is not among them.
 */
const WIDE: ReadonlySet<string> = new Set([
  ...['LayerNormalization', 'GroupNormalization', 'RMSNormalization', 'Softmax', 'LogSoftmax', 'Softplus'],
  ...['ReduceSum', 'ReduceProd', 'ReduceL1', 'ReduceL2', 'CumSum', 'CumProd'],
  ...['Resize', 'Upsample'],
  ...['Pow', 'Reciprocal', 'Exp', 'Log', 'Tan', 'Acos', 'Asin', 'Cosh', 'Sinh'],
]);

/** Of these the ones that are told the wider type and read the narrower one themselves; before the others stands a conversion. */
const READS_NARROW: ReadonlySet<string> = new Set([
  ...['Softmax', 'LogSoftmax', 'ReduceSum', 'ReduceProd', 'ReduceL1', 'ReduceL2', 'CumSum', 'CumProd'],
]);

export const readsNarrow = (type: string, domain: string): boolean => domain === '' && READS_NARROW.has(type);

export const computesWide = (type: string, domain: string): boolean => domain === '' && WIDE.has(type);
