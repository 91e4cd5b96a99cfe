import { describe, expect, it } from 'vitest';
import {
  analyzeGraph,
  compileModel,
  formatInteger,
  type Graph,
  GraphModelError,
  graphModel,
  openSymbols,
  symbolicTotals,
  totals,
} from '../../src/index.ts';
import { importModel } from '../../src/onnx/api.ts';
import type { ModelRecord } from '../../src/onnx/records.ts';
import { fixedModel, imageMacs, imageModel, model, node, textModel, value, weight } from '../cli/onnx-files.ts';

const graphOf = (record: ModelRecord): Graph => importModel(record).graph;
const macsOf = (graph: Graph): string => formatInteger(symbolicTotals(analyzeGraph(graph)).macs);
const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return error instanceof GraphModelError ? error.code : String(error);
  }
};

describe('graphModel', () => {
  it('leaves a graph as it is until something is asked of it', () => {
    const graph = graphOf(imageModel('b', 'h', 'w'));
    const { variant, ownBatch, batchSymbol, perItem } = graphModel(graph, { name: 'm' });
    expect({ ownBatch, batchSymbol, perItem }).toEqual({ ownBatch: undefined, batchSymbol: 'b', perItem: false });
    expect(variant.nativeResolution).toBeUndefined();
    expect(variant.withoutResolution).toBeUndefined();
    expect(openSymbols(compileModel(variant).analyzed)).toEqual(['b', 'h', 'w']);
    expect(macsOf(variant.build())).toBe('216*b*h*w + 80*b');
  });

  it('puts values to dimensions, inputs and the resolution', () => {
    const graph = graphOf(imageModel('b', 'h', 'w'));
    const dims = new Map([
      ['h', 20],
      ['w', 30],
    ]);
    expect(macsOf(graphModel(graph, { name: 'm', dims }).variant.build())).toBe(`${216 * 600 + 80}*b`);
    const inputs = new Map([['image', [2, 3, 8, 8]]]);
    const shaped = graphModel(graph, { name: 'm', inputs });
    expect(shaped.ownBatch).toBe(2);
    expect(compileModel(shaped.variant).resolution).toBe(8);
    expect(macsOf(shaped.variant.build())).toBe(String(imageMacs(2, 8)));
    const fixed = graphModel(graphOf(imageModel(1, 32, 32)), { name: 'm' }).variant;
    expect(fixed.nativeResolution).toBe(32);
    expect(macsOf(fixed.build({ resolution: 16 }))).toBe(String(imageMacs(1, 16)));
  });

  it('knows images with channels last', () => {
    const nhwc = model({
      inputs: [value('x', [1, 64, 64, 3])],
      outputs: [value('y', [1, 64, 64, 3])],
      nodes: [node('Relu', ['x'], ['y'])],
    });
    const { variant } = graphModel(graphOf(nhwc), { name: 'm' });
    expect(variant.nativeResolution).toBe(64);
    expect(variant.build({ resolution: 32 }).inputs[0]?.shape).toEqual([1, 32, 32, 3]);
  });

  it('has no resolution where no input is an image', () => {
    const { variant } = graphModel(graphOf(textModel()), { name: 'm' });
    expect(variant.nativeResolution).toBeUndefined();
    expect(variant.withoutResolution).toBe(true);
    expect(codeOf(() => variant.build({ resolution: 224 }))).toBe('no-image-input');
  });

  it.each(['b', 1, 4])('counts per item whatever the file says of its batch (%s)', (batch) => {
    const { variant, perItem } = graphModel(graphOf(imageModel(batch, 16, 16)), { name: 'm', batches: [1, 8] });
    expect(perItem).toBe(true);
    const { analyzed } = compileModel(variant);
    expect(totals(analyzed, 1).macs).toBe(imageMacs(1, 16));
    expect(totals(analyzed, 8).macs).toBe(imageMacs(8, 16));
  });

  it('refuses a batch that the file contradicts, and names the operator', () => {
    const graph = graphOf(fixedModel());
    expect(codeOf(() => graphModel(graph, { name: 'm', batches: [1] }).variant.build())).toBe('none');
    expect(() => graphModel(graph, { name: 'm', batches: [1, 8] }).variant.build()).toThrow(
      /fixes its batch at 1, so a batch of 8 does not fit: Reshape_flat: /,
    );
  });

  it('does not believe an open batch that an operator binds', () => {
    const record = fixedModel();
    const open = { ...record, graph: { ...record.graph, inputs: [value('x', ['batch', 4, 4])] } };
    expect(codeOf(() => graphModel(graphOf(open), { name: 'm', batches: [8] }).variant.build())).toBe('fixed-batch');
  });

  it('refuses inputs that share no first extent', () => {
    const two = model({
      inputs: [value('x', [2, 4]), value('y', [3, 4])],
      outputs: [value('z', [2, 4])],
      nodes: [node('Relu', ['x'], ['z']), node('Relu', ['y'], ['u'])],
    });
    const { variant } = graphModel(graphOf(two), { name: 'm', batches: [4] });
    expect(codeOf(() => variant.build())).toBe('fixed-batch');
  });

  it('keeps a dimension apart that is only called as the batch is here', () => {
    const record = model({
      inputs: [value('x', ['items', 'N', 16])],
      outputs: [value('y', ['items', 'N', 4])],
      initializers: [weight('w', [16, 4])],
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
    });
    const { variant } = graphModel(graphOf(record), { name: 'm', batches: [2] });
    expect(openSymbols(compileModel(variant).analyzed)).toEqual(['N', 'N (another)']);
  });

  it('refuses names that the graph does not have', () => {
    const graph = graphOf(textModel());
    expect(() => graphModel(graph, { name: 'm', dims: new Map([['sequence', 4]]) })).toThrow(/open are batch, seq/);
    expect(codeOf(() => graphModel(graph, { name: 'm', inputs: new Map([['tokens', [1]]]) }))).toBe('unknown-input');
  });
});
