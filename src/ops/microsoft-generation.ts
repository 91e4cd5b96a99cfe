/**
 * Text generation as one operator around the graph of a decoder. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (GreedySearch, Sampling,
 * BeamSearch, WhisperBeamSearch), one version. The decoder is counted once for each position up to
 * `max_length`, or once where that depends on data, with the extents that it declares itself; an
 * encoder and a first step once. Known gap: the choice of words is not counted.
 */
import type { Dim } from '../ir/graph.ts';
import { isPositive, subtract } from '../units/integer.ts';
import type { BodyRun, OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { contrib } from './microsoft.ts';

const FIRST_AND_ONCE = ['encoder', 'init_decoder'];

/** Words that are generated, where that can be told. */
const steps = (context: OperatorContext): Dim | undefined => {
  const limit = context.input(1).values?.[0];
  const prompt = context.input(0).shape[1];
  if (limit === undefined || prompt === undefined) return undefined;
  const rest = subtract(limit, prompt);
  return isPositive(rest) ? rest : undefined;
};

const plan = (context: OperatorContext): readonly BodyRun[] => {
  const has = (body: string): boolean => context.node.bodies?.[body] !== undefined;
  const once = FIRST_AND_ONCE.filter(has).map((body): BodyRun => ({ body, inputs: [], times: 1 }));
  return has('decoder') ? [...once, { body: 'decoder', inputs: [], times: steps(context) ?? 1 }] : once;
};

const WORDS = 'B×length';
const BEAMS = 'B×returned×length, and their scores B×returned';
const TEXTS = {
  work: 'the decoder once per position up to max_length; an encoder once',
  notes: 'one step where the length depends on data; choosing words is not counted',
};

const generation = (
  type: string,
  summary: string,
  shape: string,
  outputs: (context: OperatorContext, batch: Dim, length: Dim) => readonly (TensorType | undefined)[],
): OperatorDefinition => ({
  ...contrib(
    type,
    { summary, table: { ...TEXTS, shape }, class: 'other', fusion: 'opaque', inputRoles: ['activation', 'setting'] },
    (context, done) => {
      const { shape } = context.input(0);
      const length = context.input(1).values?.[0] ?? context.dataDependent('length');
      const counted = steps(context) === undefined ? 'one step of the decoder is' : 'all steps up to max_length are';
      done.approximate(`${counted} counted, with the extents that its graph declares, and not the choice of words`);
      return outputs(context, shape[0] ?? 1, length);
    },
  ),
  control: (context) => ({ runs: plan(context), exclusive: false }),
});

const beams = (context: OperatorContext, batch: Dim, length: Dim): readonly (TensorType | undefined)[] => {
  const returned = context.optionalInput(4)?.values?.[0] ?? context.dataDependent('returned');
  return [
    { shape: [batch, returned, length], dtype: 'int32' },
    { shape: [batch, returned], dtype: 'fp32' },
  ];
};

const words = (_: OperatorContext, batch: Dim, length: Dim): readonly TensorType[] => [
  { shape: [batch, length], dtype: 'int32' },
];

export const operators: readonly OperatorDefinition[] = [
  generation('GreedySearch', 'Generates the likeliest word at every step', WORDS, words),
  generation('Sampling', 'Generates a random one of the likely words at every step', WORDS, words),
  generation('BeamSearch', 'Generates the likeliest of several continuations', BEAMS, beams),
  generation('WhisperBeamSearch', 'Beam search for the Whisper model', BEAMS, beams),
];
