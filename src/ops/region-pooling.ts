/**
 * Pooling of regions that the model itself finds. Specs: https://onnx.ai/onnx/operators/ (RoiAlign: opsets 10, 16, 22;
 * MaxRoiPool: 1, 22).
 *   RoiAlign     each bin takes s x s samples (`sampling_ratio`): per sample and channel 4 products and their sum (7), and
 *                the mean (s^2 additions and divisions) or maximum of the samples; per sample, whatever the channels, a
 *                place (product, addition, floor, fraction, complement on both axes: 10) and 4 corner weights (4)
 *   MaxRoiPool   a comparison for every element of a region
 * Approximated: where `sampling_ratio` is 0, as many samples are taken as the region has rows and columns per bin, which
 * data decides; 2 x 2 are counted. MaxRoiPool counts every region as large as the feature map, which is the most.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, multiply, product } from '../units/integer.ts';
import type { CostTreatment, OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';

const FEATURE_AXES = 4;
const USUAL_SAMPLES_PER_AXIS = 2;
const FLOPS_PER_VALUE = 7;
const FLOPS_PER_SAMPLE = 14;

const outputShape = (context: OperatorContext, columns: number, bins: readonly number[]): readonly Dim[] => {
  const { shape } = context.input(0);
  const regions = context.input(1).shape;
  if (shape.length !== FEATURE_AXES) context.fail(`a feature map of ${shape.length} axes, expected ${FEATURE_AXES}`);
  if (regions.length !== 2) context.fail(`regions of ${regions.length} axes, expected a table with ${columns} columns`);
  context.agree(regions[1] as Dim, columns, 'columns of the table of regions');
  if (bins.length !== 2 || bins.some((extent) => !(extent >= 1))) {
    context.fail(`an output of [${bins.join(', ')}] for each region, expected two extents of 1 or more`);
  }
  return [regions[0] as Dim, shape[1] as Dim, ...bins];
};

const binsOf = (context: OperatorContext): readonly number[] => [
  context.integer('output_height', 1),
  context.integer('output_width', 1),
];

const alignWork = (context: OperatorContext): OperatorWork => {
  const ratio = context.integer('sampling_ratio', 0);
  const perAxis = ratio > 0 ? ratio : USUAL_SAMPLES_PER_AXIS;
  const samples = perAxis * perAxis;
  const output = context.output(0).shape;
  const isMean = context.text('mode', 'avg') === 'avg';
  const perOutput = samples * FLOPS_PER_VALUE + (samples - 1) + (isMean ? 1 : 0);
  const places = product([output[0] as Dim, ...binsOf(context), samples]);
  const outputs = elementCount(output);
  const treatment: CostTreatment =
    ratio > 0
      ? { kind: 'costed' }
      : {
          kind: 'approximated',
          reason: 'how many samples a bin takes depends on the size of its region; 2 x 2 are counted',
        };
  return {
    macs: 0,
    flops: add(multiply(outputs, perOutput), multiply(places, FLOPS_PER_SAMPLE)),
    transcendentals: isMean ? outputs : 0,
    treatment,
  };
};

const maximumWork = (context: OperatorContext): OperatorWork => {
  const [, channels, height, width] = context.input(0).shape;
  const regions = context.input(1).shape[0] as Dim;
  return {
    macs: 0,
    flops: product([regions, channels as Dim, height as Dim, width as Dim]),
    transcendentals: 0,
    treatment: {
      kind: 'approximated',
      reason: 'the size of the regions depends on data; each is taken to cover the whole feature map, the most it can',
    },
  };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'RoiAlign',
    domain: '',
    since: [10, 16, 22],
    summary: 'Samples regions of a feature map by linear interpolation; Mask R-CNN',
    specification: 'https://onnx.ai/onnx/operators/onnx__RoiAlign.html',
    table: {
      shape: 'N×C×H×W with R regions to R×C×height×width',
      work: `s samples a bin: ${FLOPS_PER_VALUE + 1} s per output, ${FLOPS_PER_SAMPLE} s per bin`,
      notes: `${USUAL_SAMPLES_PER_AXIS} × ${USUAL_SAMPLES_PER_AXIS} samples where sampling_ratio is 0, as data decides`,
    },
    class: 'pooling',
    fusion: 'opaque',
    inputRoles: ['activation'],
    infer: (context) => {
      const shape = outputShape(context, 4, binsOf(context));
      const [regions, ...rest] = shape;
      const items = context.input(2).shape[0] ?? context.fail('expected one item of the batch per region');
      const agreed = context.agree(regions as Dim, items, 'regions and the items that they are of');
      return [{ shape: [agreed, ...rest], dtype: context.input(0).dtype }];
    },
    work: alignWork,
  },
  {
    type: 'MaxRoiPool',
    domain: '',
    since: [1, 22],
    summary: 'Maximum over the bins of regions of a feature map; Fast R-CNN',
    specification: 'https://onnx.ai/onnx/operators/onnx__MaxRoiPool.html',
    table: {
      shape: 'N×C×H×W with R regions to R×C×height×width',
      work: '1 per region and element of the feature map',
      notes: 'every region is taken to cover the whole map, the most it can',
    },
    class: 'pooling',
    fusion: 'opaque',
    inputRoles: ['activation'],
    infer: (context) => [
      { shape: outputShape(context, 5, context.integers('pooled_shape')), dtype: context.input(0).dtype },
    ],
    work: maximumWork,
  },
];
