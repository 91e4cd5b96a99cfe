import { describe, expect, it } from 'vitest';
import {
  type CompiledModel,
  compileModel,
  type Device,
  type Estimate,
  estimate,
  findDevice,
  findModel,
  findRuntime,
  type Graph,
  GraphBuilder,
  graphModel,
  isMachine,
  type Machine,
  type ModelEntry,
  resolveMachine,
  totals,
  type WhatIf,
  type WhatIfSuggestion,
  whatIf,
} from '../../src/index.ts';
import { BATCH } from '../../src/ir/shape.ts';

const machineOf = (id: string, options: Parameters<typeof resolveMachine>[2] = {}): Machine => {
  const device = findDevice(id) as Device;
  const runtime = findRuntime(device.defaultRuntime);
  const machine = runtime === undefined ? undefined : resolveMachine(device, runtime, options);
  if (machine === undefined || !isMachine(machine)) throw new Error(`${id} changed`);
  return machine;
};

interface Case {
  readonly entry: ModelEntry;
  readonly compiled: CompiledModel;
}

const ofGraph = (graph: Graph): Case => {
  const entry = graphModel(graph, { name: graph.name, batches: [1] });
  return { entry, compiled: compileModel(entry.variant) };
};

const ofZoo = (name: string, resolution?: number): Case => {
  const entry = findModel(name);
  if (entry === undefined) throw new Error('the zoo changed');
  return { entry, compiled: compileModel(entry.variant, resolution === undefined ? {} : { resolution }) };
};

const search = (subject: Case, machine: Machine, batch = 1, leastGain?: number): WhatIf =>
  whatIf({ ...subject, machine, batch }, leastGain === undefined ? {} : { leastGain });

const estimateOf = ({ compiled }: Case, machine: Machine, batch = 1): Estimate =>
  estimate(compiled.workload(machine.runtime.fusion), machine, batch);

const only = (found: WhatIf, kind: WhatIfSuggestion['kind']): readonly WhatIfSuggestion[] =>
  found.suggestions.filter((suggestion) => suggestion.kind === kind);

/** Two plain convolutions at 128 x 128: 64 channels to `c` and back. */
const two = (c: number): Graph => {
  const g = new GraphBuilder(`two-${c}`);
  const x = g.input('x', [BATCH, 64, 128, 128]);
  const wide = g.node('Relu', 'relu', [g.node('Conv', 'a', [x, g.weight('a.w', [c, 64, 1, 1])])]);
  return g.finish([g.node('Conv', 'b', [wide, g.weight('b.w', [64, c, 1, 1])])]);
};

