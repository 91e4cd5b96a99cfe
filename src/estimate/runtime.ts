import { type FusionRulesId, withChannelsLast } from '../analysis/fusion.ts';
import type { Precision } from '../ir/dtype.ts';

/** Runtimes that launch and fuse alike, whose constants stand in for one another where nothing was measured. */
export type RuntimeClass =
  | 'eager'
  | 'compiled'
  | 'xla'
  | 'engine'
  | 'graph'
  | 'mobile'
  | 'vendor'
  | 'dataflow'
  | 'static';

/**
 * What software does to the machine. `<framework>-<version>-<mode>`: the fusion rules decide
 * the kernel list, which is most of the accuracy of a prediction.
 */
export interface Runtime {
  readonly id: string;
  readonly title: string;
  readonly framework: string;
  readonly version: string | undefined;
  readonly mode: string | undefined;
  readonly class: RuntimeClass;
  readonly fusion: FusionRulesId;
  /** In 16 bits, where the runtime then computes in mixed precision. */
  readonly mixedFusion?: FusionRulesId;
  /** Of images where none is said; undefined where the runtime chooses one of its own, whatever it is given. */
  readonly layout?: 'nchw' | 'nhwc';
  /**
   * How images of a batch pass, where it is not layer by layer all together: 'repeated', every image is an inference of
   * its own; 'streamed', images follow one another through all layers.
   */
  readonly batching?: 'repeated' | 'streamed';
  /** Where weights of a kernel are fetched during those before it, as far as the memory on chip has room for them. */
  readonly fetchesAhead?: boolean;
  /** Where the vector units compute in the type of the tensors; others compute in fp32 what is stored in 16 bits. */
  readonly computesHalf?: boolean;
  /** Where only convolutions run in tf32, and products without a window in fp32. */
  readonly keepsProductsFull?: boolean;
}

/** A framework in one mode; what differs from version to version is in the calibrations. */
interface RuntimeKind {
  readonly framework: string;
  readonly mode?: string;
  readonly title: string;
  readonly class: RuntimeClass;
  readonly fusion: FusionRulesId;
  readonly mixedFusion?: FusionRulesId;
  readonly layout?: 'nchw' | 'nhwc';
  readonly batching?: 'repeated' | 'streamed';
  readonly fetchesAhead?: boolean;
  readonly computesHalf?: boolean;
  /** The first version that keeps products without a window in fp32 where tf32 is asked for. */
  readonly fullProductsFrom?: string;
  /** Versions that are listed; others are understood as well. None where it carries no version. */
  readonly versions: readonly string[];
}

const PER_MAJOR = 100;

/** By default tf32 is allowed to cuDNN since 1.7, and no longer to cuBLAS since 1.12. */
const PYTORCH_FULL_PRODUCTS = '1.12';

const KINDS: readonly RuntimeKind[] = [
  {
    ...kind('pytorch', 'PyTorch, eager', 'eager', 'none', ['2.4', '1.9'], 'eager'),
    mixedFusion: 'autocast',
    layout: 'nchw',
    fullProductsFrom: PYTORCH_FULL_PRODUCTS,
  },
  {
    ...kind('pytorch', 'PyTorch, TorchInductor', 'compiled', 'inductor', ['2.4', '2.9'], 'inductor'),
    fullProductsFrom: PYTORCH_FULL_PRODUCTS,
  },
  kind('onnxruntime', 'ONNX Runtime', 'graph', 'epilogue', ['1.30']),
  neuralEngine('onnxruntime', 'ONNX Runtime, neural engine', ['1.23'], 'npu'),
  { ...kind('tensorrt', 'TensorRT', 'engine', 'epilogue', ['8.6', '8.5', '8.4', '8.0']), computesHalf: true },
  { ...kind('tensorrt', 'TensorRT inside PaddlePaddle', 'engine', 'epilogue', [], 'paddle'), computesHalf: true },
  kind('tensorflow', 'TensorFlow, graph', 'graph', 'graph', ['1.15', '2.6'], 'graph'),
  kind('tensorflow', 'TensorFlow with XLA', 'xla', 'inductor', ['1.15'], 'xla'),
  kind('mxnet', 'MXNet, graph', 'graph', 'graph', ['22.10', '20.12'], 'graph'),
  kind('paddle', 'PaddlePaddle, graph', 'graph', 'graph', [], 'graph'),
  kind('tflite', 'TensorFlow Lite', 'mobile', 'epilogue', ['2.7', '1.15']),
  neuralEngine('tflite', 'TensorFlow Lite, neural engine', ['2.17'], 'npu'),
  kind('armnn', 'Arm NN, Neon', 'mobile', 'epilogue', ['21.11', '22.11', '19.08']),
  { ...kind('hailort', 'HailoRT, Dataflow Compiler', 'dataflow', 'epilogue', ['3.33']), batching: 'streamed' },
  { ...neuralEngine('edgetpu', 'Edge TPU Compiler', [], 'compiler'), batching: 'repeated' },
  neuralEngine('qnn', 'Qualcomm QNN', ['2.42']),
  neuralEngine('coreml', 'Core ML', ['7']),
  neuralEngine('vela', 'Arm Vela', []),
  kind('cmsis', 'CMSIS-NN', 'mobile', 'epilogue', [], 'nn'),
  neuralEngine('nntool', 'GAP NNTool', []),
  kind('xla', 'XLA', 'xla', 'epilogue', []),
  kind('kpu', 'KPU static scheduler (hypothetical)', 'static', 'epilogue', [], 'static'),
];

