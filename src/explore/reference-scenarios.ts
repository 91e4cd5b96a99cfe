/** The five deployments of the 2025-10-17 report, stated as numbers. */
import { milliseconds, seconds, wattHours } from '../units/quantity.ts';
import type { Battery } from './battery.ts';
import type { Scenario } from './scenario.ts';

/** Usable share and regulator efficiency: ordinary figures for a protected lithium cell and a buck converter. */
export const CAMERA_BATTERY: Battery = { capacity: wattHours(10), usableShare: 0.85, regulatorEfficiency: 0.9 };

const REQUESTS_PER_DAY = 1_000_000;
const PEAK_FACTOR = 10;
const DAY_SECONDS = 86_400;

export const REFERENCE_SCENARIOS: readonly Scenario[] = [
  {
    id: 'smart-camera',
    title: 'Smart camera on a battery',
    workload: 'one camera at 30 frames per second, every frame in time, one year on a 10 Wh battery',
    devices: ['kpu_t2'],
    ratePerSecond: 30,
    sources: 1,
    deadline: seconds(1 / 30),
    scaleOut: false,
    prefer: 'accuracy',
    battery: { supply: CAMERA_BATTERY, minimumDays: 365 },
    assumptions: [
      '85 % of the capacity is usable and the regulator passes 90 % on',
      'the sensor, the radio and everything else beside the network draw nothing',
    ],
  },
  {
    id: 'mobile-app',
    title: 'Mobile application',
    workload: 'one photo now and then, answered before the user notices, at least 75 % top-1',
    devices: ['amd_r7_7840u', 'kpu_t2'],
    ratePerSecond: 1,
    sources: 1,
    deadline: milliseconds(100),
    scaleOut: false,
    prefer: 'accuracy',
    minimumTop1: 75,
    assumptions: [
      'a tenth of a second is felt as immediate',
      'no phone is among the devices: a 28 W laptop processor and a sub-watt accelerator stand on either side of one',
    ],
  },
  {
    id: 'edge-server',
    title: 'Edge server in a vehicle',
    workload: 'six cameras at 100 Hz, all of them inside each 10 ms, at least 79 % top-1',
    devices: ['kpu_t100'],
    ratePerSecond: 100,
    sources: 6,
    deadline: milliseconds(10),
    scaleOut: false,
    prefer: 'accuracy',
    minimumTop1: 79,
    assumptions: [
      'six cameras see all around a car',
      'frames of all cameras may share a batch',
      'camera transfer and pre-processing are not counted',
    ],
  },
  {
    id: 'cloud-api',
    title: 'Cloud inference API',
    workload: 'one million requests a day with peaks of ten times the average, 100 ms each, at least 80.9 % top-1',
    devices: ['nvidia_h100_pcie', 'google_tpu_v4'],
    ratePerSecond: (REQUESTS_PER_DAY * PEAK_FACTOR) / DAY_SECONDS,
    sources: 1,
    deadline: milliseconds(100),
    scaleOut: true,
    prefer: 'accuracy',
    minimumTop1: 80.9,
    assumptions: [
      'better than ResNet-50 (80.858 % with its best torchvision weights) is what "high accuracy" asks for',
      'requests are answered one by one, without batching',
    ],
  },
  {
    id: 'video-analytics',
    title: 'Video analytics in a data centre',
    workload: '1,000 streams at 30 frames per second, each frame inside its 33 ms',
    devices: ['nvidia_h100_pcie', 'google_tpu_v4', 'kpu_t100'],
    ratePerSecond: 30,
    sources: 1000,
    deadline: seconds(1 / 30),
    scaleOut: true,
    prefer: 'devices',
    assumptions: ['frames of many streams share a batch of at most 256', 'video decoding is not counted'],
  },
];
