/** What a scenario asks, with the rule of how its load is composed. */
import type { DeploymentScenario } from '../../explore/recommend/scenario.ts';
import { averageRate, peakRate } from '../../explore/recommend/scenario.ts';
import { formatNumber, formatPercent, formatSI, formatSpan } from '../../units/format.ts';
import { SECONDS_PER_DAY } from '../../units/quantity.ts';
import type { DefinitionsBlock } from '../blocks.ts';
import { counted } from '../figures/text.ts';
import { figureText } from './text.ts';

type Entry = DefinitionsBlock['entries'][number];

const loadText = (load: NonNullable<DeploymentScenario['load']>): string => {
  const planned = load.utilization < 1 ? `, at most ${formatPercent(load.utilization, 0)} of a device` : '';
  if (load.kind === 'requests') {
    return `${formatNumber(averageRate(load) * SECONDS_PER_DAY)} requests a day, ${formatNumber(load.peakFactor)} times the average at the peak: ${formatNumber(peakRate(load))} per second${planned}`;
  }
  const duty = load.dutyCycle < 1 ? `, ${formatPercent(load.dutyCycle)} of the time` : '';
  return `${counted(load.streams, 'stream')} at ${formatNumber(load.ratePerSecond)} per second: ${formatNumber(peakRate(load))} per second${duty}${planned}`;
};

/** How streams share a device and a batch. */
const ruleText = ({ load, deadline }: DeploymentScenario): string | undefined => {
  if (load === undefined || (load.kind === 'streams' && load.streams === 1)) return undefined;
  const due = deadline === undefined ? '' : ', and both count against the deadline';
  if (load.kind === 'requests') return `evenly spaced; the first of a batch waits for the last${due}`;
  return load.arrival === 'spread'
    ? `inputs come evenly spread; the first of a batch of b waits (b - 1) / (streams of the device × rate) for the last, then for the batch itself${due}`
    : 'inputs of all streams come together; batches of a device follow one another, and the last has to be done inside the deadline and before the next inputs come';
};

const timingText = ({ at }: DeploymentScenario): string =>
  at === 'upper' ? 'at the upper end of the 80 % interval' : 'by the predicted median';

export const askedBlock = (scenario: DeploymentScenario): DefinitionsBlock => {
  const { load, deadline, power, battery, memory, accuracy, cost, maxDevices } = scenario;
  const entries: Entry[] = [];
  const say = (term: string, text: string | undefined): void => {
    if (text !== undefined) entries.push({ term, text });
  };
  const most = (term: string, value: number | undefined, unit: string, of = ''): void =>
    say(term, value === undefined ? undefined : `at most ${figureText(value, unit)}${of}`);
  say('Load', load && loadText(load));
  say('Arrivals', ruleText(scenario));
  say('Deadline', deadline === undefined ? undefined : `${formatSI(deadline, 's')}, ${timingText(scenario)}`);
  say('Devices', maxDevices === undefined ? undefined : `at most ${maxDevices}`);
  most('Energy per inference', scenario.energyPerInference, 'J');
  most('Average power', power?.average, 'W', ' of one device over the day');
  most('Sustained power', power?.sustained, 'W', ' while it works');
  say(
    'Battery',
    battery &&
      `${formatNumber(battery.supply.capacity)} Wh, ${formatPercent(battery.supply.usableShare, 0)} usable, regulator ${formatPercent(battery.supply.regulatorEfficiency, 0)}: at least ${formatSpan(battery.days * SECONDS_PER_DAY)}; ${scenario.rest === 'sleep' ? 'asleep' : 'idle'} between inferences`,
  );
  most('Weight memory', memory?.weights, 'B');
  most('Activation memory', memory?.activations, 'B');
  say(
    'Accuracy',
    accuracy &&
      `${accuracy.metric} of at least ${figureText(accuracy.minimum, accuracy.values === undefined ? '%' : '')}`,
  );
  const { perMillion, perHour, capital } = cost?.limits ?? {};
  most('Cost per million inferences', perMillion, cost?.currency ?? '');
  most('Cost per hour', perHour, cost?.currency ?? '');
  most('Price of the devices', capital, cost?.currency ?? '');
  return { kind: 'definitions', entries };
};
