/** What tables of measurements call precisions, runtimes and models, in the spellings that their publishers use. */
import { findRuntime } from '../estimate/runtime.ts';
import { isPrecision, type Precision } from '../ir/dtype.ts';
import { allModels, findModel } from '../zoo/api.ts';
import { pytorchInContainer, tensorflow2InContainer } from './container-versions.ts';

export interface PrecisionName {
  readonly precision: Precision;
  /** Matrix work in `precision`, the rest in fp32: automatic mixed precision. */
  readonly mixed: boolean;
  /** Bits of the stored weights where only these are compressed: arithmetic stays in `precision`. */
  readonly weightsOnlyBits?: number;
  /** Bits of the activations where they are wider than the weights. */
  readonly activationBits?: number;
  /** What the text says beyond that. */
  readonly note?: string;
}

/** Runtimes have names of a hundred characters. The patterns below are quick on what is short. */
const MAX_CHARACTERS = 200;

const normal = (text: string): string => text.slice(0, MAX_CHARACTERS).trim().toLowerCase();

const WORDS: Readonly<Record<string, Precision>> = {
  float32: 'fp32',
  f32: 'fp32',
  single: 'fp32',
  float: 'fp32',
  float16: 'fp16',
  f16: 'fp16',
  half: 'fp16',
  bfloat16: 'bf16',
  float8: 'fp8',
  // Zero points differ; the arithmetic is the same.
  uint8: 'int8',
  i8: 'int8',
  quantized: 'int8',
  uint4: 'int4',
};

/** The first word of the text that names a precision: what follows in parentheses says more of it. */
const firstPrecision = (text: string): Precision | undefined => {
  for (const word of text.match(/[a-z]+\d*/g) ?? []) {
    if (isPrecision(word)) return word;
    if (Object.hasOwn(WORDS, word)) return WORDS[word];
  }
  return undefined;
};

/** "w4a8": integer products are as wide as the wider operand, and floating-point where a unit has no such integers. */
const byOperands = (weightBits: number, activationBits: number): PrecisionName => {
  if (weightBits === 4 && activationBits === 4) return { precision: 'int4', mixed: false };
  if (weightBits === 4 && activationBits === 8) return { precision: 'int8', mixed: false, weightsOnlyBits: 4 };
  if (weightBits === 8 && activationBits === 8) return { precision: 'int8', mixed: false };
  if (weightBits === 8 && activationBits === 16) return { precision: 'int8', mixed: false, activationBits };
  return { precision: 'fp16', mixed: false, weightsOnlyBits: weightBits };
};

/** `undefined` for a text that names none, as an empty one. */
export const precisionOf = (text: string): PrecisionName | undefined => {
  const lower = normal(text);
  if (isPrecision(lower)) return { precision: lower, mixed: false };
  const withNote = (name: PrecisionName): PrecisionName => ({ ...name, note: text.slice(0, MAX_CHARACTERS).trim() });
  const compressed =
    /^palett?i[sz]ed.*?(\d+)[ -]?bit/.exec(lower) ?? /^w(?:eights?)?[ -]?(\d+)\b.*\bweights?[ -]only/.exec(lower);
  if (compressed?.[1] !== undefined) {
    return withNote({ precision: 'fp16', mixed: false, weightsOnlyBits: Number(compressed[1]) });
  }
  const operands = /^w(\d+)a(\d+)(.*)$/.exec(lower);
  if (operands !== null) {
    const name = byOperands(Number(operands[1]), Number(operands[2]));
    const isUniform = name.activationBits === undefined && name.weightsOnlyBits === undefined;
    return isUniform && operands[3] === '' ? name : withNote(name);
  }
  const automatic = /(^|[^a-z])(amp|autocast)([^a-z]|$)/.test(lower);
  const first = firstPrecision(lower) ?? (automatic ? 'fp16' : undefined);
  if (first === undefined) return undefined;
  // Convolutions and matrix products are nearly all of the work: fp32 around them changes little.
  if (first === 'fp32' && lower.includes('tf32')) return withNote({ precision: 'tf32', mixed: false });
  const mixed = (first === 'fp16' || first === 'bf16') && (automatic || /\bmixed\b/.test(lower));
  const plain = lower.replace(/\+ ?xla/, '').replace(/automatic|mixed|precision|amp|autocast|[^a-z0-9]/g, '');
  const name: PrecisionName = { precision: first, mixed };
  return plain === first || plain === '' || Object.hasOwn(WORDS, plain) ? name : withNote(name);
};

