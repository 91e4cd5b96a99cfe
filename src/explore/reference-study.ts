/** The study that the command line runs when nothing else is asked for. */

import { devices } from '../hardware/index.ts';
import { findModel, type ZooEntry } from '../zoo/api.ts';
import { type StudyOptions, studyDevice } from './study.ts';

export const REFERENCE_MODELS = [
  'mobilenet_v3_small',
  'mobilenet_v2',
  'mobilenet_v3_large',
  'efficientnet_b0',
  'efficientnet_b1',
  'efficientnet_b2',
  'resnet18',
  'efficientnet_v2_s',
  'efficientnet_v2_m',
] as const;

export const REFERENCE_DEVICES = [
  'intel_i7_12700h',
  'amd_r7_7840u',
  'nvidia_h100_pcie',
  'google_tpu_v4',
  'kpu_t2',
  'kpu_t100',
] as const;

export const REFERENCE_BASELINE = 'resnet18';

export const referenceStudyOptions = (): StudyOptions => ({
  models: REFERENCE_MODELS.map((name) => findModel(name) as ZooEntry),
  devices: REFERENCE_DEVICES.flatMap((id) => devices.filter((device) => device.id === id)).map((device) =>
    studyDevice(device),
  ),
  baseline: REFERENCE_BASELINE,
  resolution: 224,
  batches: [1, 8, 16, 32],
  commonPrecision: 'int8',
});
