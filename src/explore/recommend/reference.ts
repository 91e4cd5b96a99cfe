/** The five deployments of the 2025-10-17 report, stated as numbers, with what it recommends for each. */
import { milliseconds, SECONDS_PER_DAY, seconds, wattHours } from '../../units/quantity.ts';
import type { Claim, ClaimFigure, DeploymentScenario, Proposal } from './scenario.ts';

/** A scenario that Assay knows by name, with the devices that are tried unless others are asked for. */
export interface ReferenceDeployment {
  readonly scenario: DeploymentScenario;
  readonly devices: readonly string[];
}

const SOURCE = 'characterization report of 2025-10-17';

const proposed = (
  models: readonly (readonly [model: string, claims: Partial<Record<ClaimFigure, number>>])[],
  device?: string,
): readonly Proposal[] =>
  models.map(([model, figures]) => ({
    model,
    ...(device !== undefined && { device }),
    source: SOURCE,
    claims: Object.entries(figures).map(([figure, value]) => ({ figure, value }) as Claim),
  }));

const UPPER = { at: 'upper', resolutions: ['native'], rest: 'idle' } as const;

export const REFERENCE_DEPLOYMENTS: readonly ReferenceDeployment[] = [
  {
    devices: ['kpu_t2'],
    scenario: {
      ...UPPER,
      id: 'smart-camera',
      title: 'Smart camera on a battery',
      workload: 'one camera at 30 frames per second, every frame in time, one year on a 10 Wh battery',
      assumptions: [
        '85 % of the capacity is usable and the regulator passes 90 % on: ordinary figures for a protected lithium cell and a buck converter',
        'the sensor, the radio and everything else beside the network draw nothing',
        'the device sleeps between two frames, and waking up costs nothing',
      ],
      load: { kind: 'streams', streams: 1, ratePerSecond: 30, arrival: 'spread', dutyCycle: 1, utilization: 1 },
      deadline: seconds(1 / 30),
      rest: 'sleep',
      battery: { supply: { capacity: wattHours(10), usableShare: 0.85, regulatorEfficiency: 0.9 }, days: 365 },
      maxDevices: 1,
      prefer: 'accuracy',
      proposed: proposed(
        [['mobilenet_v3_small', { latencySeconds: 0.086, ratePerSecond: 11_549, energyPerInferenceJoules: 0.029 }]],
        'kpu_t2',
      ),
    },
  },
  {
    devices: ['amd_r7_7840u', 'kpu_t2'],
    scenario: {
      ...UPPER,
      id: 'mobile-app',
      title: 'Mobile application',
      workload: 'one photo now and then, answered before the user notices, at least 75 % top-1',
      assumptions: [
        'a tenth of a second is felt as immediate',
        'no phone is among the devices: a 28 W laptop processor and a sub-watt accelerator stand on either side of one',
      ],
      load: { kind: 'streams', streams: 1, ratePerSecond: 1, arrival: 'spread', dutyCycle: 1, utilization: 1 },
      deadline: milliseconds(100),
      accuracy: { minimum: 75, metric: 'top-1' },
      maxDevices: 1,
      prefer: 'accuracy',
      proposed: proposed([
        ['efficientnet_b0', {}],
        ['mobilenet_v3_large', {}],
      ]),
    },
  },
  {
    devices: ['kpu_t100'],
    scenario: {
      ...UPPER,
      id: 'edge-server',
      title: 'Edge server in a vehicle',
      workload: 'six cameras at 100 Hz, all of them inside each 10 ms, at least 79 % top-1',
      assumptions: [
        'six cameras see all around a car',
        'they are triggered together, and frames of all of them may share a batch',
        'camera transfer and pre-processing are not counted',
      ],
      load: { kind: 'streams', streams: 6, ratePerSecond: 100, arrival: 'together', dutyCycle: 1, utilization: 1 },
      deadline: milliseconds(10),
      accuracy: { minimum: 79, metric: 'top-1' },
      maxDevices: 1,
      prefer: 'accuracy',
      proposed: proposed(
        [
          ['efficientnet_b1', { latencySeconds: 0.02, ratePerSecond: 49_000, streamsPerDevice: 48 }],
          ['efficientnet_b2', { latencySeconds: 0.024, ratePerSecond: 42_000, streamsPerDevice: 42 }],
        ],
        'kpu_t100',
      ),
    },
  },
  {
    devices: ['nvidia_h100_pcie', 'google_tpu_v4'],
    scenario: {
      ...UPPER,
      id: 'cloud-api',
      title: 'Cloud inference API',
      workload: 'one million requests a day with peaks of ten times the average, 100 ms each, at least 80.9 % top-1',
      assumptions: [
        'better than ResNet-50 (80.858 % with its best torchvision weights) is what "high accuracy" asks for',
        'requests are answered one by one, without batching',
      ],
      load: { kind: 'requests', averagePerSecond: 1_000_000 / SECONDS_PER_DAY, peakFactor: 10, utilization: 1 },
      deadline: milliseconds(100),
      accuracy: { minimum: 80.9, metric: 'top-1' },
      prefer: 'accuracy',
      proposed: proposed(
        [['efficientnet_v2_s', { latencySeconds: 0.014, ratePerSecond: 71_000, peakHeadroom: 6 }]],
        'nvidia_h100_pcie',
      ),
    },
  },
  {
    devices: ['nvidia_h100_pcie', 'google_tpu_v4', 'kpu_t100'],
    scenario: {
      ...UPPER,
      id: 'video-analytics',
      title: 'Video analytics in a data centre',
      workload: '1,000 streams at 30 frames per second, each frame inside its 33 ms',
      assumptions: [
        'frames of many streams share a batch of at most 256, which has to fill inside the deadline',
        'video decoding is not counted',
      ],
      load: { kind: 'streams', streams: 1000, ratePerSecond: 30, arrival: 'spread', dutyCycle: 1, utilization: 1 },
      deadline: seconds(1 / 30),
      prefer: 'devices',
      proposed: proposed(
        [
          ['mobilenet_v3_large', { ratePerSecond: 1_100_000, streamsPerDevice: 36_000 }],
          ['efficientnet_b0', { ratePerSecond: 531_000, streamsPerDevice: 17_000 }],
        ],
        'nvidia_h100_pcie',
      ),
    },
  },
];
