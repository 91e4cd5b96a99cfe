/** The RegNets, with the counts and accuracies published for them. */
import type { PublishedAccuracy, PublishedCost } from './family.ts';
import { timmAccuracy, timmCost, torchvisionAccuracy, torchvisionCost } from './published.ts';
import { configOf, type DesignName, type RegNetConfig } from './regnet-designs.ts';

export interface RegNetRow {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly title: string;
  readonly config: RegNetConfig;
  readonly resolution: number;
  readonly published: readonly PublishedCost[];
  /** The first is that of the variant at its native resolution. */
  readonly accuracies: readonly PublishedAccuracy[];
}

type Counted = readonly [resolution: number, gmacs: string, mActs: string];
type Weights = readonly [weights: string, top1: number, top5: number, resolution?: number];

const timmCosts = (parameters: number, rows: readonly Counted[]): readonly PublishedCost[] =>
  rows.map(([resolution, gmacs, mActs]) => timmCost(resolution, parameters, gmacs, mActs));

interface Official {
  /** "400MF" of regnet_x_400mf. */
  readonly size: string;
  readonly alias: string;
  readonly design: DesignName;
  readonly parameters: number;
  /** At 224 pixels, and at 384 where there are weights for it. */
  readonly gmacs: readonly [at224: string, at384?: string];
  readonly timm: readonly Counted[];
  /** Of torchvision; the first is what `RegNet_*_Weights.DEFAULT` was, or its like at 224 pixels. */
  readonly torchvision: readonly Weights[];
  /** Of timm, without those that are torchvision's. */
  readonly others?: readonly Weights[];
}

