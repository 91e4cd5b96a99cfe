/** The five numbers that each RegNet follows from. */

export interface RegNetConfig {
  readonly depth: number;
  /** w_0: width of the first block. */
  readonly initialWidth: number;
  /** w_a: how much wider each block would be than the one before. */
  readonly slope: number;
  /** w_m: ratio of the widths that blocks may have. */
  readonly multiplier: number;
  /** Channels of a group of the 3x3. */
  readonly groupWidth: number;
  /** RegNetY. */
  readonly squeezeExcitation: boolean;
  /**
   * How widths are made multiples of their groups: to the nearest as in the paper, or never losing more than 10 %,
   * as torchvision does.
   */
  readonly compatibility: 'nearest' | 'at-least-90-percent';
}

/** Depth, w_0, w_a, w_m and group width, as the paper names them; those above 32 GF are later ones by the same rule. */
type Design = readonly [depth: number, initialWidth: number, slope: number, multiplier: number, groupWidth: number];

const DESIGNS = {
  x_002: [13, 24, 36.44, 2.49, 8],
  x_004: [22, 24, 24.48, 2.54, 16],
  x_006: [16, 48, 36.97, 2.24, 24],
  x_008: [16, 56, 35.73, 2.28, 16],
  x_016: [18, 80, 34.01, 2.25, 24],
  x_032: [25, 88, 26.31, 2.25, 48],
  x_040: [23, 96, 38.65, 2.43, 40],
  x_064: [17, 184, 60.83, 2.07, 56],
  x_080: [23, 80, 49.56, 2.88, 120],
  x_120: [19, 168, 73.36, 2.37, 112],
  x_160: [22, 216, 55.59, 2.1, 128],
  x_320: [23, 320, 69.86, 2, 168],
  y_002: [13, 24, 36.44, 2.49, 8],
  y_004: [16, 48, 27.89, 2.09, 8],
  y_006: [15, 48, 32.54, 2.32, 16],
  y_008: [14, 56, 38.84, 2.4, 16],
  y_016: [27, 48, 20.71, 2.65, 24],
  y_032: [21, 80, 42.63, 2.66, 24],
  y_040: [22, 96, 31.41, 2.24, 64],
  y_064: [25, 112, 33.22, 2.27, 72],
  y_080: [17, 192, 76.82, 2.19, 56],
  y_120: [19, 168, 73.36, 2.37, 112],
  y_160: [18, 200, 106.23, 2.48, 112],
  y_320: [20, 232, 115.89, 2.53, 232],
  y_640: [20, 352, 147.48, 2.4, 328],
  y_1280: [27, 456, 160.83, 2.52, 264],
  y_2560: [27, 640, 230.83, 2.53, 373],
} as const satisfies Record<string, Design>;

export type DesignName = keyof typeof DESIGNS;

export const configOf = (design: DesignName, compatibility: RegNetConfig['compatibility']): RegNetConfig => {
  const [depth, initialWidth, slope, multiplier, groupWidth] = DESIGNS[design];
  const squeezeExcitation = design.startsWith('y');
  return { depth, initialWidth, slope, multiplier, groupWidth, squeezeExcitation, compatibility };
};
