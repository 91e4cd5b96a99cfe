import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RUNTIMES } from '../../src/estimate/runtime.ts';
import { parseRuntimeId, precisionOf, runtimeIdOf, runtimeOf, zooNameOf } from '../../src/explore/measurement-names.ts';
import { readMeasurements } from '../../src/explore/measurement-table.ts';
import { PRECISIONS } from '../../src/ir/dtype.ts';
import { allModels } from '../../src/zoo/api.ts';
import { patience } from '../patience.ts';

describe('precisionOf', () => {
  it.each(PRECISIONS.map((precision) => [precision]))('%s is itself, whatever its case', (precision) => {
    expect(precisionOf(precision)).toEqual({ precision, mixed: false });
    expect(precisionOf(` ${precision.toUpperCase()} `)).toEqual({ precision, mixed: false });
  });

  it.each([
    ['amp-fp16', 'fp16'],
    ['fp16 mixed (AMP)', 'fp16'],
    ['fp16 AMP', 'fp16'],
    ['fp16 mixed (AMP) +XLA', 'fp16'],
    ['AMP', 'fp16'],
    ['bf16 mixed precision', 'bf16'],
    ['amp-bf16', 'bf16'],
  ])('%s: mixed, matrix work in %s', (text, precision) => {
    expect(precisionOf(text)).toEqual({ precision, mixed: true });
  });

  it.each([
    ['tf32 +XLA', 'tf32'],
    ['float32', 'fp32'],
    ['half', 'fp16'],
    ['bfloat16', 'bf16'],
    ['uint8', 'int8'],
    ['quantized', 'int8'],
    ['w8a8', 'int8'],
  ])('%s: %s', (text, precision) => {
    expect(precisionOf(text)).toEqual({ precision, mixed: false });
  });

  it.each([
    ['fp32(tf32 convs)', 'tf32'],
    ['int8 (zoo default; some nets mixed 4/8/16-bit)', 'int8'],
    ['int8 (reference; submitter may differ)', 'int8'],
    ['int8 on Edge TPU/TFLite, else fp32/fp16 per script', 'int8'],
    ['fp16 (float model; NPU runs fp16)', 'fp16'],
    ['w8a8_mixed_int16', 'int8'],
  ])('%s: %s, and what else it says is a note', (text, precision) => {
    expect(precisionOf(text)).toEqual({ precision, mixed: false, note: text });
  });

  it('keeps operands of two widths apart', () => {
    expect(precisionOf('w8a16')).toEqual({ precision: 'int8', mixed: false, activationBits: 16, note: 'w8a16' });
    expect(precisionOf('w4a16')).toEqual({ precision: 'fp16', mixed: false, weightsOnlyBits: 4, note: 'w4a16' });
    expect(precisionOf('w4a8')).toEqual({ precision: 'int8', mixed: false, weightsOnlyBits: 4, note: 'w4a8' });
    expect(precisionOf('w4a4')).toEqual({ precision: 'int4', mixed: false });
  });

  it('takes compressed weights for storage, not for arithmetic', () => {
    expect(precisionOf('w8 (weight only)')).toMatchObject({ precision: 'fp16', weightsOnlyBits: 8 });
    expect(precisionOf('palettized 4-bit')).toMatchObject({ precision: 'fp16', weightsOnlyBits: 4 });
  });

  it.each([[''], ['  '], ['fast'], ['42'], ['constructor'], ['__proto__']])('"%s" names none', (text) => {
    expect(precisionOf(text)).toBeUndefined();
  });
});