export interface RuntimeName {
  readonly framework: string;
  /** Major and minor: patches do not change what is fused. */
  readonly version: string | undefined;
  readonly mode: string | undefined;
  /** `<framework>-<version>-<mode>`, less what is not known. */
  readonly id: string;
}

const named = (framework: string, version?: string, mode?: string): RuntimeName => ({
  framework,
  version,
  mode,
  id: [framework, version, mode].filter((part) => part !== undefined).join('-'),
});

const versionAfter = (pattern: string, text: string): string | undefined =>
  new RegExp(`(?:${pattern})[ :_-]*v?(\\d+\\.\\d+)`).exec(text)?.[1];

interface Named {
  /** What the publisher wrote, in lower case. */
  readonly text: string;
  readonly isXla: boolean;
  readonly deviceId: string;
}

const onNpu = (text: string): string | undefined => (/qairt|qnn|\bnpu\b/.test(text) ? 'npu' : undefined);

const pytorch = ({ text }: Named): RuntimeName => {
  const mode = /compile|inductor|dynamo/.test(text) ? 'inductor' : 'eager';
  const short = /ngc[ -]?(\d\d)\.?(\d\d)/.exec(text);
  const stated = versionAfter('torch', text);
  const container = short === null ? stated : `${short[1]}.${short[2]}`;
  // PyTorch has versions 1 and 2; 19 and later are years of containers.
  const isContainer = container !== undefined && Number.parseInt(container, 10) >= 19;
  return named('pytorch', isContainer ? pytorchInContainer(container) : stated, mode);
};

const tensorflow = ({ text, isXla }: Named): RuntimeName => {
  const container = /(\d\d\.\d\d)-tf([12])/.exec(text);
  const ofContainer = container?.[2] === '1' ? '1.15' : tensorflow2InContainer(container?.[1] ?? '');
  const version = container === null ? versionAfter('tensorflow|\\btf', text) : ofContainer;
  if (isXla) return named('tensorflow', version, 'xla');
  return named('tensorflow', version, version === undefined ? undefined : 'graph');
};

const coreMl = ({ text }: Named): RuntimeName => {
  const release = /(?:ios|ipados) ?(\d+)/.exec(text)?.[1];
  // Core ML 7 came with iOS 17, and so on from iOS 11 to 18.
  return named('coreml', release === undefined ? /core ?ml ?v?(\d+)/.exec(text)?.[1] : String(Number(release) - 10));
};

/** In this order: "Paddle-TensorRT" is TensorRT, "TFLite + Edge TPU" is no TFLite. */
const FRAMEWORKS: readonly (readonly [pattern: RegExp, name: (given: Named) => RuntimeName])[] = [
  [/paddle.*(tensorrt|trt)/, () => named('tensorrt', undefined, 'paddle')],
  // The version that stands behind these names is PyTorch's, or their own.
  [/torch[ _-]?(tensorrt|2trt)|tensorrt[ -]llm/, () => named('tensorrt')],
  [/tensorrt|\btrt\b/, ({ text }) => named('tensorrt', versionAfter('tensorrt|trt', text))],
  [
    /onnx[ _]?runtime|\bort\b|^onnx\b/,
    ({ text }) => named('onnxruntime', versionAfter('onnx[ _]?runtime|ort', text), onNpu(text)),
  ],
  [/edge ?tpu/, () => named('edgetpu', undefined, 'compiler')],
  [/arm ?nn/, ({ text }) => named('armnn', versionAfter('arm ?nn', text))],
  [
    /tf[ -]?lite|tensorflow[ -]?lite|litert/,
    ({ text, deviceId }) =>
      deviceId.includes('edge_tpu')
        ? named('edgetpu', undefined, 'compiler')
        : named('tflite', versionAfter('tf[ -]?lite|tensorflow[ -]?lite|litert', text), onNpu(text)),
  ],
  [/qnn|qairt/, ({ text }) => named('qnn', versionAfter('qairt|qnn', text))],
  [/core ?ml/, coreMl],
  [/hailo|dataflow compiler/, ({ text }) => named('hailort', /(\d+\.\d+)/.exec(text)?.[1])],
  [/tensorflow|\btf[12]?\b/, tensorflow],
  [/mxnet/, ({ text }) => named('mxnet', versionAfter('mxnet', text.replace(/^mxnet +(?=mxnet)/, '')), 'graph')],
  [/paddle/, ({ text }) => named('paddle', versionAfter('paddle', text), 'graph')],
  [/torch/, pytorch],
  [/\bxla\b|\bjax\b/, () => named('xla')],
  [/\bvela\b/, ({ text }) => named('vela', versionAfter('vela', text))],
  [/cmsis[ -]?nn/, ({ text }) => named('cmsis', versionAfter('cmsis[ -]?nn', text), 'nn')],
  [/\bnntool\b/, () => named('nntool')],
  [/\bkpu\b/, () => named('kpu', undefined, 'static')],
];

