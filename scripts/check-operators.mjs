// Holds inference to the ONNX project's own single-operator models (Debian's libonnx-testdata, or backend/test/data of
// the onnx package): the shapes of all outputs against the shapes of the outputs that ship with each model.
//   node scripts/check-operators.mjs FOLDER [--verbose]
// Needs the built package in dist/. The last line is the tally that docs/reading-onnx.md states.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { analyzeGraph, coverage, formatShape } from '../dist/index.js';
import { bytesSource, importModel, readModelSync } from '../dist/onnx/api.js';

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean', default: false } },
});
const [root] = positionals;
if (root === undefined) {
  console.error('usage: node scripts/check-operators.mjs FOLDER [--verbose]');
  process.exit(2);
}

/** @param {string} folder @returns {readonly string[]} */
const modelsUnder = (folder) =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => {
      if (!statSync(path).isDirectory()) return [];
      return existsSync(join(path, 'model.onnx')) ? [path] : modelsUnder(path);
    })
    .toSorted();

/** @param {number} field @param {Uint8Array} body */
const lengthDelimited = (field, body) => {
  const head = [(field << 3) | 2];
  let { length } = body;
  for (; length > 127; length >>>= 7) head.push((length & 127) | 128);
  return Buffer.concat([Uint8Array.from([...head, length]), body]);
};

/** The tensor of a .pb file, read as the only stored tensor of a model around it; undefined for another kind of value. */
const tensorIn = (/** @type {string} */ file) => {
  const graph = lengthDelimited(
    7,
    Buffer.concat([lengthDelimited(2, Buffer.from('g')), lengthDelimited(5, readFileSync(file))]),
  );
  try {
    const model = Buffer.concat([Uint8Array.from([8, 8]), graph, lengthDelimited(8, Uint8Array.from([16, 21]))]);
    return importModel(readModelSync(bytesSource(model))).graph.initializers[0];
  } catch {
    return undefined;
  }
};

/** @param {string} folder @param {'input' | 'output'} kind */
const dataOf = (folder, kind) => {
  const set = join(folder, 'test_data_set_0');
  return (/** @type {number} */ index) => {
    const file = join(set, `${kind}_${index}.pb`);
    return existsSync(file) ? tensorIn(file) : undefined;
  };
};

/** @param {string} folder */
const check = (folder) => {
  const { graph } = importModel(readModelSync(bytesSource(readFileSync(join(folder, 'model.onnx')))));
  const given = dataOf(folder, 'input');
  const expected = dataOf(folder, 'output');
  /** @type {import('../dist/index.js').Initializer[]} */
  const stored = [];
  /** @type {import('../dist/index.js').GraphInput[]} */
  const open = [];
  graph.inputs.forEach((input, index) => {
    const tensor = given(index);
    if (tensor === undefined) open.push(input);
    else stored.push({ ...tensor, name: input.name });
  });
  // The declared shapes are what is to be found.
  const asked = { ...graph, inputs: open, initializers: [...graph.initializers, ...stored], declared: new Map() };
  const analyzed = analyzeGraph(asked);
  const unknown = coverage(analyzed).unknown.map(({ type }) => type);
  if (unknown.length > 0) return { result: 'unknown operator', detail: unknown.join(', ') };
  let result = 'same';
  let detail = '';
  graph.outputs.forEach((name, index) => {
    const tensor = expected(index);
    const type = analyzed.types.get(name);
    if (tensor === undefined) return;
    if (type === undefined) {
      if (result === 'same') result = 'shape not told';
      return;
    }
    const closed = type.shape.every((dim) => typeof dim === 'number');
    const fits =
      type.shape.length === tensor.shape.length &&
      type.shape.every((dim, axis) => typeof dim !== 'number' || dim === tensor.shape[axis]);
    if (!fits || type.dtype !== tensor.dtype) {
      result = 'different';
      detail += ` ${name}: ${formatShape(type.shape)} ${type.dtype}, expected ${formatShape(tensor.shape)} ${tensor.dtype}`;
    } else if (!closed && result === 'same') result = 'open extent';
  });
  return { result, detail };
};

/** @type {Map<string, number>} */
const tally = new Map();
for (const folder of modelsUnder(root)) {
  let found = { result: '', detail: '' };
  try {
    found = check(folder);
  } catch (error) {
    found = { result: 'refused', detail: error instanceof Error ? error.message : String(error) };
  }
  tally.set(found.result, (tally.get(found.result) ?? 0) + 1);
  if (found.result !== 'same' && (options.verbose || found.result !== 'open extent')) {
    console.log(`${found.result}: ${basename(folder)}: ${found.detail}`);
  }
}
console.log([...tally].map(([result, count]) => `${count} ${result}`).join(', '));
process.exitCode = (tally.get('different') ?? 0) + (tally.get('refused') ?? 0) > 0 ? 1 : 0;
