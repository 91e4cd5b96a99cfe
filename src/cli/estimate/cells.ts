/** The cells of `assay estimate`: models x devices x precisions x batches. */
import {
  type CompiledModel,
  type Estimate,
  estimate,
  isMachine,
  type Machine,
  type Precision,
  type Runtime,
  resolveMachine,
  type StudyDevice,
  type ZooEntry,
} from '../../index.ts';
import { InputError } from '../errors.ts';
import { MAX_CELLS } from '../parse.ts';
import { eachStep, type Progress } from '../progress.ts';
import { compileEntry, exactly, type SelectedDevice, targetOf } from '../select.ts';

export interface EstimateSettings {
  readonly models: readonly ZooEntry[];
  readonly devices: readonly SelectedDevice[];
  /** Each device's default where none is given. */
  readonly precisions?: readonly Precision[];
  readonly batches: readonly number[];
  readonly runtime?: Runtime;
  /** Each model's native one where it is left out. */
  readonly resolution?: number;
}

export interface EstimateCell {
  readonly entry: ZooEntry;
  readonly compiled: CompiledModel;
  readonly target: StudyDevice;
  readonly machine: Machine;
  readonly batch: number;
  readonly estimate: Estimate;
}

/** A device, its runtime and one precision as a machine. Throws `InputError` with what the device has. */
const machineOf = (selected: SelectedDevice, target: StudyDevice): Machine => {
  const { device, runtime, precision, powerMode } = target;
  const machine = resolveMachine(device, runtime, {
    precision,
    ...(powerMode === undefined ? {} : { mode: powerMode }),
  });
  if (isMachine(machine)) return machine;
  throw new InputError(machine.code, selected.word, machine.message);
};

/** Model by model, then device, precision and batch in the order given. Throws `InputError`. */
export const estimateCells = async (
  settings: EstimateSettings,
  progress: Progress,
): Promise<readonly EstimateCell[]> => {
  const { models, devices, precisions, batches, runtime, resolution } = settings;
  const machines = devices.flatMap((selected) =>
    (precisions ?? [selected.device.defaultPrecision]).map((precision) => {
      const target = targetOf(selected, { runtime, precision });
      return { target, machine: machineOf(selected, target) };
    }),
  );
  const count = models.length * machines.length * batches.length;
  if (count > MAX_CELLS) {
    const message = `${models.length} models on ${machines.length} devices and precisions at ${batches.length} batches are ${count} estimates: expected at most ${MAX_CELLS}`;
    throw new InputError('too-many-estimates', 'MODEL', message);
  }
  const perModel = await eachStep(models, progress, (entry): readonly EstimateCell[] => {
    const compiled = compileEntry(entry, resolution === undefined ? {} : { resolution });
    return machines.flatMap(({ target, machine }) =>
      batches.map((batch) => ({
        entry,
        compiled,
        target,
        machine,
        batch,
        estimate: exactly(
          `${entry.variant.name} at ${compiled.resolution}×${compiled.resolution}, batch ${batch}`,
          () => estimate(compiled.workload(target.runtime.fusion), machine, batch),
        ),
      })),
    );
  });
  return perModel.flat();
};

/** "calibrated" with the record, or "uncalibrated" with the prior that stood in. */
export const calibrationText = ({ estimate: { calibration } }: EstimateCell): string =>
  calibration.kind === 'calibrated' ? calibration.id : 'uncalibrated';
