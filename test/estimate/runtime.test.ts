import { describe, expect, it } from 'vitest';
import { findRuntime, RUNTIMES, versionDistance } from '../../src/estimate/runtime.ts';

describe('a runtime that is listed', () => {
  it('is named after framework, version and mode', () => {
    expect(findRuntime('pytorch-2.4-inductor')).toEqual({
      id: 'pytorch-2.4-inductor',
      title: 'PyTorch 2.4, TorchInductor',
      framework: 'pytorch',
      version: '2.4',
      mode: 'inductor',
      class: 'compiled',
      fusion: 'inductor',
      keepsProductsFull: true,
    });
  });

  it('is the only one of its id and of its title, and is found by its id', () => {
    for (const part of ['id', 'title'] as const) {
      const all = RUNTIMES.map((runtime) => runtime[part]);
      expect(all).toEqual([...new Set(all)]);
    }
    for (const runtime of RUNTIMES) expect(findRuntime(runtime.id)).toBe(runtime);
  });
});

describe('a title', () => {
  it.each([
    // The version stands behind the name of the framework: before a comma, before "with", or at the end.
    ['pytorch-2.4-eager', 'PyTorch 2.4, eager'],
    ['tensorflow-1.15-xla', 'TensorFlow 1.15 with XLA'],
    ['tensorrt-8.6', 'TensorRT 8.6'],
    ['onnxruntime-1.23-npu', 'ONNX Runtime 1.23, neural engine'],
    ['armnn-21.11', 'Arm NN 21.11, Neon'],
    ['coreml-7', 'Core ML 7'],
    // Without a version it is the name alone.
    ['edgetpu-compiler', 'Edge TPU Compiler'],
    ['kpu-static', 'KPU static scheduler (hypothetical)'],
    ['tflite', 'TensorFlow Lite'],
  ])('of %s is "%s"', (id, title) => expect(findRuntime(id)?.title).toBe(title));
});

describe('a runtime that is not listed', () => {
  it('is understood where its framework is: another version', () => {
    expect(findRuntime('pytorch-2.7-inductor')).toMatchObject({
      ...{ id: 'pytorch-2.7-inductor', version: '2.7', mode: 'inductor', fusion: 'inductor', class: 'compiled' },
      title: 'PyTorch 2.7, TorchInductor',
    });
    expect(findRuntime('tensorrt-10.3.0')).toMatchObject({
      id: 'tensorrt-10.3.0',
      version: '10.3.0',
      fusion: 'epilogue',
    });
    expect(findRuntime('tensorrt-10')).toMatchObject({ version: '10' });
  });

  it('without a version is of no version in particular', () => {
    expect(findRuntime('pytorch-eager')).toMatchObject({ id: 'pytorch-eager', version: undefined, mode: 'eager' });
    expect(findRuntime('tensorrt')).toMatchObject({ id: 'tensorrt', version: undefined, mode: undefined });
  });

  it('without a mode is the usual one of its framework', () => {
    expect(findRuntime('pytorch-2.4')?.id).toBe('pytorch-2.4-eager');
    expect(findRuntime('pytorch')?.id).toBe('pytorch-eager');
    expect(findRuntime('kpu')?.id).toBe('kpu-static');
    // Where one of its modes has no name, that one: not the neural engine.
    expect(findRuntime('onnxruntime-1.23')).toMatchObject({ id: 'onnxruntime-1.23', mode: undefined, class: 'graph' });
  });

  it.each([
    'caffe',
    'caffe-1.0',
    '',
    'pytorch-2.4-jit',
    'pytorch-2.4-eager-fast',
    'pytorch-v2.4-eager',
    'pytorch-2.4.1.2-eager',
    'tensorrt-8.6-inductor',
    'PyTorch-2.4-eager',
    'toString',
  ])('"%s" is none', (id) => expect(findRuntime(id)).toBeUndefined());
});

describe('the distance of two versions', () => {
  it.each<readonly [string | undefined, string | undefined, number]>([
    ['2.4', '2.4', 0],
    ['2.4', '2.9', 5],
    ['2.9', '2.4', 5],
    // A major version is as far as a hundred minor ones: 204 - 109.
    ['1.9', '2.4', 95],
    ['1.9', '1.15', 6],
    // 10 is after 9, and a version without a minor one begins it.
    ['8.10', '8.9', 1],
    ['8', '8.6', 6],
    ['10', '8.6', 194],
    // Patches are alike.
    ['2.4.1', '2.4', 0],
    // What is not said is next to everything.
    [undefined, '2.4', 0],
    ['2.4', undefined, 0],
    [undefined, undefined, 0],
  ])('%s and %s: %d', (a, b, distance) => expect(versionDistance(a, b)).toBe(distance));
});