describe('runtimeOf', () => {
  it.each([
    ...RUNTIMES.map(({ id }) => id),
    ...['pytorch-2.9-inductor', 'pytorch-eager', 'tensorrt-8.4', 'tflite-2.7', 'tflite-2.17-npu', 'edgetpu-compiler'],
    ...['coreml-7', 'paddle-graph', 'tensorrt-paddle', 'mxnet-22.10-graph'],
  ])('%s is in its normal form, whatever its case', (id) => {
    expect(runtimeOf(id)?.id).toBe(id);
    expect(runtimeOf(` ${id.toUpperCase()}`)?.id).toBe(id);
  });

  it.each([
    ['PyTorch PyTorch 21.03', 'pytorch-1.9-eager'],
    ['PyTorch pytorch-21.03', 'pytorch-1.9-eager'],
    ['PyTorch AMP ngc2102 NHWC', 'pytorch-1.8-eager'],
    ['PyTorch AMP ngc2012 NCHW', 'pytorch-1.8-eager'],
    ['PyTorch AMP PyTorch 1.8 cu11.1 NHWC', 'pytorch-1.8-eager'],
    ['PyTorch AMP PyTorch 1.7.1 cu11.0 NHWC', 'pytorch-1.7-eager'],
    ['torch 2.5 compile', 'pytorch-2.5-inductor'],
    ['PyTorch 2.1 (torch.compile)', 'pytorch-2.1-inductor'],
    ['PyTorch', 'pytorch-eager'],
    ['TensorRT 8.4.2, CUDA 11.6', 'tensorrt-8.4'],
    ['JetPack 5.0, TensorRT 8.4.0, CUDA 11.4', 'tensorrt-8.4'],
    ['23.02 Jetson CUDA-X AI Developer Preview, TensorRT 8.5.2, CUDA 11.4', 'tensorrt-8.5'],
    ['Connecttech Orin NX L4T Image, TensorRT 8.5.2, CUDA 11.4', 'tensorrt-8.5'],
    [
      'TensorRT 6.0, CUDA 10.1, cuDNN 7.6.3, libjemalloc2, cub 1.8.0, tensorrt-laboratory mlperf branch',
      'tensorrt-6.0',
    ],
    ['TensorRT v8.5.2.2', 'tensorrt-8.5'],
    ['TensorRT 8.0.0.3 EA', 'tensorrt-8.0'],
    ['TensorRT 10.3', 'tensorrt-10.3'],
    ['tensorrt-8.6.1', 'tensorrt-8.6'],
    ['Paddle-TensorRT', 'tensorrt-paddle'],
    ['TensorFlow TensorFlow 20.06-tf1-py3', 'tensorflow-1.15-graph'],
    ['TensorFlow2 tensorflow:21.09-tf2-py3', 'tensorflow-2.6-graph'],
    ['TensorFlow', 'tensorflow'],
    ['TensorFlow 2.6', 'tensorflow-2.6-graph'],
    ['MxNet mxnet-22.10-py3', 'mxnet-22.10-graph'],
    ['PaddlePaddle', 'paddle-graph'],
    ['TFLite v2.7.1 (ruy)', 'tflite-2.7'],
    ['TFLite v1.15.0-rc2', 'tflite-1.15'],
    ['TensorFlow Lite', 'tflite'],
    ['tensorflow-lite', 'tflite'],
    ['pytorch-cuda 2.5', 'pytorch-eager'],
    ['paddle-tensorrt', 'tensorrt-paddle'],
    ['ArmNN v21.11 (Neon)', 'armnn-21.11'],
    ['HailoRT / Dataflow Compiler 3.33.0', 'hailort-3.33'],
    ['Hailo SDK', 'hailort'],
    ['TFLite + Edge TPU', 'edgetpu-compiler'],
    ['edgetpu Python API', 'edgetpu-compiler'],
    ['qnn_dlc (qairt 2.42.0.251225135753_193295)', 'qnn-2.42'],
    ['tflite (qairt 2.42.0.251225135753_193295, tflite 2.17.0)', 'tflite-2.17-npu'],
    ['onnx (qairt 2.37.1.250807093845_124904, onnx_runtime 1.23.0)', 'onnxruntime-1.23-npu'],
    ['Core ML, iOS 17, Xcode 15 median, compute unit all', 'coreml-7'],
    ['ONNX Runtime 1.20 CPU', 'onnxruntime-1.20'],
    ['ORT 1.19', 'onnxruntime-1.19'],
    ['XLA', 'xla'],
    ['KPU', 'kpu-static'],
    ['Arm Vela 3.9', 'vela-3.9'],
    ['CMSIS-NN', 'cmsis-nn'],
    ['GAP NNTool', 'nntool'],
    ['Torch-TensorRT 2.1', 'tensorrt'],
    ['onnxruntime-1.23.2', 'onnxruntime-1.23'],
    ['PyTorch 25.06', 'pytorch-2.8-eager'],
    // Containers that are newer than the table: no version is better than a wrong one.
    ['PyTorch 31.01', 'pytorch-eager'],
    ['TensorFlow2 tensorflow:29.01-tf2-py3', 'tensorflow'],
  ])('%s is %s', (text, id) => {
    expect(runtimeOf(text)?.id).toBe(id);
  });

  it('has the parts of its id', () => {
    expect(runtimeOf('torch 2.5 compile')).toEqual({
      framework: 'pytorch',
      version: '2.5',
      mode: 'inductor',
      id: 'pytorch-2.5-inductor',
    });
    expect(runtimeOf('Hailo SDK')).toMatchObject({ framework: 'hailort', version: undefined, mode: undefined });
  });

  it('gives the id alone', () => {
    expect(runtimeIdOf('TensorRT 8.4.2, CUDA 11.6')).toBe('tensorrt-8.4');
    expect(runtimeIdOf('TensorFlow TensorFlow 20.06-tf1-py3', 'tf32 +XLA')).toBe('tensorflow-1.15-xla');
    expect(runtimeIdOf('')).toBeUndefined();
    expect(runtimeIdOf('OpenVINO 2024.1')).toBeUndefined();
  });

  it('reads from the precision how a graph was compiled', () => {
    const text = 'TensorFlow TensorFlow 20.06-tf1-py3';
    expect(runtimeOf(text, 'fp16 mixed (AMP) +XLA')?.id).toBe('tensorflow-1.15-xla');
    expect(runtimeOf(text, 'tf32 +XLA')?.id).toBe('tensorflow-1.15-xla');
    expect(runtimeOf('PyTorch PyTorch 21.03', 'fp16')?.id).toBe('pytorch-1.9-eager');
  });

  it('TFLite on an Edge TPU runs what its compiler made', () => {
    expect(runtimeOf('TensorFlow Lite', 'int8', 'google_edge_tpu')?.id).toBe('edgetpu-compiler');
    expect(runtimeOf('TensorFlow Lite', 'int8', 'rpi4')?.id).toBe('tflite');
  });

  it.each([[''], ['OpenVINO'], ['OpenVINO 2024.1'], ['llama.cpp'], ['constructor']])(
    '"%s" is none of these',
    (text) => {
      expect(runtimeOf(text)).toBeUndefined();
    },
  );

  it('gives its own ids back', () => {
    const texts = [
      'PaddlePaddle',
      'Paddle-TensorRT',
      'TFLite + Edge TPU',
      'KPU',
      'torch 2.5 compile',
      'iOS 16 Core ML',
    ];
    for (const text of texts) {
      const name = runtimeOf(text);
      expect(runtimeOf(name?.id ?? '')).toEqual(name);
    }
  });

  it('answers quickly for a very long text', () => {
    const started = performance.now();
    for (const word of ['tensorrt ', 'paddle', 'palettized ', 'tf-', '1.1', 'w8a']) {
      runtimeOf(word.repeat(100_000));
      precisionOf(word.repeat(100_000));
      zooNameOf(word.repeat(100_000));
    }
    expect(performance.now() - started).toBeLessThan(patience(1_000));
  });
});