export interface RuntimeIdParts {
  readonly framework: string;
  readonly version?: string;
  readonly mode?: string;
}

/** The parts of `<framework>-<version>-<mode>`, whether or not there is such a runtime. */
export const parseRuntimeId = (id: string): RuntimeIdParts => {
  const [framework = '', ...rest] = id.split('-');
  const version = /^\d+(\.\d+)*$/.test(rest[0] ?? '') ? rest[0] : undefined;
  const mode = rest.slice(version === undefined ? 0 : 1).join('-');
  return { framework, ...(version !== undefined && { version }), ...(mode !== '' && { mode }) };
};

/** What is an id already, less the patch of its version. */
const normalName = (lower: string): RuntimeName | undefined => {
  const { framework, version, mode } = parseRuntimeId(lower);
  const name = named(framework, /^\d+(\.\d+)?/.exec(version ?? '')?.[0], mode);
  return findRuntime(name.id) && name;
};

/** `undefined` for an empty text and for software of another kind. The precision may say how a graph was compiled. */
export const runtimeOf = (text: string, precisionText = '', deviceId = ''): RuntimeName | undefined => {
  const lower = normal(text);
  const isXla = /\bxla\b/.test(`${lower} ${normal(precisionText)}`);
  const normalized = normalName(lower);
  // A framework alone is less than an id: the device and the precision may say more of it.
  if (normalized !== undefined && (normalized.version ?? normalized.mode) !== undefined) return normalized;
  return FRAMEWORKS.find(([pattern]) => pattern.test(lower))?.[1]({ text: lower, isXla, deviceId }) ?? normalized;
};

/** `<framework>-<version>-<mode>` of a runtime in whatever words. */
export const runtimeIdOf = (text: string, precisionText = '', deviceId = ''): string | undefined =>
  runtimeOf(text, precisionText, deviceId)?.id;

export interface ModelName {
  /** As the zoo spells it. */
  readonly name: string;
  /** Pixels of height and width that the name states, as in "mobilenet_v1_0.25@128". */
  readonly resolution?: number;
  /** How the network that is called so differs from that of the zoo; absent where it is the same. */
  readonly difference?: string;
}

const letters = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Names less their punctuation; one that two models share names neither. */
const byLetters: ReadonlyMap<string, string | undefined> = (() => {
  const found = new Map<string, string | undefined>();
  for (const { variant } of allModels()) {
    for (const name of [variant.name, ...(variant.aliases ?? [])].map(letters)) {
      const before = found.get(name);
      found.set(name, found.has(name) && before !== variant.name ? undefined : variant.name);
    }
  }
  return found;
})();

const NO_KEY_BIAS = 'its keys have no bias';