function kind(
  framework: string,
  title: string,
  runtimeClass: RuntimeClass,
  fusion: FusionRulesId,
  versions: readonly string[],
  mode?: string,
): RuntimeKind {
  return { framework, title, class: runtimeClass, fusion, versions, ...(mode !== undefined && { mode }) };
}

/** Its compiler places every tensor and every transfer before anything runs. */
function neuralEngine(framework: string, title: string, versions: readonly string[], mode?: string): RuntimeKind {
  return { ...kind(framework, title, 'vendor', 'placed', versions, mode), fetchesAhead: true };
}

const runtimeOfKind = (found: RuntimeKind, version: string | undefined): Runtime => ({
  id: [found.framework, version, found.mode].filter((part) => part !== undefined).join('-'),
  title:
    version === undefined ? found.title : found.title.replace(/^[^,]+?(?=,| with|$)/, (name) => `${name} ${version}`),
  framework: found.framework,
  version,
  mode: found.mode,
  class: found.class,
  fusion: found.fusion,
  ...(found.mixedFusion !== undefined && { mixedFusion: found.mixedFusion }),
  ...(found.layout !== undefined && { layout: found.layout }),
  ...(found.batching !== undefined && { batching: found.batching }),
  ...(found.fetchesAhead !== undefined && { fetchesAhead: found.fetchesAhead }),
  ...(found.computesHalf !== undefined && { computesHalf: found.computesHalf }),
  ...(found.fullProductsFrom !== undefined && {
    keepsProductsFull: version === undefined || versionValue(version) >= versionValue(found.fullProductsFrom),
  }),
});

/** Those that are listed; `findRuntime` understands other versions of them too. */
export const RUNTIMES: readonly Runtime[] = KINDS.flatMap((each) =>
  each.versions.length === 0
    ? [runtimeOfKind(each, undefined)]
    : each.versions.map((version) => runtimeOfKind(each, version)),
);

const byId: ReadonlyMap<string, Runtime> = new Map(RUNTIMES.map((runtime) => [runtime.id, runtime]));

const VERSION = /^\d+(\.\d+){0,2}$/;

/** A runtime by its id, of any version of a framework that is known, or without one. */
export const findRuntime = (id: string): Runtime | undefined => {
  const known = byId.get(id);
  if (known !== undefined) return known;
  const [framework = '', ...rest] = id.split('-');
  const version = VERSION.test(rest[0] ?? '') ? rest[0] : undefined;
  const mode = rest.slice(version === undefined ? 0 : 1).join('-');
  // Where no mode is said, the usual one of the framework.
  const found =
    KINDS.find((each) => each.framework === framework && (each.mode ?? '') === mode) ??
    (mode === '' ? KINDS.find((each) => each.framework === framework) : undefined);
  return found === undefined ? undefined : runtimeOfKind(found, version);
};

/** 100 for each major version and 1 for each minor one. */
function versionValue(text: string): number {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return major * PER_MAJOR + minor;
}

/** How far apart two versions are: major counts most. A version that is not stated is next to every other. */
export const versionDistance = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return 0;
  return Math.abs(versionValue(a) - versionValue(b));
};

const MIXED: readonly Precision[] = ['fp16', 'bf16'];

/** What a runtime makes of a graph in a precision, with images in the layout that it is given or takes by itself. */
export const fusionIn = (
  { fusion, mixedFusion, layout: own }: Runtime,
  precision: Precision,
  layout: string | undefined = own,
): FusionRulesId => {
  const found = MIXED.includes(precision) ? (mixedFusion ?? fusion) : fusion;
  return layout === 'nhwc' ? withChannelsLast(found) : found;
};
