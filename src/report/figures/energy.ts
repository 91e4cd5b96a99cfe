import type { EnergyTerms } from '../../estimate/energy.ts';
import type { StudyCell } from '../../explore/study.ts';
import { mostBy } from './lookup.ts';

export type EnergyTerm = Exclude<keyof EnergyTerms, 'total'>;

export const ENERGY_TERM_TITLES: Readonly<Record<EnergyTerm, string>> = {
  compute: 'Compute',
  onChipMemory: 'On-chip memory',
  offChipMemory: 'Off-chip memory',
  static: 'Static power',
};

export const ENERGY_TERMS = Object.keys(ENERGY_TERM_TITLES) as readonly EnergyTerm[];

/** Joules per inference of one term; the terms add up to the energy per inference. */
export const termJoules = ({ estimate, batch }: StudyCell, term: EnergyTerm): number => estimate.energy[term] / batch;

/** One term over several cells: what a device spends on it when every cell runs once. */
export const summedTerm = (cells: readonly StudyCell[], term: EnergyTerm): number =>
  cells.reduce((sum, cell) => sum + termJoules(cell, term), 0);

export const summedEnergy = (cells: readonly StudyCell[]): number =>
  cells.reduce((sum, { estimate }) => sum + estimate.energyPerInferenceJoules, 0);

export const largestTerm = (cells: readonly StudyCell[]): EnergyTerm =>
  mostBy(ENERGY_TERMS, (term) => summedTerm(cells, term));

/** Watts that the power mode allows on average. */
export const powerCap = ({ target, estimate }: StudyCell): number | null =>
  target.device.power.modes.find(({ name }) => name === estimate.powerMode)?.cap.value ?? null;
