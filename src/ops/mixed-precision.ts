/**
 * Operators that automatic mixed precision computes in 32 bits, since their sums, powers and exponentials leave the range
 * of 16: PyTorch's list for CUDA, https://docs.pytorch.org/docs/stable/amp.html ("CUDA Ops that can autocast to float32"),
 * in the names of ONNX. BatchNorm is not among them.
 */
const WIDE: ReadonlySet<string> = new Set([
  ...['LayerNormalization', 'GroupNormalization', 'RMSNormalization', 'Softmax', 'LogSoftmax', 'Softplus'],
  ...['ReduceSum', 'ReduceProd', 'ReduceL1', 'ReduceL2', 'CumSum', 'CumProd'],
  ...['Pow', 'Reciprocal', 'Exp', 'Log', 'Tan', 'Acos', 'Asin', 'Cosh', 'Sinh'],
]);

export const computesWide = (type: string, domain: string): boolean => domain === '' && WIDE.has(type);
