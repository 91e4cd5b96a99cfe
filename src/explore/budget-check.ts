/** Models held to a budget: every limit with what the model takes, how far from the limit that is and which layers carry it. */
import { type Estimate, estimate } from '../estimate/estimate.ts';
import type { Machine } from '../estimate/machine.ts';
import { fusionIn, type Runtime } from '../estimate/runtime.ts';
import type { Device } from '../hardware/device.ts';
import type { Graph } from '../ir/graph.ts';
import type { Budget, BudgetLimit, BudgetTarget } from './budget.ts';
import { type Carrier, kernelCosts, largest } from './carriers.ts';
import {
  type Exactness,
  type LimitSetting,
  type Measured,
  type MeasuredModel,
  modelFigures,
  operatorName,
} from './model-figures.ts';

/** What the words of a budget name. */
export interface BudgetHardware {
  machineOf(target: BudgetTarget): Machine;
  deviceOf(word: string): { readonly device: Device; readonly runtime: Runtime };
}

export interface LimitResult {
  readonly model: string;
  readonly limit: BudgetLimit;
  readonly setting: LimitSetting;
  /** In the base unit of the figure; operators that break a rule about operators. */
  readonly actual: number;
  readonly exactness: Exactness;
  /** Room left as a share of the limit, negative where it is broken; `null` where there is no share of it. */
  readonly margin: number | null;
  readonly status: 'holds' | 'broken' | 'unknown';
  /** Whether the check passes: it may be told to pass what is not known. */
  readonly passes: boolean;
  /** What is not known, or which operators break the rule; empty otherwise. */
  readonly reason: string;
  readonly layers: readonly Carrier[];
}

const MAX_NAMED = 6;
const tallyText = (names: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const listed = [...counts].map(([name, count]) => `${count} × ${name}`);
  const more = listed.length > MAX_NAMED ? ` and ${listed.length - MAX_NAMED} other types` : '';
  return `${listed.slice(0, MAX_NAMED).join(', ')}${more}`;
};

/** The figures of one model, each worked out once. */
const figuresOf = (model: MeasuredModel, hardware: BudgetHardware) => {
  const { compiled, batch } = model;
  const { analyzed, workload } = compiled;
  const { ofModel, ofMemory, once, isPartial, lowerBound } = modelFigures(model);

  const ofDevice = ({ figure, on }: BudgetLimit & { readonly kind: 'device' }): Measured => {
    const machine = hardware.machineOf(on);
    const fused = workload(machine.fusion);
    const items = on.batch ?? batch;
    const { device, mode, runtime } = machine;
    const key = [device.id, mode.name, runtime.id, machine.precision, items].join('/');
    const found = once(`estimate/${key}`, () => estimate(fused, machine, items));
    const upper = on.at === 'upper';
    const setting: LimitSetting = {
      ...{ device: device.id, powerMode: mode.name, runtime: runtime.id, precision: machine.precision, batch: items },
      ...{ at: on.at, ...(upper && { level: found.interval.level }) },
    };
    const costs = (): ReturnType<typeof kernelCosts> => once(`costs/${key}`, () => kernelCosts(fused, machine, found));
    const isTime = figure === 'latency' || figure === 'throughput';
    const layers = (): readonly Carrier[] =>
      largest(
        costs().map((kernel) => ({
          name: kernel.name,
          type: kernel.class,
          value: isTime ? kernel.seconds : kernel.joules / items,
        })),
        isTime ? found.unstretchedSeconds : found.energyPerInferenceJoules,
      );
    const exactness: Exactness = !isPartial
      ? 'exact'
      : figure === 'power'
        ? 'unknown'
        : figure === 'throughput'
          ? 'at-most'
          : 'at-least';
    return { actual: deviceFigure(figure, found, machine, upper), ...lowerBound, exactness, setting, layers };
  };

  const ofOperators = (limit: BudgetLimit & { readonly kind: 'operators' }): Measured => {
    const exact = { exactness: 'exact' } as const;
    if (limit.rule === 'on') {
      const { device, runtime } = hardware.deviceOf(limit.device);
      const unsupported = device.host?.unsupported ?? [];
      const kernels = workload(fusionIn(runtime, device.defaultPrecision)).kernels.filter((kernel) =>
        unsupported.includes(kernel.class),
      );
      const parts = kernels.map(({ name, class: type }) => ({ name, type, value: 1 }));
      const reason = kernels.length === 0 ? '' : tallyText(kernels.map((kernel) => kernel.class));
      const setting = { device: device.id, runtime: runtime.id };
      return { actual: parts.length, ...exact, reason, setting, layers: () => largest(parts, parts.length) };
    }
    const breaks = (name: string): boolean =>
      limit.names.some((pattern) => isNamed(name, pattern)) === (limit.rule === 'denied');
    const found = once('operators', () => operatorsOf(analyzed.graph)).filter(({ type }) => breaks(type));
    const parts = found.map((operator) => ({ ...operator, value: 1 }));
    const reason = found.length === 0 ? '' : tallyText(found.map(({ type }) => type));
    return { actual: parts.length, ...exact, reason, setting: {}, layers: () => largest(parts, parts.length) };
  };

  return (limit: BudgetLimit): Measured => {
    switch (limit.kind) {
      case 'model':
        return ofModel(limit.figure);
      case 'memory':
        return ofMemory(limit.figure, limit.precision);
      case 'device':
        return ofDevice(limit);
      case 'operators':
        return ofOperators(limit);
    }
  };
};

