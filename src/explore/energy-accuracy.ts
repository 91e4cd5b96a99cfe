/** Predicted against measured energy: what static power was taken from measurements is judged on other models than those. */
import { estimate } from '../estimate/estimate.ts';
import { median } from '../estimate/statistics.ts';
import { type GroupAccuracy, machineOf } from './accuracy.ts';

export interface EnergyRow {
  readonly device: string;
  readonly runtime: string;
  readonly precision: string;
  readonly model: string;
  readonly resolution: number | undefined;
  readonly batch: number;
  /** Of one inference. */
  readonly measuredJoules: number;
  /** Of the device alone, the latency in it held out as well. */
  readonly predictedJoules: number;
  /** The measured figure is of the whole system at the wall, its host and its losses included. */
  readonly atWall: boolean;
  /** What the static power in it is: the figure of the device, or the median of what the other models of the group leave for it. */
  readonly staticPower: 'device' | 'other-models';
}

/** In the notes of a row whose energy the static power of its device comes of: it says nothing of what that predicts. */
const DERIVED_OF = /\bstatic power of the device derived of it\b/i;

/** Rows that state an energy, but for those that a figure of the device was derived of. */
export const energyRows = (accuracy: GroupAccuracy): readonly EnergyRow[] => {
  const { group, rows } = accuracy;
  const machine = machineOf(group);
  if (machine === undefined) return [];
  const found = rows.flatMap(({ row, fit }) => {
    const { energyJoules, notes } = row.record;
    if (energyJoules === undefined || DERIVED_OF.test(notes)) return [];
    const { energy, latencySeconds } = estimate(row.workload, { ...machine, constants: fit.constants }, row.batch);
    const dynamicJoules = energy.total - energy.static;
    const measuredWatts = (energyJoules * row.batch) / row.latencySeconds;
    return [
      {
        ...{ row, energyJoules, dynamicJoules, latencySeconds },
        restWatts: measuredWatts - dynamicJoules / latencySeconds,
        atWall: /\bat (the )?wall\b/i.test(notes),
      },
    ];
  });
  return found.map(({ row, energyJoules, dynamicJoules, latencySeconds, atWall }): EnergyRow => {
    // What a whole system draws says nothing of the device in it.
    const others = found.filter((other) => !(atWall || other.atWall) && other.row.model !== row.model);
    const staticWatts = others.length > 0 ? median(others.map(({ restWatts }) => restWatts)) : machine.staticWatts;
    return {
      device: group.device.id,
      runtime: group.runtime.id,
      precision: group.precision,
      ...{ model: row.model, resolution: row.record.resolution, batch: row.batch, atWall },
      measuredJoules: energyJoules,
      predictedJoules: (dynamicJoules + staticWatts * latencySeconds) / row.batch,
      staticPower: others.length > 0 ? 'other-models' : 'device',
    };
  });
};
