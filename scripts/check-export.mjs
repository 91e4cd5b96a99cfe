// Exports every model of the zoo (or those named) with random weights at its native resolution, and runs each file in
// ONNX Runtime: outputs must be finite and have the announced shape. Minutes; needs the built package in dist/.
// `--keep FOLDER` leaves the files there, for other checkers.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { evaluate } from '../dist/index.js';
import { exportModel } from '../dist/node/api.js';
import { allModels } from '../dist/zoo/api.js';

const BATCH = 1;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { keep: { type: 'string' } } });
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'assay-export-'));

/**
 * Pixels and features as after the usual normalization, the same in every run; indices, tokens and masks are zeros.
 * @param {string} dtype @param {readonly number[]} shape
 */
const feed = (dtype, shape) => {
  const length = shape.reduce((product, extent) => product * extent, 1);
  if (dtype === 'int64') return new Tensor('int64', new BigInt64Array(length), shape);
  return new Tensor(
    'float32',
    Float32Array.from({ length }, (_, index) => Math.sin(index * 12.9898) * 2),
    shape,
  );
};

/** A dimension at one item. @param {import('../dist/index.js').Integer} dim */
const atOne = (dim) => evaluate(dim, new Map([['N', BATCH]]));

/** @param {ReturnType<typeof allModels>[number]['variant']} variant */
const check = async (variant) => {
  const path = join(folder, `${variant.name}.onnx`);
  const written = await exportModel(variant.build(), path, { weights: 'random' });
  const session = await InferenceSession.create(path);
  const feeds = written.inputs.map(({ name, type }) => {
    if (type === undefined) throw new Error(`the type of ${name} is not known`);
    return [name, feed(type.dtype, type.shape.map(atOne))];
  });
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  if (values.keep === undefined) for (const file of [path, `${path}.data`]) rmSync(file, { force: true });
  let largest = 0;
  let ok = true;
  for (const { name, type } of written.outputs) {
    const { data, dims } = /** @type {{ data: Float32Array, dims: readonly number[] }} */ (results[name]);
    for (const value of data) largest = Math.max(largest, Math.abs(Number(value)));
    ok &&= data.every((value) => Number.isFinite(Number(value))) && String(dims) === String(type?.shape.map(atOne));
  }
  ok &&= largest > 0;
  const size = ((written.bytes + (written.external?.bytes ?? 0)) / 1e6).toFixed(1);
  console.log(
    `${ok ? 'ok  ' : 'FAIL'} ${variant.name}: ${size} MB, ${written.outputs.length} outputs, largest ${largest.toPrecision(3)}`,
  );
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