describe('channels, on arrays of 128 x 128', () => {
  const machine = machineOf('google_tpu_v4');
  const before = estimateOf(ofGraph(two(129)), machine);
  const found = search(ofGraph(two(129)), machine);
  const [down, ...others] = only(found, 'fewer-channels');

  it('suggests 128 in place of 129, with the latency of the network that is built so', () => {
    expect(others).toEqual([]);
    const built = ofGraph(two(128));
    const after = estimateOf(built, machine);
    expect(down).toMatchObject({ layer: 'a', layers: ['a', 'b'], from: 129, to: 128, batch: 1 });
    expect(down?.latencySecondsAfter).toBe(after.latencySeconds);
    expect(down?.energyJoulesAfter).toBe(after.energyPerInferenceJoules);
    expect(down?.gainSeconds).toBeCloseTo(before.latencySeconds - after.latencySeconds, 15);
    expect(down?.paramsAfter).toBe(totals(built.compiled.analyzed).params);
    // One of 129 columns of 64 weights, and one of 129 rows of 64: 128 weights and as many products at 16384 places.
    expect(down?.paramsChange).toBe(-128);
    expect((down?.macsAfter ?? 0) - before.macs).toBe(-128 * 16_384);
    expect(down?.reason).toContain('a: 128 output channels are 1 array block of 128, 129 are 2');
  });

  it('halves the passes, as worked by hand', () => {
    if (machine.geometry.kind !== 'systolic') throw new Error('the device changed');
    // a: k = 64 is one block of rows, n = 129 two blocks of columns; b: k = 129 two blocks of rows, n = 64 one of columns.
    // Each pass streams 16384 positions through an array; fill and drain are 128 + 128 cycles.
    const cycle = (2 * 128 * 128 * machine.units) / (machine.constants.matrixEfficiency * machine.matrixPeak);
    const seconds = (passes: number) => (Math.ceil((passes * 16_384) / machine.units) + 256) * cycle;
    const relu = (channels: number) => (channels * 16_384) / (machine.constants.vectorEfficiency * machine.vectorPeak);
    const [a, b] = before.kernelTimes().computeSeconds;
    expect(a).toBeCloseTo(seconds(2) + relu(129), 12);
    expect(b).toBeCloseTo(seconds(2), 12);
    const [narrowA, narrowB] = estimateOf(ofGraph(two(128)), machine).kernelTimes().computeSeconds;
    expect(narrowA).toBeCloseTo(seconds(1) + relu(128), 12);
    expect(narrowB).toBeCloseTo(seconds(1), 12);
  });

  it('has nothing to say about widths that fill their blocks', () => {
    const full = search(ofGraph(two(128)), machine);
    expect(full.suggestions.filter(({ kind }) => kind.endsWith('channels'))).toEqual([]);
    expect(full.channels.granularity).toMatchObject({ columns: [128], depth: [128] });
  });

  it('offers channels that cost no time', () => {
    const net = (c: number): Graph => {
      const g = new GraphBuilder(`bottleneck-${c}`);
      const x = g.input('x', [BATCH, 512, 128, 128]);
      const a = g.node('Conv', 'a', [x, g.weight('a.w', [c, 512, 1, 1])]);
      return g.finish([g.node('Conv', 'b', [a, g.weight('b.w', [512, c, 1, 1])])]);
    };
    const [up, ...more] = only(search(ofGraph(net(120)), machine), 'more-channels');
    const after = estimateOf(ofGraph(net(128)), machine);
    expect(more).toEqual([]);
    expect(up).toMatchObject({ layer: 'a', from: 120, to: 128, latencySecondsAfter: after.latencySeconds });
    // 8 more of 120 channels, and hardly more time: the passes are the same.
    expect(up?.macsChangeShare).toBeCloseTo(8 / 120, 12);
    expect(up?.gainShare).toBeGreaterThan(-0.001);
    expect(up?.reason).toContain('a: 128 output channels fill the 1 array block of 128 that 120 take already');
    // Beyond the block there is a second pass: 129 is in no table of free channels.
    expect(only(search(ofGraph(net(128)), machine), 'more-channels')).toEqual([]);
  });

  it('counts the depth of a window: 9 x 57 = 513 is a fifth block of 128 for the last product', () => {
    const net = (c: number): Graph => {
      const g = new GraphBuilder(`window-${c}`);
      const x = g.input('x', [BATCH, 64, 128, 128]);
      const a = g.node('Conv', 'a', [x, g.weight('a.w', [c, 64, 1, 1])]);
      return g.finish([
        g.node('Conv', 'b', [a, g.weight('b.w', [64, c, 3, 3])], { attributes: { pads: [1, 1, 1, 1] } }),
      ]);
    };
    // 9 x 56 = 504 is the most that four blocks hold.
    const [narrower] = only(search(ofGraph(net(57)), machine), 'fewer-channels');
    expect(narrower).toMatchObject({ layer: 'a', from: 57, to: 56 });
    expect(narrower?.latencySecondsAfter).toBe(estimateOf(ofGraph(net(56)), machine).latencySeconds);
  });
});

describe('every suggestion is what the estimate of the changed case says', () => {
  const cases = [
    ['mobilenet_v2', 'intel_i7_12700h', 1],
    ['resnet18', 'nvidia_rtx4090', 84],
    ['efficientnet_b0', 'google_tpu_v4', 16],
    ['resnet18', 'google_edge_tpu', 1],
    ['mobilenet_v2', 'kpu_t2', 4],
  ] as const;

  it.each(cases)('%s on %s at batch %i', (name, device, batch) => {
    const machine = machineOf(device);
    const subject = ofZoo(name);
    const before = estimateOf(subject, machine, batch);
    const found = search(subject, machine, batch);
    const { suggestions } = found;
    expect(suggestions.length).toBeGreaterThan(0);
    const gains = suggestions.map(({ gainSeconds }) => gainSeconds);
    expect(gains).toEqual(gains.toSorted((a, b) => b - a));
    for (const suggestion of suggestions) {
      const { kind, to, gainShare, gainSeconds, latencySecondsAfter } = suggestion;
      const old = before.latencySeconds / batch;
      expect(gainSeconds).toBeCloseTo(old - latencySecondsAfter / suggestion.batch, 12);
      expect(gainShare).toBeCloseTo(gainSeconds / old, 9);
      if (kind === 'more-channels') expect(gainShare).toBeGreaterThanOrEqual(-0.001);
      else expect(gainShare).toBeGreaterThanOrEqual(0.01);
      const after = applied(subject, machine, batch, suggestion);
      if (after === undefined) continue;
      expect([kind, to, latencySecondsAfter]).toEqual([kind, to, after.latencySeconds]);
      expect(suggestion.macsAfter).toBe(after.macs);
    }
  });

  /** The case with the change made by other means; channels are worked out above on networks that are built twice. */
  const applied = (
    subject: Case,
    machine: Machine,
    batch: number,
    { kind, to }: WhatIfSuggestion,
  ): Estimate | undefined => {
    const { device, precision } = machine;
    switch (kind) {
      case 'resolution':
        return estimateOf(ofZoo(subject.entry.variant.name, Number(to)), machine, batch);
      case 'batch':
        return estimateOf(subject, machine, Number(to));
      case 'precision':
        return estimateOf(subject, machineOf(device.id, { precision: to as Machine['precision'] }), batch);
      case 'runtime': {
        const runtime = findRuntime(String(to));
        const other = runtime === undefined ? undefined : resolveMachine(device, runtime, { precision });
        return other === undefined || !isMachine(other) ? undefined : estimateOf(subject, other, batch);
      }
      case 'fusion':
        return estimate(subject.compiled.workload(to as 'epilogue'), machine, batch);
      case 'on-chip-memory':
        return estimateOf(subject, { ...machine, onChipCapacity: Number(to) }, batch);
      default:
        return undefined;
    }
  };
});