/** At the predicted point, or where the latency is at the end of its interval that makes the figure worse. */
const deviceFigure = (
  figure: (BudgetLimit & { readonly kind: 'device' })['figure'],
  found: Estimate,
  machine: Machine,
  upper: boolean,
): number => {
  const { latencySeconds, interval, batch, energy } = found;
  const slow = upper ? interval.highSeconds : latencySeconds;
  const { staticWatts } = machine;
  const dynamicJoules = energy.total - energy.static;
  switch (figure) {
    case 'latency':
      return slow;
    case 'throughput':
      return batch / slow;
    case 'energy':
      // Static power is drawn as long as the inference takes; the work is the same.
      return upper ? (dynamicJoules + staticWatts * slow) / batch : found.energyPerInferenceJoules;
    case 'power':
      // The same work in less time draws more, up to the cap.
      return upper
        ? Math.min(machine.mode.cap.value, dynamicJoules / interval.lowSeconds + staticWatts)
        : found.averagePowerWatts;
  }
};

/** "Conv", "com.microsoft.Gelu", "com.microsoft.*"; `ai.onnx.` may stand before a name of the default domain. */
const isNamed = (name: string, pattern: string): boolean => {
  const plain = pattern.replace(/^ai\.onnx\./, '');
  return plain.endsWith('*') ? name.startsWith(plain.slice(0, -1)) : name === plain;
};

/** Every operator as the graph has it, those of control flow and of the graphs inside it as well. */
const operatorsOf = ({ nodes }: Graph): readonly { readonly name: string; readonly type: string }[] => {
  const found: { readonly name: string; readonly type: string }[] = [];
  const visit = (inner: Graph['nodes']): void => {
    for (const node of inner) {
      found.push({ name: node.name, type: operatorName(node) });
      for (const body of Object.values(node.bodies ?? {})) visit(body.nodes);
    }
  };
  visit(nodes);
  return found;
};

interface Side {
  readonly sense: 'max' | 'min';
  readonly value: number;
}

/** A lower bound above the most that is allowed breaks the limit whatever the rest costs; one below says nothing. */
const statusOf = ({ sense, value }: Side, actual: number, exactness: Exactness): LimitResult['status'] => {
  const holds = sense === 'max' ? actual <= value : actual >= value;
  const decides =
    exactness === 'exact' ||
    (exactness === 'at-least' && holds === (sense === 'min')) ||
    (exactness === 'at-most' && holds === (sense === 'max'));
  if (!decides) return 'unknown';
  return holds ? 'holds' : 'broken';
};

const marginOf = ({ sense, value }: Side, actual: number): number | null => {
  if (value === 0) return null;
  return sense === 'max' ? (value - actual) / value : (actual - value) / value;
};

/** Opsets and operators are no amounts. */
const hasMargin = (limit: BudgetLimit): boolean => limit.kind !== 'operators' && limit.figure !== 'opset';

const NO_OPERATOR: Side = { sense: 'max', value: 0 };

/** Every limit of the budget for one model, in their order. Throws `UnboundSymbolError` while a needed dimension is open. */
export const checkBudget = (budget: Budget, model: MeasuredModel, hardware: BudgetHardware): readonly LimitResult[] => {
  const figureOf = figuresOf(model, hardware);
  return budget.limits.map((limit) => {
    const { actual, exactness, setting, reason = '', layers } = figureOf(limit);
    const side = limit.kind === 'operators' ? NO_OPERATOR : limit;
    const status = statusOf(side, actual, exactness);
    return {
      ...{ model: model.name, limit, setting, actual, exactness, status, reason },
      margin: hasMargin(limit) && (exactness === 'exact' || status === 'broken') ? marginOf(side, actual) : null,
      passes: status === 'holds' || (status === 'unknown' && budget.allowUnknown),
      layers: layers(),
    };
  });
};

/** Whether the limit asks for figures that an open dimension other than the batch leaves open. */
export const needsSizes = (limit: BudgetLimit): boolean =>
  limit.kind === 'device' ||
  (limit.kind === 'memory' && limit.figure !== 'weights') ||
  (limit.kind === 'model' && (limit.figure === 'macs' || limit.figure === 'flops')) ||
  (limit.kind === 'operators' && limit.rule === 'on');