const OFFICIAL: readonly Official[] = [
  {
    size: '400MF',
    alias: 'regnetx_004_tv',
    design: 'x_004',
    parameters: 5_495_976,
    gmacs: ['0.414'],
    timm: [[224, '0.42', '3.17']],
    torchvision: [
      ['IMAGENET1K_V2', 74.864, 92.322],
      ['IMAGENET1K_V1', 72.834, 90.95],
    ],
  },
  {
    size: '800MF',
    alias: 'regnetx_008',
    design: 'x_008',
    parameters: 7_259_656,
    gmacs: ['0.8'],
    timm: [[224, '0.81', '5.15']],
    torchvision: [
      ['IMAGENET1K_V2', 77.522, 93.826],
      ['IMAGENET1K_V1', 75.212, 92.348],
    ],
    others: [['pycls_in1k', 75.03, 92.338]],
  },
  {
    size: '1.6GF',
    alias: 'regnetx_016',
    design: 'x_016',
    parameters: 9_190_136,
    gmacs: ['1.603'],
    timm: [[224, '1.62', '7.93']],
    torchvision: [
      ['IMAGENET1K_V2', 79.668, 94.922],
      ['IMAGENET1K_V1', 77.04, 93.44],
    ],
    others: [['pycls_in1k', 76.924, 93.416]],
  },
  {
    size: '3.2GF',
    alias: 'regnetx_032',
    design: 'x_032',
    parameters: 15_296_552,
    gmacs: ['3.177'],
    timm: [[224, '3.2', '11.37']],
    torchvision: [
      ['IMAGENET1K_V2', 81.196, 95.43],
      ['IMAGENET1K_V1', 78.364, 93.992],
    ],
    others: [['pycls_in1k', 78.168, 94.082]],
  },
  {
    size: '8GF',
    alias: 'regnetx_080',
    design: 'x_080',
    parameters: 39_572_648,
    gmacs: ['7.995'],
    timm: [[224, '8.02', '14.06']],
    torchvision: [
      ['IMAGENET1K_V2', 81.682, 95.678],
      ['IMAGENET1K_V1', 79.344, 94.686],
    ],
    others: [['pycls_in1k', 79.202, 94.552]],
  },
  {
    size: '16GF',
    alias: 'regnetx_160',
    design: 'x_160',
    parameters: 54_278_536,
    gmacs: ['15.941'],
    timm: [[224, '15.99', '25.52']],
    torchvision: [
      ['IMAGENET1K_V2', 82.716, 96.196],
      ['IMAGENET1K_V1', 80.058, 94.944],
    ],
    others: [['pycls_in1k', 79.866, 94.828]],
  },
  {
    size: '32GF',
    alias: 'regnetx_320',
    design: 'x_320',
    parameters: 107_811_560,
    gmacs: ['31.736'],
    timm: [[224, '31.81', '36.3']],
    torchvision: [
      ['IMAGENET1K_V2', 83.014, 96.288],
      ['IMAGENET1K_V1', 80.622, 95.248],
    ],
    others: [['pycls_in1k', 80.246, 95.022]],
  },
  {
    size: '400MF',
    alias: 'regnety_004',
    design: 'y_004',
    parameters: 4_344_144,
    gmacs: ['0.402'],
    timm: [[224, '0.41', '3.89']],
    torchvision: [
      ['IMAGENET1K_V2', 75.804, 92.742],
      ['IMAGENET1K_V1', 74.046, 91.716],
    ],
    others: [['pycls_in1k', 74.028, 91.75]],
  },
  {
    size: '800MF',
    alias: 'regnety_008_tv',
    design: 'y_008',
    parameters: 6_432_512,
    gmacs: ['0.834'],
    timm: [[224, '0.84', '5.42']],
    torchvision: [
      ['IMAGENET1K_V2', 78.828, 94.502],
      ['IMAGENET1K_V1', 76.42, 93.136],
    ],
  },
  {
    size: '1.6GF',
    alias: 'regnety_016',
    design: 'y_016',
    parameters: 11_202_430,
    gmacs: ['1.612'],
    timm: [[224, '1.63', '8.04']],
    torchvision: [
      ['IMAGENET1K_V2', 80.876, 95.444],
      ['IMAGENET1K_V1', 77.95, 93.966],
    ],
    others: [['pycls_in1k', 77.862, 93.718]],
  },
  {
    size: '3.2GF',
    alias: 'regnety_032',
    design: 'y_032',
    parameters: 19_436_338,
    gmacs: ['3.176'],
    timm: [
      [224, '3.2', '11.26'],
      [288, '5.29', '18.61'],
    ],
    torchvision: [
      ['IMAGENET1K_V2', 81.982, 95.972],
      ['IMAGENET1K_V1', 78.948, 94.576],
    ],
    others: [
      ['ra_in1k', 82.728, 96.416, 288],
      ['pycls_in1k', 78.876, 94.408],
    ],
  },
  {
    size: '8GF',
    alias: 'regnety_080_tv',
    design: 'y_080',
    parameters: 39_381_472,
    gmacs: ['8.473'],
    timm: [[224, '8.51', '19.73']],
    torchvision: [
      ['IMAGENET1K_V2', 82.828, 96.33],
      ['IMAGENET1K_V1', 80.032, 95.048],
    ],
  },
  {
    size: '16GF',
    alias: 'regnety_160',
    design: 'y_160',
    parameters: 83_590_140,
    gmacs: ['15.912', '46.735'],
    timm: [
      [224, '15.96', '23.04'],
      [288, '26.37', '38.07'],
      [384, '46.87', '67.67'],
    ],
    torchvision: [
      ['IMAGENET1K_V2', 82.886, 96.328],
      ['IMAGENET1K_V1', 80.424, 95.24],
      ['IMAGENET1K_SWAG_E2E_V1', 86.012, 98.054, 384],
      ['IMAGENET1K_SWAG_LINEAR_V1', 83.976, 97.244],
    ],
    others: [
      ['lion_in12k_ft_in1k', 85.986, 97.836, 288],
      ['sw_in12k_ft_in1k', 85.986, 97.834, 288],
      ['deit_in1k', 83.69, 96.782, 288],
      ['pycls_in1k', 80.298, 94.962],
    ],
  },
  {
    size: '32GF',
    alias: 'regnety_320',
    design: 'y_320',
    parameters: 145_046_770,
    gmacs: ['32.28', '94.826'],
    timm: [
      [224, '32.34', '30.26'],
      [384, '95.0', '88.87'],
    ],
    torchvision: [
      ['IMAGENET1K_V2', 83.368, 96.498],
      ['IMAGENET1K_V1', 80.878, 95.34],
      ['IMAGENET1K_SWAG_E2E_V1', 86.838, 98.362, 384],
      ['IMAGENET1K_SWAG_LINEAR_V1', 84.622, 97.48],
    ],
    others: [
      ['seer_ft_in1k', 83.334, 96.706, 384],
      ['pycls_in1k', 80.808, 95.238],
    ],
  },
  {
    size: '128GF',
    alias: 'regnety_1280',
    design: 'y_1280',
    parameters: 644_812_894,
    gmacs: ['127.518', '374.57'],
    timm: [
      [224, '127.66', '71.58'],
      [384, '374.99', '210.2'],
    ],
    torchvision: [
      ['IMAGENET1K_SWAG_LINEAR_V1', 86.068, 97.844],
      ['IMAGENET1K_SWAG_E2E_V1', 88.228, 98.682, 384],
    ],
    others: [['seer_ft_in1k', 84.432, 97.092, 384]],
  },
];

const officialRow = (row: Official): RegNetRow => {
  const { size, alias, design, parameters, gmacs, timm, torchvision, others = [] } = row;
  const letter = design.startsWith('x') ? 'x' : 'y';
  const [at224, at384] = gmacs;
  const enumeration = `RegNet_${letter.toUpperCase()}_${size.replace('.', '_')}_Weights`;
  return {
    name: `regnet_${letter}_${size.replace('.', '_').toLowerCase()}`,
    aliases: [alias],
    title: `RegNet${letter.toUpperCase()}-${size}`,
    config: configOf(design, 'at-least-90-percent'),
    resolution: 224,
    published: [
      torchvisionCost(224, parameters, at224),
      ...(at384 === undefined ? [] : [torchvisionCost(384, parameters, at384)]),
      ...timmCosts(parameters, timm),
    ],
    accuracies: [
      ...torchvision.map(([tag, ...figures]) => torchvisionAccuracy(`${enumeration}.${tag}`, ...figures)),
      ...others.map(([tag, ...figures]) => timmAccuracy(`${alias}.${tag}`, ...figures)),
    ],
  };
};

