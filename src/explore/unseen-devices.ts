/** Devices that no fit saw: from the datasheet with constants of the others of their class, and after ten measured models. */
import { fitConstants, predictSeconds } from '../estimate/calibrate.ts';
import type { TimeConstants } from '../estimate/constants.ts';
import type { Machine } from '../estimate/machine.ts';
import { median } from '../estimate/statistics.ts';
import { type Errors, errorsOf, machineOf, type PredictedRow } from './accuracy.ts';
import { type BaselineSeconds, baselineRow, fitBaselines } from './baselines.ts';
import type { MeasuredCase, MeasurementGroup } from './measured.ts';

/** Constants of a class, fitted without one of its devices. */
export interface DeviceFit {
  readonly device: string;
  readonly constants: TimeConstants;
  /** Of the others under software of the device's tables, where there are some. */
  readonly software?: readonly {
    readonly runtime: string;
    readonly precision: string;
    readonly constants: TimeConstants;
  }[];
}

const constantsFor = ({ constants, software = [] }: DeviceFit, { runtime, precision }: MeasurementGroup) =>
  software.find((each) => each.runtime === runtime.id && each.precision === precision)?.constants ?? constants;

export interface UnseenDevice {
  readonly device: string;
  readonly architecture: string;
  readonly runtimeClass: string;
  readonly rows: readonly PredictedRow[];
  readonly datasheet: Errors;
  /** After calibrating on ten measured models, on the rows of the other models; absent where there are too few. */
  readonly calibrated?: Errors;
}

/** What a user measures first. */
export const MEASURED_MODELS = 10;

const evenly = <Item>(items: readonly Item[], count: number): readonly Item[] =>
  Array.from({ length: Math.min(count, items.length) }, (_, i) => {
    const at = Math.floor(((i + 0.5) * items.length) / Math.min(count, items.length));
    return items[at] as Item;
  });

const workOf = ({ workload, batch }: MeasuredCase): number => workload.macs.fixed + workload.macs.perItem * batch;

/**
 * So many rows of different models, spread over the families and inside each over the sizes of its models. It looks at
 * no latency: whoever chooses what to measure has none yet.
 */
export const spreadRows = (rows: readonly MeasuredCase[], count: number): readonly MeasuredCase[] => {
  const byModel = new Map<string, MeasuredCase>();
  const sorted = rows.toSorted((a, b) => workOf(a) - workOf(b) || (a.model < b.model ? -1 : a.model > b.model ? 1 : 0));
  for (const row of sorted) if (!byModel.has(row.model)) byModel.set(row.model, row);
  const byFamily = new Map<string, MeasuredCase[]>();
  for (const row of byModel.values()) byFamily.set(row.family, [...(byFamily.get(row.family) ?? []), row]);
  const families = evenly(
    [...byFamily.keys()].sort().map((family) => byFamily.get(family) ?? []),
    count,
  );
  // One more from each family in turn, as long as it has one.
  const wanted = families.map(() => 0);
  for (let left = Math.min(count, byModel.size), turn = 0; left > 0 && turn < count * families.length; turn++) {
    const at = turn % families.length;
    if ((wanted[at] as number) >= (families[at] as readonly MeasuredCase[]).length) continue;
    wanted[at] = (wanted[at] as number) + 1;
    left--;
  }
  return families.flatMap((family, at) => evenly(family, wanted[at] as number));
};

const medianRatio = (rows: readonly MeasuredCase[], predicted: (row: MeasuredCase) => number): number =>
  Math.exp(median(rows.map((row) => Math.log(row.latencySeconds / predicted(row)))));

interface Member {
  readonly group: MeasurementGroup;
  readonly machine: Machine;
}

type Baselines = (row: MeasuredCase, machine: Machine) => BaselineSeconds;

/** Both baselines as the other devices of the class have them, each device with the same weight. */
const baselinesWithout = (device: string, members: readonly Member[]): Baselines => {
  const sizes = new Map<string, number>();
  for (const { group } of members) {
    sizes.set(group.device.id, (sizes.get(group.device.id) ?? 0) + group.rows.length);
  }
  const say = fitBaselines(
    members
      .filter(({ group }) => group.device.id !== device)
      .flatMap(({ group, machine }) =>
        group.rows.map((row) => baselineRow(row, machine, 1 / (sizes.get(group.device.id) ?? 1))),
      ),
  );
  return (row, machine) => say(baselineRow(row, machine, 1));
};

/**
 * Constants fitted to ten models, and one scale for each of the simpler models from the same rows; none where they would be
 * judged on fewer models than they are from.
 */
const afterTen = ({ group, machine }: Member, baselines: Baselines): readonly PredictedRow[] => {
  if (new Set(group.rows.map(({ model }) => model)).size < 2 * MEASURED_MODELS) return [];
  const known = spreadRows(group.rows, MEASURED_MODELS);
  const models = new Set(known.map(({ model }) => model));
  const calibrated = { ...machine, constants: fitConstants(known, machine, { start: machine.constants }) };
  const factors = {
    macs: medianRatio(known, (row) => baselines(row, machine).macs),
    roofline: medianRatio(known, (row) => baselines(row, machine).roofline),
  };
  return group.rows
    .filter(({ model }) => !models.has(model))
    .map((row) => {
      const { macs, roofline } = baselines(row, machine);
      return {
        row,
        predictedSeconds: predictSeconds(row, calibrated),
        baselines: { macs: macs * factors.macs, roofline: roofline * factors.roofline },
      };
    });
};

/** The devices of one class that a fit was made without, in the order of the fits. */
export const unseenDevices = (
  groups: readonly MeasurementGroup[],
  fits: readonly DeviceFit[],
): readonly UnseenDevice[] => {
  const members = groups.flatMap((group): readonly Member[] => {
    const machine = machineOf(group);
    return machine === undefined ? [] : [{ group, machine }];
  });
  // Constants of a class of one device were fitted to nothing.
  if (fits.length < 2) return [];
  return fits.flatMap((fit): readonly UnseenDevice[] => {
    const { device } = fit;
    const baselines = baselinesWithout(device, members);
    const own = members
      .filter(({ group }) => group.device.id === device)
      .map(({ group, machine }): Member => ({ group, machine: { ...machine, constants: constantsFor(fit, group) } }));
    const [first] = own;
    if (first === undefined) return [];
    const rows = own.flatMap(({ group, machine }) =>
      group.rows.map((row) => ({
        row,
        predictedSeconds: predictSeconds(row, machine),
        baselines: baselines(row, machine),
      })),
    );
    const after = own.flatMap((member) => afterTen(member, baselines));
    return [
      {
        ...{ device, rows },
        architecture: first.group.device.geometry.kind,
        runtimeClass: first.group.runtime.class,
        datasheet: errorsOf(rows),
        ...(after.length > 0 && { calibrated: errorsOf(after) }),
      },
    ];
  });
};
