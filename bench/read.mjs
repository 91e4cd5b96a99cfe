// @ts-nocheck: a script of its own
/**
 * Reading a generated model of 100 MB and 1 GB against protobuf-es decoding the same file, each in a process of its own:
 * seconds from the path to the model (first reading, file in the page cache), and peak memory above that of the same
 * process when it reads nothing.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('read-child.mjs', import.meta.url));
const RUNS = 3;
/** As many as ResNet-50's: convolutions with a weight each, normalizations folded, activations between. */
const WEIGHTS = 54;
const NODES_PER_WEIGHT = 3;

const varint = (value) => {
  const digits = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  return [...digits, rest];
};
const integer = (field, value) => [...varint(field * 8), ...varint(value)];
const opened = (field, length) => [...varint(field * 8 + 2), ...varint(length)];
const bytes = (field, contents) => [...opened(field, contents.length), ...contents];
const text = (field, contents) => bytes(field, [...Buffer.from(contents)]);
const ints = (name, values) =>
  bytes(5, [...text(1, name), ...values.flatMap((value) => integer(8, value)), ...integer(20, 7)]);
const node = (type, name, inputs, output, attributes = []) =>
  bytes(1, [
    ...inputs.flatMap((input) => text(1, input)),
    ...text(2, output),
    ...text(3, name),
    ...text(4, type),
    ...attributes,
  ]);

/** `field` 9 is raw_data, 4 is float_data: the same bytes, packed. */
const writeModel = (path, payloadBytes, field) => {
  const perWeight = Math.floor(payloadBytes / WEIGHTS / 4) * 4;
  const nodes = [];
  for (let index = 0; index < WEIGHTS; index++) {
    const [at, conv, relu, sum] = ['', 'conv', 'relu', 'add'].map((part) => `/layer${index}/${part || 'in'}_output_0`);
    const attributes = [
      ...ints('dilations', [1, 1]),
      ...ints('kernel_shape', [3, 3]),
      ...ints('pads', [1, 1, 1, 1]),
      ...ints('strides', [1, 1]),
    ];
    nodes.push(
      ...node('Conv', `/layer${index}/conv`, [at, `layer${index}.weight`], conv, attributes),
      ...node('Relu', `/layer${index}/relu`, [conv], relu),
      ...node('Add', `/layer${index}/add`, [relu, at], sum),
    );
  }
  const heads = Array.from({ length: WEIGHTS }, (_, index) => [
    ...integer(1, perWeight / 4),
    ...integer(2, 1),
    ...text(8, `layer${index}.weight`),
    ...opened(field, perWeight),
  ]).map((head) => [...opened(5, head.length + perWeight), ...head]);
  const graphBytes = nodes.length + heads.reduce((sum, head) => sum + head.length + perWeight, 0);
  const chunk = Buffer.from(Float32Array.from({ length: 1 << 18 }, (_, index) => Math.sin(index)).buffer);
  const file = openSync(path, 'w');
  const write = (contents) => writeSync(file, Buffer.from(contents));
  write([...integer(1, 8), ...bytes(8, integer(2, 17)), ...opened(7, graphBytes)]);
  write(nodes);
  for (const head of heads) {
    write(head);
    for (let done = 0; done < perWeight; done += chunk.length)
      writeSync(file, chunk, 0, Math.min(chunk.length, perWeight - done));
  }
  closeSync(file);
};

const child = (...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHILD, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`read-child ${args.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
};
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const measure = (reader, path) => {
  const runs = Array.from({ length: RUNS }, () => ({ idle: child(reader), busy: child(reader, path) }));
  const [{ busy }] = runs;
  if (busy.nodes !== WEIGHTS * NODES_PER_WEIGHT) throw new Error(`${reader} found ${busy.nodes} nodes`);
  return {
    seconds: median(runs.map((run) => run.busy.seconds)),
    warmSeconds: median(runs.map((run) => run.busy.warmSeconds)),
    bytes: median(runs.map((run) => Math.max(run.busy.peakBytes - run.idle.peakBytes, 0))),
  };
};

const CASES = [
  { title: '100 MB', payloadBytes: 100e6, field: 9 },
  { title: '100 MB as float_data', payloadBytes: 100e6, field: 4 },
  { title: '1 GB', payloadBytes: 1e9, field: 9 },
];

export const name = 'read';
export const limit = 20;
/** A ratio of the peer to ours: more is better. */
export const isAtLeast = true;

export const run = () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const results = CASES.map(({ title, payloadBytes, field }) => {
      const path = join(folder, 'model.onnx');
      writeModel(path, payloadBytes, field);
      const ours = measure('assay', path);
      const peer = measure('protobuf-es', path);
      rmSync(path);
      const time = peer.seconds / ours.seconds;
      const memory = peer.bytes / Math.max(ours.bytes, 1);
      const figures = ({ seconds, warmSeconds, bytes: peak }) =>
        `${(seconds * 1e3).toFixed(1)} ms (warm ${(warmSeconds * 1e3).toFixed(2)}), ${(peak / 1e6).toFixed(1)} MB`;
      const detail = `${title}: ${figures(ours)} against ${figures(peer)}: ${time.toFixed(0)}x time, ${memory.toFixed(0)}x memory`;
      return { ratio: Math.min(time, memory), detail };
    });
    return {
      what: 'protobuf-es / assay, the smaller of time and peak memory at 1 GB',
      ratio: results[results.length - 1].ratio,
      detail: results.map(({ detail }) => detail).join('; '),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