interface OfPaper {
  /** "200MF". */
  readonly size: string;
  readonly design: DesignName;
  readonly resolution?: number;
  readonly parameters: number;
  readonly timm: readonly Counted[];
  readonly weights: readonly Weights[];
}

/** Not in torchvision, or with other widths there (400MF of X, 800MF and 8GF of Y). The two largest are SEER's. */
const OF_PAPER: readonly OfPaper[] = [
  {
    size: '200MF',
    design: 'x_002',
    parameters: 2_684_792,
    timm: [[224, '0.2', '2.16']],
    weights: [['pycls_in1k', 68.746, 88.536]],
  },
  {
    size: '400MF',
    design: 'x_004',
    parameters: 5_157_512,
    timm: [[224, '0.4', '3.14']],
    weights: [['pycls_in1k', 72.398, 90.828]],
  },
  {
    size: '600MF',
    design: 'x_006',
    parameters: 6_196_040,
    timm: [[224, '0.61', '3.98']],
    weights: [['pycls_in1k', 73.868, 91.678]],
  },
  {
    size: '4.0GF',
    design: 'x_040',
    parameters: 22_118_248,
    timm: [[224, '3.99', '12.2']],
    weights: [['pycls_in1k', 78.492, 94.242]],
  },
  {
    size: '6.4GF',
    design: 'x_064',
    parameters: 26_209_256,
    timm: [[224, '6.49', '16.37']],
    weights: [['pycls_in1k', 79.066, 94.458]],
  },
  {
    size: '12GF',
    design: 'x_120',
    parameters: 46_106_056,
    timm: [[224, '12.13', '21.37']],
    weights: [['pycls_in1k', 79.588, 94.742]],
  },
  {
    size: '200MF',
    design: 'y_002',
    parameters: 3_162_996,
    timm: [[224, '0.2', '2.17']],
    weights: [['pycls_in1k', 70.278, 89.528]],
  },
  {
    size: '600MF',
    design: 'y_006',
    parameters: 6_055_160,
    timm: [[224, '0.61', '4.33']],
    weights: [['pycls_in1k', 75.27, 92.526]],
  },
  {
    size: '800MF',
    design: 'y_008',
    parameters: 6_263_168,
    timm: [[224, '0.81', '5.25']],
    weights: [['pycls_in1k', 76.302, 93.06]],
  },
  {
    size: '4.0GF',
    design: 'y_040',
    parameters: 20_646_656,
    timm: [
      [224, '4.0', '12.29'],
      [288, '6.61', '20.3'],
    ],
    weights: [
      ['pycls_in1k', 79.232, 94.656],
      ['ra3_in1k', 83.044, 96.498, 288],
    ],
  },
  {
    size: '6.4GF',
    design: 'y_064',
    parameters: 30_583_252,
    timm: [
      [224, '6.39', '16.41'],
      [288, '10.56', '27.11'],
    ],
    weights: [
      ['pycls_in1k', 79.714, 94.766],
      ['ra3_in1k', 83.72, 96.722, 288],
    ],
  },
  {
    size: '8.0GF',
    design: 'y_080',
    parameters: 39_180_068,
    timm: [
      [224, '8.0', '17.97'],
      [288, '13.22', '29.69'],
    ],
    weights: [
      ['pycls_in1k', 79.868, 94.832],
      ['ra3_in1k', 83.926, 96.89, 288],
    ],
  },
  {
    size: '12GF',
    design: 'y_120',
    parameters: 51_822_544,
    timm: [
      [224, '12.14', '21.38'],
      [288, '20.06', '35.34'],
    ],
    weights: [
      ['pycls_in1k', 80.386, 95.128],
      ['sw_in12k_ft_in1k', 85.4, 97.582, 288],
    ],
  },
  {
    size: '64GF',
    design: 'y_640',
    resolution: 384,
    parameters: 281_378_786,
    timm: [
      [224, '64.16', '42.5'],
      [384, '188.47', '124.83'],
    ],
    weights: [['seer_ft_in1k', 83.908, 96.922, 384]],
  },
  {
    size: '256GF',
    design: 'y_2560',
    resolution: 384,
    parameters: 1_282_601_138,
    timm: [[384, '747.83', '296.49']],
    weights: [['seer_ft_in1k', 85.152, 97.436, 384]],
  },
];

const paperRow = ({ size, design, resolution = 224, parameters, timm, weights }: OfPaper): RegNetRow => {
  const name = `regnet${design}`;
  return {
    name,
    title: `RegNet${design.startsWith('x') ? 'X' : 'Y'}-${size}`,
    config: configOf(design, 'nearest'),
    resolution,
    published: timmCosts(parameters, timm),
    accuracies: weights.map(([tag, ...figures]) => timmAccuracy(`${name}.${tag}`, ...figures)),
  };
};

export const regNetRows: readonly RegNetRow[] = [...OFFICIAL.map(officialRow), ...OF_PAPER.map(paperRow)];