/** Other people's names, less their punctuation. TF-Slim, timm, AI Hub, Hailo, Coral and MLPerf each have their own. */
const OTHER_NAMES: readonly (readonly [pattern: RegExp, name: string, difference?: string])[] = [
  [/^(inceptionv1|googlenetv1)$/, 'googlenet'],
  [/^(vit|vitbase|vitb|vitbasepatch16)$/, 'vit_b_16'],
  [/^vitsmall$/, 'vit_small_patch16_224'],
  [/^vittiny$/, 'vit_tiny_patch16_224'],
  [/^vitlarge$/, 'vit_l_16'],
  [/^deit(tiny|small|base)$/, 'deit_$1_patch16_224'],
  [/^swin(t)iny(?:patch4window7)?$/, 'swin_$1'],
  [/^swin(s)mall(?:patch4window7)?$/, 'swin_$1'],
  [/^swin(b)ase(?:patch4window7)?$/, 'swin_$1'],
  [/^swinv2(t)iny(?:window8)?$/, 'swin_v2_$1', NO_KEY_BIAS],
  [/^swinv2(s)mall(?:window8)?$/, 'swin_v2_$1', NO_KEY_BIAS],
  [/^swinv2(b)ase(?:window8)?$/, 'swin_v2_$1', NO_KEY_BIAS],
  [/^mobilenetv3(small|large)10$/, 'mobilenetv3_$1_100'],
  [/^tfmobilenetv3(small|large)(075|100)$/, 'mobilenetv3_$1_$2', 'it pads as TensorFlow does'],
  [/^resnext50$/, 'resnext50_32x4d'],
  [/^resnext101$/, 'resnext101_32x8d'],
  // AI Hub's.
  [/^regnet$/, 'regnet_x_3_2gf'],
  [/^wideresnet(50|101)(2)?$/, 'wide_resnet$1_2'],
  [/^resnetv1(18|34)$/, 'resnet$1'],
  [/^resnet(50|101|152)v15$/, 'resnet$1'],
  [/^mobilevit$/, 'mobilevit_s'],
  [/^mobilevitv2(\d)(\d)$/, 'mobilevitv2_$1$20'],
  [/^mobilenet(v1)?$/, 'mobilenetv1_100'],
  [/^squeezenetv1(0|1)$/, 'squeezenet1_$1'],
  // AI Hub's, built from torchvision's smallest.
  [/^shufflenetv2$/, 'shufflenet_v2_x0_5'],
];

/** TF-Slim and Keras: the stride is in the first 1x1 convolution of a stage, or in the last block of one. */
const VERSION_1 = /^resnet(?:v1)?(50|101|152)(?:v1)?$/;

const sameNetwork = (name: string): ModelName | undefined => {
  const direct = findModel(name);
  if (direct !== undefined) return { name: direct.variant.name };
  const plain = letters(name);
  const found = byLetters.get(plain);
  if (found !== undefined) return { name: found };
  for (const [pattern, zooName, difference] of OTHER_NAMES) {
    if (pattern.test(plain)) return { name: plain.replace(pattern, zooName), ...(difference && { difference }) };
  }
  // The point tells 1.6 from 16 billion operations.
  const regnet = /^regnet[_-]?([xy])[_-]?(\d)\.(\d)gf$/.exec(name);
  if (regnet !== null) return { name: `regnet_${regnet[1]}_${regnet[2]}_${regnet[3]}gf` };
  const older = VERSION_1.exec(plain);
  if (older === null) return undefined;
  return { name: `resnet${older[1]}`, difference: 'version 1: strides are not in the 3x3 convolutions' };
};

/** `undefined` where the zoo has no such network, or the name does not say which one it is. */
export const zooNameOf = (text: string): ModelName | undefined => {
  if (text.length > MAX_CHARACTERS) return undefined;
  const lower = normal(text);
  // MLPerf Tiny's is narrower than its name: a person detector of two classes.
  if (/mobilenet.*\((?=.*(mlperf|vww))/.test(lower)) return { name: 'mlperf_tiny_mobilenetv1_025' };
  const [stem = '', stated] = lower
    .replace(/[ _-]*\([^)]*\)$/, '')
    .replace(/[ _-]+(?:quant(?:ized)?|u?int8|fp16|fp32)$/, '')
    .split('@');
  const whole = sameNetwork(stem);
  const trailing = /^(.*?)[ _-](\d{2,4})$/.exec(stem);
  const found = whole ?? (trailing?.[1] === undefined ? undefined : sameNetwork(trailing[1]));
  if (found === undefined) return undefined;
  const pixels = stated ?? (whole === undefined ? trailing?.[2] : undefined);
  return pixels !== undefined && /^\d{1,4}$/.test(pixels) ? { ...found, resolution: Number(pixels) } : found;
};