describe('parseRuntimeId', () => {
  it.each([
    ['pytorch-2.4-eager', { framework: 'pytorch', version: '2.4', mode: 'eager' }],
    ['pytorch-eager', { framework: 'pytorch', mode: 'eager' }],
    ['tensorrt-8.6.1', { framework: 'tensorrt', version: '8.6.1' }],
    ['tflite-2.17-npu', { framework: 'tflite', version: '2.17', mode: 'npu' }],
    ['hailort', { framework: 'hailort' }],
    ['', { framework: '' }],
  ])('%s', (id, parts) => {
    expect(parseRuntimeId(id)).toEqual(parts);
  });

  it('agrees with the ids of the runtimes', () => {
    for (const { id, framework, version, mode } of RUNTIMES) {
      expect(parseRuntimeId(id)).toEqual({ framework, ...(version && { version }), ...(mode && { mode }) });
    }
  });
});

describe('zooNameOf', () => {
  it('knows every model of the zoo and its aliases', () => {
    for (const { variant } of allModels()) {
      for (const name of [variant.name, ...(variant.aliases ?? [])]) expect(zooNameOf(name)?.name).toBe(variant.name);
    }
  });

  it.each([
    ['mobilenet_v1_0.25@128', 'mobilenetv1_025', 128],
    ['mobilenet_v2_1.0@224', 'mobilenet_v2', 224],
    ['mobilenet_v1_1.0_224', 'mobilenetv1_100', 224],
    ['mobilenet_v1_1.0_224_quant', 'mobilenetv1_100', 224],
    ['mobilenet_v2_0.35_96', 'mobilenetv2_035', 96],
    ['vit_base_patch16_224', 'vit_b_16', undefined],
    ['mobilenet_v2_1.4', 'mobilenetv2_140', undefined],
    ['mobilenet_v1_1.0', 'mobilenetv1_100', undefined],
    ['efficientnet-lite0', 'efficientnet_lite0', undefined],
    ['EfficientNet-B0', 'efficientnet_b0', undefined],
    ['ResNet-50', 'resnet50', undefined],
    ['resnet50_v1.5', 'resnet50', undefined],
    ['resnet_v1_18', 'resnet18', undefined],
    ['squeezenet_v1.1', 'squeezenet1_1', undefined],
    ['inception_v1', 'googlenet', undefined],
    ['vit', 'vit_b_16', undefined],
    ['vit_base', 'vit_b_16', undefined],
    ['wideresnet50', 'wide_resnet50_2', undefined],
    ['mnasnet05', 'mnasnet0_5', undefined],
    ['shufflenet_v2', 'shufflenet_v2_x0_5', undefined],
    ['mobile_vit', 'mobilevit_s', undefined],
    ['swin_tiny_patch4_window7_224', 'swin_t', 224],
    ['swin_base_patch4_window7', 'swin_b', undefined],
    ['Swin-Small', 'swin_s', undefined],
    ['deit_tiny', 'deit_tiny_patch16_224', undefined],
    ['resnext101', 'resnext101_32x8d', undefined],
    ['regnetx_1.6gf', 'regnet_x_1_6gf', undefined],
    ['regnetx_800mf', 'regnet_x_800mf', undefined],
    ['regnet', 'regnet_x_3_2gf', undefined],
    ['mobilenet_v3_large_1.0', 'mobilenetv3_large_100', undefined],
    ['mobilevitv2-1.0', 'mobilevitv2_100', undefined],
    ['resnet-8_(mlperf_tiny_ic,_cifar-10)', 'mlperf_tiny_resnet8', undefined],
    ['mobilenetv1-0.25_(mlperf_tiny_vww)', 'mlperf_tiny_mobilenetv1_025', undefined],
  ])('%s is %s', (text, name, resolution) => {
    expect(zooNameOf(text)).toEqual(resolution === undefined ? { name } : { name, resolution });
  });

  it('says where another version of a network goes by the name', () => {
    expect(zooNameOf('swinv2_tiny_window8_256')).toEqual({
      ...{ name: 'swin_v2_t', difference: 'its keys have no bias', resolution: 256 },
    });
    expect(zooNameOf('tf_mobilenetv3_large_100')).toEqual({
      ...{ name: 'mobilenetv3_large_100', difference: 'it pads as TensorFlow does' },
    });
    expect(zooNameOf('resnet_v1_50')).toMatchObject({
      name: 'resnet50',
      difference: expect.stringContaining('version 1'),
    });
    expect(zooNameOf('resnet50_v1.5')?.difference).toBeUndefined();
  });

  it.each([
    ...['efficientnet-widese-b0', 'inception_v4', 'mobilenet_v1_ssd', 'ssd_mobilenet_v2_(coco)', 'squeezenet', 'levit'],
    ...['vit_base_bn', 'resnet-152_v2', 'efficientnet_s', 'efficientnet-edgetpu-s', 'resnet'],
    ...['', '@224', '224', '__proto__'],
  ])('"%s" is not surely one of the zoo', (text) => {
    expect(zooNameOf(text)).toBeUndefined();
  });
});

describe('reference/measurements.csv', () => {
  const text = readFileSync(new URL('../../reference/measurements.csv', import.meta.url), 'utf8');
  const { rows, issues } = readMeasurements(text);

  it('is read without an issue, every model under its own name and with its size', () => {
    expect(issues).toEqual([]);
    expect(rows.length).toBeGreaterThan(2_000);
    const names = new Set(allModels().map(({ variant }) => variant.name));
    expect([...new Set(rows.map(({ model }) => model))].filter((model) => !names.has(model))).toEqual([]);
    expect(rows.filter(({ resolution }) => resolution === undefined)).toEqual([]);
  });

  it('has ids and not free texts, and a source per row', () => {
    const columns = text
      .split('\n')
      .slice(1, -1)
      .map((line) => line.split(',').slice(0, 3));
    expect(columns.filter(([, runtime = '']) => runtime !== '' && runtimeOf(runtime)?.id !== runtime)).toEqual([]);
    expect(columns.filter(([, , precision]) => !(PRECISIONS as readonly unknown[]).includes(precision))).toEqual([]);
    expect(rows.filter(({ source }) => source === '')).toEqual([]);
  });
});
