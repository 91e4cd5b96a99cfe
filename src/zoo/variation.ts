/** A variant built otherwise than published: other channels, other classes, another length of text. */
import type { Graph } from '../ir/graph.ts';
import { type Rewritten, withSeparableConvolutions, withStandardConvolutions } from './convolutions.ts';
import type { BuildOptions, Knob, ModelVariant } from './family.ts';
import { ModelOptionError } from './options.ts';

/** Every depthwise-separable convolution as a standard one, or the other way round. */
export type Convolutions = 'standard' | 'separable';

export interface Variation extends Readonly<Partial<Record<Knob, number>>> {
  readonly convolutions?: Convolutions;
}

const REWRITES: Readonly<Record<Convolutions, (graph: Graph) => Rewritten>> = {
  standard: withStandardConvolutions,
  separable: withSeparableConvolutions,
};

const DEFAULT_KNOBS: readonly Knob[] = ['classes'];

const MEANING: Readonly<Record<Knob, string>> = {
  classes: 'number of classes',
  width: 'width multiplier',
  tokens: 'number of tokens',
};

export const knobsOf = ({ knobs = DEFAULT_KNOBS }: ModelVariant): readonly Knob[] => knobs;

const isKnob = (name: string): name is Knob => Object.hasOwn(MEANING, name);

/**
 * The variant with what is asked for in place of its own: named after it, without the figures that others published
 * for the network as it was. Throws `ModelOptionError` for a knob that the architecture does not have; what
 * the value does not fit is thrown by `build`.
 */
export const varied = (variant: ModelVariant, variation: Variation): ModelVariant => {
  const knobs = knobsOf(variant);
  const { convolutions, ...turns } = variation;
  const turned = Object.keys(turns)
    .filter(isKnob)
    .filter((knob) => turns[knob] !== undefined);
  if (turned.length === 0 && convolutions === undefined) return variant;
  for (const knob of turned) {
    if (knobs.includes(knob)) continue;
    const own =
      knobs.length === 0
        ? 'it is built as published only'
        : `it takes a ${knobs.map((has) => MEANING[has]).join(' and a ')}`;
    throw new ModelOptionError('unsupported-option', `${variant.name} has no ${MEANING[knob]}: ${own}`);
  }
  const { accuracy: _accuracy, otherAccuracies: _others, quality: _quality, scaling: _scaling, ...rest } = variant;
  const changes = [
    ...turned.map((knob) => [knob, String(turns[knob])] as const),
    ...(convolutions === undefined ? [] : [['convolutions', convolutions] as const]),
  ];
  const rewrite = convolutions === undefined ? undefined : REWRITES[convolutions];
  const turn = (build: ModelVariant['build']) => (options?: BuildOptions) => {
    const graph = build({ ...options, ...turns });
    return rewrite === undefined ? graph : rewrite(graph).graph;
  };
  const { tokens } = turns;
  return {
    ...rest,
    name: `${variant.name}[${changes.map((change) => change.join('=')).join(',')}]`,
    aliases: [],
    title: `${variant.title} (${changes.map((change) => change.join(' ')).join(', ')})`,
    published: [],
    ...(tokens !== undefined && { nativeTokens: tokens }),
    build: turn(variant.build),
    ...(variant.counterfactuals && {
      counterfactuals: Object.fromEntries(
        Object.entries(variant.counterfactuals).map(([name, build]) => [name, turn(build)]),
      ),
    }),
  };
};
