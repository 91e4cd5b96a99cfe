import type { FusionRulesId } from '../analysis/fusion.ts';

/**
 * What software does to the machine. `<framework>-<version>-<mode>`: the fusion rules decide
 * the kernel list, which is most of the accuracy of a prediction.
 */
export interface Runtime {
  readonly id: string;
  readonly title: string;
  readonly fusion: FusionRulesId;
}

export const RUNTIMES: readonly Runtime[] = [
  { id: 'pytorch-2.4-eager', title: 'PyTorch 2.4, eager', fusion: 'none' },
  { id: 'pytorch-2.4-inductor', title: 'PyTorch 2.4, TorchInductor', fusion: 'inductor' },
  { id: 'onnxruntime-1.30', title: 'ONNX Runtime 1.30', fusion: 'epilogue' },
  { id: 'tensorrt-8.6', title: 'TensorRT 8.6', fusion: 'epilogue' },
  { id: 'xla', title: 'XLA', fusion: 'epilogue' },
  { id: 'kpu-static', title: 'KPU static scheduler (hypothetical)', fusion: 'epilogue' },
];

export const findRuntime = (id: string): Runtime | undefined => RUNTIMES.find((runtime) => runtime.id === id);