describe('batches', () => {
  const machine = machineOf('nvidia_rtx4090');
  const subject = ofZoo('resnet18');
  const found = search(subject, machine, 84);
  const latency = (batch: number): number => estimateOf(subject, machine, batch).latencySeconds;

  it('names the smallest batch near the best, and the steepest items', () => {
    const { batches } = found;
    if (batches === undefined) throw new Error('no batches');
    const all = Array.from({ length: batches.largest }, (_, index) => index + 1);
    const best = Math.min(...all.map((batch) => latency(batch) / batch));
    expect(batches.best.secondsPerInference).toBe(best);
    expect(batches.nearBest.batch).toBe(all.find((batch) => latency(batch) / batch <= 1.05 * best));
    expect(batches.cliffs.length).toBeGreaterThan(0);
    for (const { batch, itemSeconds, share } of batches.cliffs) {
      expect(itemSeconds).toBeCloseTo(latency(batch + 1) - latency(batch), 12);
      expect(share).toBeCloseTo((latency(batch + 1) - latency(batch)) / (latency(batch) / batch), 9);
      expect(share).toBeGreaterThan(1.25);
    }
    expect(batches.cliffs.map(({ batch }) => batch)).toContain(83);
  });

  it('steps back from just past a cliff', () => {
    expect(only(found, 'batch')).toEqual([expect.objectContaining({ from: 84, to: 83, batch: 83 })]);
  });

  it('is silent where the file fixes its batch', () => {
    const g = new GraphBuilder('fixed');
    const graph = g.finish([g.node('Conv', 'a', [g.input('x', [4, 64, 32, 32]), g.weight('w', [64, 64, 1, 1])])]);
    const entry = graphModel(graph, { name: 'fixed' });
    const fixed = search({ entry, compiled: compileModel(entry.variant) }, machineOf('google_tpu_v4'), 4);
    expect(fixed.batches).toBeUndefined();
    expect(only(fixed, 'batch')).toEqual([]);
  });
});

describe('bounds and honesty', () => {
  const whole = search(ofZoo('efficientnet_b0'), machineOf('google_tpu_v4'), 16);

  it('has no blocks to fill on a microcontroller, and says so by trying no layer', () => {
    const { channels, suggestions } = search(ofZoo('mobilenet_v2'), machineOf('mcu_stm32h7a3'));
    expect(channels.granularity).toMatchObject({ columns: [], depth: [] });
    expect(channels.tried).toBe(0);
    expect(suggestions.filter(({ kind }) => kind.endsWith('channels'))).toEqual([]);
  });

  it('never gains by arithmetic that is as wide or wider', () => {
    const wider = only(search(ofZoo('mobilenet_v2'), machineOf('nvidia_rtx4090')), 'precision').map(({ to }) => to);
    expect(wider).not.toContain('fp32');
    expect(wider).not.toContain('bf16');
  });

  it('leaves out what gains less than is asked for', () => {
    const strict = search(ofZoo('efficientnet_b0'), machineOf('google_tpu_v4'), 16, 0.1);
    const all = whole;
    const isGain = ({ kind }: WhatIfSuggestion): boolean => kind !== 'more-channels';
    expect(strict.suggestions.filter(isGain)).toEqual(
      all.suggestions.filter((suggestion) => isGain(suggestion) && suggestion.gainShare >= 0.1),
    );
  });

  it('works out all reductions together, which is no sum', () => {
    const found = whole;
    const each = only(found, 'fewer-channels');
    expect(each.length).toBeGreaterThan(1);
    const sum = each.reduce((all, { gainSeconds }) => all + gainSeconds, 0);
    expect(found.together?.gainSeconds).toBeGreaterThan(Math.max(...each.map(({ gainSeconds }) => gainSeconds)));
    expect(Math.abs((found.together?.gainSeconds ?? 0) / sum - 1)).toBeLessThan(0.1);
    // Parameters of layers that share none do add up.
    expect(found.together?.paramsChange).toBe(each.reduce((all, { paramsChange }) => all + paramsChange, 0));
  });

  it('bounds its work on a network of thousands of layers, and says what it left out', () => {
    const g = new GraphBuilder('long');
    let x = g.input('x', [BATCH, 129, 7, 7]);
    for (let i = 0; i < 1500; i++) x = g.node('Conv', `c${i}`, [x, g.weight(`w${i}`, [129, 129, 1, 1])]);
    const { channels, suggestions } = search(ofGraph(g.finish([x])), machineOf('google_tpu_v4'), 1, 0);
    expect(channels.untried).toBeGreaterThan(0);
    expect(channels.tried).toBeLessThanOrEqual(160);
    expect(suggestions.length).toBeGreaterThan(0);
  }, 60_000);
});
