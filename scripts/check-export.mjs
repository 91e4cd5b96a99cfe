// Exports every model of the zoo (or those named) with random weights at its native resolution, and runs each file in
// ONNX Runtime: outputs must be finite and have the announced shape. Minutes; needs the built package in dist/.
// `--keep FOLDER` leaves the files there, for other checkers.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { exportModel } from '../dist/node/api.js';
import { allModels } from '../dist/zoo/api.js';

const BATCH = 1;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { keep: { type: 'string' } } });
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'assay-export-'));

/** Pixels as after the usual normalization, the same in every run. @param {readonly number[]} shape */
const image = (shape) => {
  const data = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
  for (let index = 0; index < data.length; index++) data[index] = Math.sin(index * 12.9898) * 2;
  return new Tensor('float32', data, shape);
};

/** @param {ReturnType<typeof allModels>[number]['variant']} variant */
const check = async (variant) => {
  const path = join(folder, `${variant.name}.onnx`);
  const written = await exportModel(variant.build(), path, { weights: 'random' });
  const session = await InferenceSession.create(path);
  const [input] = written.inputs;
  const [output] = written.outputs;
  if (input?.type === undefined || output?.type === undefined)
    throw new Error('the types of input and output are not known');
  const at = (/** @type {unknown} */ dim) => (typeof dim === 'number' ? dim : BATCH);
  const result = await session.run({ [input.name]: image(input.type.shape.map(at)) });
  await session.release();
  if (values.keep === undefined) for (const file of [path, `${path}.data`]) rmSync(file, { force: true });
  const { data, dims } = /** @type {{ data: Float32Array, dims: readonly number[] }} */ (result[output.name]);
  const expected = output.type.shape.map(at);
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const ok = data.every(Number.isFinite) && String(dims) === String(expected) && largest > 0;
  const size = ((written.bytes + (written.external?.bytes ?? 0)) / 1e6).toFixed(1);
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${variant.name}: ${size} MB, output ${dims}, largest ${largest.toPrecision(3)}`);
  return ok;
};

const variants = allModels()
  .map(({ variant }) => variant)
  .filter(({ name }) => positionals.length === 0 || positionals.includes(name));
let failures = 0;
for (const variant of variants) {
  try {
    if (!(await check(variant))) failures += 1;
  } catch (error) {
    failures += 1;
    console.log(`FAIL ${variant.name}: ${error instanceof Error ? error.message : error}`);
  }
}
if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
console.log(`${variants.length - failures} of ${variants.length} models run`);
process.exitCode = failures > 0 ? 1 : 0;
