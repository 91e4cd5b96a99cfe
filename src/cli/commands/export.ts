import type { ReportDocument } from '../../index.ts';
import { formatBytes, formatShape, groupThousands, nearestNames, renderJson } from '../../index.ts';
import { checkOutputFile, type ExportedModel, exportModel, WEIGHT_KINDS, type WeightKind } from '../../node/api.ts';
import type { Command } from '../command.ts';
import { didYouMean, InputError, quoted } from '../errors.ts';
import { addVariationOptions, parseVariation, type VariationWords, variedEntry } from '../model/variation.ts';
import { addOutputOptions, type OutputOptions } from '../output.ts';
import { BATCHES, parseWhole, RESOLUTIONS } from '../parse.ts';
import { renderTerminal } from '../render/terminal.ts';
import { compileEntry, selectModels } from '../select.ts';

interface Options extends Omit<OutputOptions, 'out'>, VariationWords {
  readonly weights: string;
  readonly seed: string;
  readonly resolution?: string;
  readonly batch?: string;
}

const SEEDS = { min: 0, max: 2 ** 32 - 1 };

const WEIGHTS_MEANING: Readonly<Record<WeightKind, string>> = {
  random: 'initialized as for training',
  zeros: 'all zero',
  none: 'not stored; a runtime reads zeros',
};

const isWeightKind = (text: string): text is WeightKind => (WEIGHT_KINDS as readonly string[]).includes(text);

const parseWeights = (text: string): WeightKind => {
  if (isWeightKind(text)) return text;
  const near = didYouMean(nearestNames(text, WEIGHT_KINDS));
  const expected = `expected one of ${WEIGHT_KINDS.join(', ')}`;
  throw new InputError('unknown-weights', '--weights', `--weights is ${quoted(text)}: ${expected}${near}`);
};

type Tensors = ExportedModel['inputs'];

const tensorsJson = (tensors: Tensors) =>
  tensors.map(({ name, type }) => ({
    name,
    dtype: type?.dtype ?? null,
    shape: type?.shape.map((dim) => (typeof dim === 'number' ? dim : formatShape([dim]))) ?? null,
  }));

const tensorsText = (tensors: Tensors): string =>
  tensors
    .map(({ name, type }) => (type === undefined ? name : `${name} ${formatShape(type.shape)} ${type.dtype}`))
    .join(', ');

interface Exported {
  readonly model: string;
  readonly weights: WeightKind;
  readonly seed: number;
  readonly written: ExportedModel;
}

const exportJson = ({ model, weights, seed, written }: Exported) => ({
  schema: 'assay.export/1',
  model,
  path: written.path,
  bytes: written.bytes,
  external: written.external ?? null,
  parameters: written.parameters,
  weights,
  seed: weights === 'random' ? seed : null,
  opset: written.opset,
  irVersion: written.irVersion,
  inputs: tensorsJson(written.inputs),
  outputs: tensorsJson(written.outputs),
});

const exportDocument = ({ model, weights, seed, written }: Exported): ReportDocument => {
  const { path, bytes, external, parameters, opset, irVersion, inputs, outputs } = written;
  const filled = weights === 'random' ? `, seed ${seed}` : '';
  const items = [
    `Written to ${path}: ${formatBytes(bytes)} (${groupThousands(bytes)} bytes)`,
    ...(external === undefined
      ? []
      : [`Weights in ${external.path}, to be kept beside it: ${formatBytes(external.bytes)}`]),
    `Parameters: ${groupThousands(parameters)}; weights ${weights}${filled}: ${WEIGHTS_MEANING[weights]}`,
    `Opset ${opset}, IR version ${irVersion}`,
    `In: ${tensorsText(inputs)}`,
    `Out: ${tensorsText(outputs)}`,
  ];
  return {
    title: `${model} as ONNX`,
    subtitle: '',
    facts: [],
    sections: [{ id: 'export', title: 'File', blocks: [{ kind: 'list', ordered: false, items }] }],
  };
};

export const command: Command = {
  summary: 'a model of the zoo as an ONNX file that other tools read and run',
  configure: (commander, session) => {
    const { io } = session;
    commander
      .argument('<model>', 'name in the zoo')
      .argument('<out>', 'file to write, usually NAME.onnx')
      .option(
        '-w, --weights <kind>',
        WEIGHT_KINDS.map((kind) => `${kind}: ${WEIGHTS_MEANING[kind]}`).join('; '),
        'random',
      )
      .option('--seed <n>', 'of random weights: the same number gives the same file', '0')
      .option('-r, --resolution <pixels>', "height and width of the input (the model's native one)")
      .option('-b, --batch <n>', 'inputs at once, fixed (open)');
    addVariationOptions(commander);
    addOutputOptions(commander, { out: false }).action(async (word: string, out: string, options: Options) => {
      const weights = parseWeights(options.weights);
      const seed = parseWhole(options.seed, '--seed', SEEDS);
      const whole = (name: 'resolution' | 'batch', range: Parameters<typeof parseWhole>[2]) => {
        const text = options[name];
        return text === undefined ? {} : { [name]: parseWhole(text, `--${name}`, range) };
      };
      const batch = whole('batch', BATCHES);
      const build: { resolution?: number } = whole('resolution', RESOLUTIONS);
      const variation = parseVariation(options);
      const [found, ...others] = await selectModels([word], io.files);
      if (found === undefined || others.length > 0) {
        const message = `${quoted(word)} names ${others.length + 1} models: expected one, as one file is written`;
        throw new InputError('too-many-models', word, message);
      }
      const entry = variedEntry(found, variation);
      await checkOutputFile(out, io.files);
      const { name } = entry.variant;
      // Analyzed here, so that a resolution that does not fit the network is refused as such.
      const { graph } = compileEntry(entry, build).analyzed;
      const written = await exportModel(graph, out, { weights, seed, ...batch, files: io.files });
      const exported = { model: name, weights, seed, written };
      io.stdout.write(
        options.json === true ? renderJson(exportJson(exported)) : renderTerminal(exportDocument(exported), io),
      );
    });
  },
};
