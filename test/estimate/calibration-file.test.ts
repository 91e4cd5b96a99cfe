/** Files of `assay calibrate`: what is written can be read, whatever the device and the runtime. */
import { describe, expect, it } from 'vitest';
import { CALIBRATION_SCHEMA, readCalibration } from '../../src/estimate/calibration-file.ts';
import { CALIBRATIONS } from '../../src/estimate/calibrations.ts';

const fileOf = (calibration: unknown): string => JSON.stringify({ schema: CALIBRATION_SCHEMA, calibration });

describe('a calibration file', () => {
  it.each(CALIBRATIONS.map((record) => [record.id, record] as const))(
    'of %s is read as it was written',
    (_, record) => {
      const read = readCalibration(fileOf(record));
      // As JSON, in which a rank correlation that does not exist is null.
      expect(JSON.parse(JSON.stringify(read))).toEqual({ ok: true, calibration: record });
    },
  );

  it.each([
    ['matrixPowerFactor', 'simt-gpu', -1],
    ['matrixPowerFactor', 'simt-gpu', 101],
    ['fillImages', 'npu', -1],
    ['fillImages', 'npu', 1001],
    ['noSuchConstant', 'npu', 1],
  ])('with %s on a %s of %d is refused', (name, architecture, value) => {
    const record = CALIBRATIONS.find(
      ({ architecture: own, constants }) => own === architecture && (name in constants || name.startsWith('no')),
    );
    expect(record).toBeDefined();
    const read = readCalibration(fileOf({ ...record, constants: { ...record?.constants, [name]: value } }));
    expect(read).toMatchObject({ ok: false, issue: { code: 'invalid-calibration', path: `constants.${name}` } });
  });

  it.each([
    [{ window: 1.5 }, 'largestShares.window'],
    [{ window: '10 %' }, 'largestShares.window'],
    [{ convolutions: 0.5 }, 'largestShares.convolutions'],
  ])('with shares of time %j is refused', (largestShares, path) => {
    const read = readCalibration(fileOf({ ...CALIBRATIONS[0], largestShares }));
    expect(read).toMatchObject({ ok: false, issue: { code: 'invalid-calibration', path } });
  });
});
