/** MobileNetV4-Conv S, M, L as rows of blocks: the data of `mobilenet-v4.ts`. */

/**
 * 'conv': kernel, stride, channels. 'fused': kernel, stride, expansion, channels. 'uib': first
 * kernel, middle kernel, stride, expansion, channels, repeats (with stride 1 after the first).
 */
export type BlockRow =
  | readonly ['conv', number, number, number]
  | readonly ['fused', number, number, number, number]
  | readonly ['uib', number, number, number, number, number, number];

export interface Architecture {
  readonly stem: number;
  /** Rows of one stage; a pointwise convolution to 960 channels follows the last. */
  readonly stages: readonly (readonly BlockRow[])[];
}

/** Tables 11-13 of the paper. */
export const ARCHITECTURES = {
  small: {
    stem: 32,
    stages: [
      [
        ['conv', 3, 2, 32],
        ['conv', 1, 1, 32],
      ],
      [
        ['conv', 3, 2, 96],
        ['conv', 1, 1, 64],
      ],
      [
        ['uib', 5, 5, 2, 3, 96, 1],
        ['uib', 0, 3, 1, 2, 96, 4],
        ['uib', 3, 0, 1, 4, 96, 1],
      ],
      [
        ['uib', 3, 3, 2, 6, 128, 1],
        ['uib', 5, 5, 1, 4, 128, 1],
        ['uib', 0, 5, 1, 4, 128, 1],
        ['uib', 0, 5, 1, 3, 128, 1],
        ['uib', 0, 3, 1, 4, 128, 2],
      ],
    ],
  },
  medium: {
    stem: 32,
    stages: [
      [['fused', 3, 2, 4, 48]],
      [
        ['uib', 3, 5, 2, 4, 80, 1],
        ['uib', 3, 3, 1, 2, 80, 1],
      ],
      [
        ['uib', 3, 5, 2, 6, 160, 1],
        ['uib', 3, 3, 1, 4, 160, 2],
        ['uib', 3, 5, 1, 4, 160, 1],
        ['uib', 3, 3, 1, 4, 160, 1],
        ['uib', 3, 0, 1, 4, 160, 1],
        ['uib', 0, 0, 1, 2, 160, 1],
        ['uib', 3, 0, 1, 4, 160, 1],
      ],
      [
        ['uib', 5, 5, 2, 6, 256, 1],
        ['uib', 5, 5, 1, 4, 256, 1],
        ['uib', 3, 5, 1, 4, 256, 2],
        ['uib', 0, 0, 1, 4, 256, 1],
        ['uib', 3, 0, 1, 4, 256, 1],
        ['uib', 3, 5, 1, 2, 256, 1],
        ['uib', 5, 5, 1, 4, 256, 1],
        ['uib', 0, 0, 1, 4, 256, 2],
        ['uib', 5, 0, 1, 2, 256, 1],
      ],
    ],
  },
  large: {
    stem: 24,
    stages: [
      [['fused', 3, 2, 4, 48]],
      [
        ['uib', 3, 5, 2, 4, 96, 1],
        ['uib', 3, 3, 1, 4, 96, 1],
      ],
      [
        ['uib', 3, 5, 2, 4, 192, 1],
        ['uib', 3, 3, 1, 4, 192, 3],
        ['uib', 3, 5, 1, 4, 192, 1],
        ['uib', 5, 3, 1, 4, 192, 5],
        ['uib', 3, 0, 1, 4, 192, 1],
      ],
      [
        ['uib', 5, 5, 2, 4, 512, 4],
        ['uib', 5, 0, 1, 4, 512, 1],
        ['uib', 5, 3, 1, 4, 512, 1],
        ['uib', 5, 0, 1, 4, 512, 2],
        ['uib', 5, 3, 1, 4, 512, 1],
        ['uib', 5, 5, 1, 4, 512, 1],
        ['uib', 5, 0, 1, 4, 512, 3],
      ],
    ],
  },
} as const satisfies Readonly<Record<string, Architecture>>;
