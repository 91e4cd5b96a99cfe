/** Constraints of which no model and no device can meet both: named in pairs before anything is searched. */
import { isMachine, resolveMachine } from '../../estimate/machine.ts';
import { formatSI, formatSpan } from '../../units/format.ts';
import { SECONDS_PER_DAY } from '../../units/quantity.ts';
import { shortestFill } from './composition.ts';
import { type DeploymentScenario, type SearchSpace, targetName } from './scenario.ts';
import { allowedWatts } from './upkeep.ts';

export interface Contradiction {
  /** As they are called in a scenario file. */
  readonly between: readonly [string, string];
  readonly message: string;
}

type Found = readonly Contradiction[];

const of = (first: string, second: string, message: string): Found => [{ between: [first, second], message }];

const batteryFound = ({ battery, load, power }: DeploymentScenario): Found => {
  if (battery === undefined) return [];
  if (load === undefined) {
    return of('battery.life', 'load', 'how long a battery lasts depends on the load, and none is stated');
  }
  const { sleepWatts } = battery;
  if (sleepWatts === undefined) return [];
  const allowed = allowedWatts(battery);
  if (sleepWatts > allowed) {
    return of(
      'battery.sleep',
      'battery.life',
      `${formatSI(sleepWatts, 'W')} asleep empties the battery before ${formatSpan(battery.days * SECONDS_PER_DAY)}, which allows ${formatSI(allowed, 'W')} in all`,
    );
  }
  if (power?.average !== undefined && sleepWatts > power.average) {
    return of(
      'battery.sleep',
      'power.average',
      `${formatSI(sleepWatts, 'W')} asleep is above the average of ${formatSI(power.average, 'W')} already`,
    );
  }
  return [];
};

const batchesFound = ({ batches, load, deadline }: DeploymentScenario): Found => {
  if (batches === undefined || load === undefined) return [];
  const fills = batches.map((batch) => shortestFill(load, batch));
  const shortest = Math.min(...fills);
  const text = batches.join(', ');
  if (shortest === Number.POSITIVE_INFINITY && load.kind === 'streams') {
    return of('batches', 'load.streams', `a batch of ${text} never fills where ${load.streams} inputs come together`);
  }
  if (deadline === undefined || shortest < deadline) return [];
  return of(
    'batches',
    'deadline',
    `a batch of ${text} takes ${formatSI(shortest, 's')} to fill, and every result is due after ${formatSI(deadline, 's')}`,
  );
};

const precisionsFound = ({ precisions }: DeploymentScenario, { targets }: SearchSpace): Found => {
  if (precisions === undefined || targets.length === 0) return [];
  const none = precisions.filter((precision) => {
    return !targets.some(({ device, runtime }) => isMachine(resolveMachine(device, runtime, { precision })));
  });
  // One of several that a device lacks is no contradiction unless all do.
  if (none.length < precisions.length) return [];
  const offered = [...new Set(targets.flatMap(({ device }) => Object.keys(device.matrixPeaks)))].join(', ');
  return of('precisions', 'devices', `no allowed device computes in ${precisions.join(' or ')}: they have ${offered}`);
};

const costFound = ({ cost, prefer }: DeploymentScenario, { targets }: SearchSpace): Found => {
  const asked = prefer === 'cost' ? 'prefer' : Object.keys(cost?.limits ?? {}).map((name) => `cost.${name}`)[0];
  const bought = targets.filter(({ price }) => price !== undefined);
  const isPriced = targets.some(({ price, pricePerHour }) => price !== undefined || pricePerHour !== undefined);
  const [first] = bought;
  if (cost?.limits.capital !== undefined && bought.length === 0) {
    return of('cost.capital', 'devices', 'no allowed device has a price to hold it to');
  }
  if (asked !== undefined && !isPriced && cost?.perKilowattHour === undefined) {
    return of(asked, 'devices', 'no allowed device has a price, and neither has electricity');
  }
  if (first !== undefined && cost?.lifeSeconds === undefined && needsLife(cost, prefer)) {
    return of('devices', 'cost.life', `${targetName(first)} has a price: over what time is it written off?`);
  }
  return [];
};

const needsLife = (cost: DeploymentScenario['cost'], prefer: DeploymentScenario['prefer']): boolean =>
  prefer === 'cost' || cost?.limits.perHour !== undefined || cost?.limits.perMillion !== undefined;

const valuesFound = ({ accuracy }: DeploymentScenario, { models }: SearchSpace): Found => {
  if (accuracy?.values === undefined || models.length === 0) return [];
  const { values } = accuracy;
  if (models.some(({ variant }) => Object.hasOwn(values, variant.name))) return [];
  return of('accuracy.values', 'models', 'the column has a value for none of the allowed models');
};

/** None where the constraints can be searched: that nothing meets them is then an answer. */
export const contradictionsOf = (scenario: DeploymentScenario, space: SearchSpace): Found => [
  ...batteryFound(scenario),
  ...batchesFound(scenario),
  ...precisionsFound(scenario, space),
  ...costFound(scenario, space),
  ...valuesFound(scenario, space),
];
