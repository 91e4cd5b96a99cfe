/** The cells of `assay estimate`: models x devices x precisions x batches. */
import {
  type CompiledModel,
  type Estimate,
  estimate,
  isMachine,
  type Machine,
  type ModelEntry,
  type Precision,
  type Runtime,
  resolveMachine,
  type StudyDevice,
} from '../../index.ts';
import { warningsOf } from '../analyze/warnings.ts';
import { type CalibrationFile, requireUse, withCalibrationFile } from '../calibrate/file.ts';
import { InputError } from '../errors.ts';
import { onFile } from '../model/file.ts';
import { compileSelected, requireClosed, type SelectedModel } from '../model/select.ts';
import type { Warning } from '../output.ts';
import { MAX_CELLS } from '../parse.ts';
import { eachStep, type Progress } from '../progress.ts';
import { exactly, type SelectedDevice, targetOf } from '../select.ts';

export interface EstimateSettings {
  readonly models: readonly SelectedModel[];
  readonly devices: readonly SelectedDevice[];
  /** Each device's default where none is given. */
  readonly precisions?: readonly Precision[];
  readonly runtime?: Runtime;
  /** Each model's native one where it is left out. */
  readonly resolution?: number;
  readonly calibration?: CalibrationFile;
}

export interface EstimateCell {
  readonly entry: ModelEntry;
  readonly source: SelectedModel['source'];
  readonly compiled: CompiledModel;
  readonly target: StudyDevice;
  readonly machine: Machine;
  readonly batch: number;
  readonly estimate: Estimate;
}

/** A device, its runtime and one precision as a machine. Throws `InputError` with what the device has. */
export const machineOf = (selected: SelectedDevice, target: StudyDevice): Machine => {
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
  const { models, devices, precisions, runtime, resolution, calibration } = settings;
  const machines = devices.flatMap((selected) =>
    (precisions ?? [selected.device.defaultPrecision]).map((precision) => {
      const target = targetOf(selected, { runtime, precision });
      return { target, machine: withCalibrationFile(machineOf(selected, target), calibration) };
    }),
  );
  if (calibration !== undefined)
    requireUse(
      machines.map(({ machine }) => machine),
      calibration,
    );
  const batchesOf = ({ batches = [1] }: SelectedModel): readonly number[] => batches;
  const most = Math.max(...models.map((model) => batchesOf(model).length));
  const count = machines.length * models.reduce((sum, model) => sum + batchesOf(model).length, 0);
  if (count > MAX_CELLS) {
    const message = `${models.length} models on ${machines.length} devices and precisions at ${most} batches are ${count} estimates: expected at most ${MAX_CELLS}`;
    throw new InputError('too-many-estimates', 'MODEL', message);
  }
  const perModel = await eachStep(models, progress, (model): readonly EstimateCell[] => {
    const { entry } = model;
    const compiled = compileSelected(model, resolution === undefined ? {} : { resolution });
    requireClosed(model, compiled);
    const counted = <Value>(run: () => Value): Value =>
      model.source === undefined ? run() : onFile(model.source.file.path, run);
    return machines.flatMap(({ target, machine }) =>
      batchesOf(model).map((batch) => ({
        entry,
        source: model.source,
        compiled,
        target,
        machine,
        batch,
        estimate: counted(() =>
          exactly(`${entry.variant.name}${sizeText(compiled)}, batch ${batch}`, () =>
            estimate(compiled.workload(machine.fusion), machine, batch),
          ),
        ),
      })),
    );
  });
  return perModel.flat();
};

/** " at 224×224"; nothing where the input is no square image. */
export const sizeText = ({ resolution }: Pick<CompiledModel, 'resolution'>): string =>
  resolution === undefined ? '' : ` at ${resolution}×${resolution}`;

/** What is odd about the files among the models, once each. */
export const modelWarnings = (cells: readonly EstimateCell[]): readonly Warning[] =>
  [...new Map(cells.map(({ compiled, ...cell }) => [compiled, cell] as const))].flatMap(([{ analyzed }, cell]) =>
    cell.source === undefined ? [] : warningsOf(cell.entry, cell.source.file.warnings, analyzed),
  );

/** "calibrated" with the record, or "uncalibrated" with the prior that stood in. */
export const calibrationText = ({ estimate: { calibration } }: EstimateCell): string =>
  calibration.kind === 'calibrated' ? calibration.id : 'uncalibrated';
