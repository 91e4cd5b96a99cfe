import { describe, expect, it } from 'vitest';
import { activationBytes, liveness } from '../../src/analysis/liveness.ts';
import { activate, add, conv, flatten } from '../../src/zoo/blocks/conv.ts';
import { analyzed, featureInput } from './graphs.ts';

describe('a chain', () => {
  // x is 4 x 8 x 8 = 256 elements (1024 B in fp32), a 8 x 8 x 8 (2048 B), c 2 x 8 x 8 (512 B).
  const chain = analyzed((g) => {
    const a = conv(g, 'a', featureInput(g, 4, 8), 8);
    return [conv(g, 'c', activate(g, 'b', a, 'relu'), 2).tensor];
  });

  it('overwrites in place where an activation is the last reader', () => {
    expect(liveness(chain).steps).toEqual([
      { name: 'a', liveBytes: 1024 + 2048 },
      { name: 'b', liveBytes: 2048 },
      { name: 'c', liveBytes: 2048 + 512 },
    ]);
    expect(liveness(chain)).toMatchObject({ peakBytes: 3072, peakStep: 0, order: 'as written' });
    expect(liveness(chain).buffers).toEqual([
      { tensors: ['x'], bytes: 1024, firstStep: 0, lastStep: 0 },
      { tensors: ['a:out', 'b:out'], bytes: 2048, firstStep: 0, lastStep: 2 },
      { tensors: ['c:out'], bytes: 512, firstStep: 2, lastStep: 2 },
    ]);
  });

  it('scales with the batch and with the size of an element', () => {
    expect(liveness(chain, 3).peakBytes).toBe(3 * 3072);
    expect(liveness(chain, 1, 'fp16').peakBytes).toBe(1536);
    expect(liveness(chain, 2, 'int4').peakBytes).toBe(768);
  });
});

describe('a residual block', () => {
  it('keeps the skip alive across the branch: three maps at the second convolution', () => {
    // Every map is 4 x 8 x 8 elements = 1024 B.
    const block = analyzed((g) => {
      const skip = conv(g, 'stem', featureInput(g, 4, 8), 4);
      const branch = conv(g, 'conv2', activate(g, 'act', conv(g, 'conv1', skip, 4), 'relu'), 4);
      return [activate(g, 'out', add(g, 'add', branch, skip), 'relu').tensor];
    });
    const { steps, peakBytes, peakStep, buffers } = liveness(block);
    expect(steps.map(({ name, liveBytes }) => [name, liveBytes / 1024])).toEqual([
      ['stem', 2], // input, skip
      ['conv1', 2], // skip, branch
      ['act', 2], // in place
      ['conv2', 3], // skip, branch before and after
      ['add', 2], // in place over the branch; the skip is read for the last time
      ['out', 1],
    ]);
    expect([peakBytes, peakStep]).toEqual([3072, 3]);
    expect(buffers.find(({ tensors }) => tensors.includes('add:out'))?.tensors).toEqual([
      'conv2:out',
      'add:out',
      'out:out',
    ]);
  });
});

describe('in place', () => {
  const buffersOf = (...parameters: Parameters<typeof analyzed>) =>
    liveness(analyzed(...parameters)).buffers.map(({ tensors }) => tensors);

  it('never over a network input', () => {
    expect(buffersOf((g) => [activate(g, 'act', featureInput(g, 4, 8), 'relu').tensor])).toEqual([['x'], ['act:out']]);
  });

  it('never over a view of a network input, while the view itself takes no memory', () => {
    expect(buffersOf((g) => [activate(g, 'act', flatten(g, 'flat', featureInput(g, 4, 8)), 'relu').tensor])).toEqual([
      ['x', 'flat:out'],
      ['act:out'],
    ]);
  });

  it('never over a tensor that somebody reads later', () => {
    const buffers = buffersOf((g) => {
      const a = conv(g, 'a', featureInput(g, 4, 8), 4);
      return [add(g, 'sum', activate(g, 'act', a, 'relu'), a).tensor];
    });
    expect(buffers).toEqual([['x'], ['a:out'], ['act:out', 'sum:out']]);
  });

  it('never over a tensor that a view of it still shows to a later reader', () => {
    const buffers = buffersOf((g) => {
      const a = conv(g, 'a', featureInput(g, 4, 8), 4);
      const view = flatten(g, 'view', a);
      const b = flatten(g, 'b', activate(g, 'act', a, 'relu'));
      return [add(g, 'sum', b, view).tensor];
    });
    expect(buffers).toEqual([['x'], ['a:out', 'view:out'], ['act:out', 'b:out', 'sum:out']]);
  });

  it('never where the sizes differ: a gate is not overwritten by what it scales', () => {
    const buffers = buffersOf((g) => {
      const x = featureInput(g, 4, 8);
      const gate = activate(g, 'gate', conv(g, 'pool', x, 4, { kernel: 8, padding: 0 }), 'sigmoid');
      return [g.node('Mul', 'scale', [x.tensor, gate.tensor])];
    });
    expect(buffers).toEqual([['x'], ['pool:out', 'gate:out'], ['scale:out']]);
  });

  it('never over a network output', () => {
    const buffers = buffersOf((g) => {
      const a = conv(g, 'a', featureInput(g, 4, 8), 4);
      return [a.tensor, activate(g, 'act', a, 'relu').tensor];
    });
    expect(buffers).toEqual([['x'], ['a:out'], ['act:out']]);
  });
});

describe('lifetimes at the ends', () => {
  it('a network output stays until the end, an input that nobody reads for one step', () => {
    const graph = analyzed((g) => {
      const x = featureInput(g, 4, 8);
      featureInput(g, 4, 8, 'unread');
      const early = conv(g, 'early', x, 4);
      return [early.tensor, conv(g, 'late', early, 4).tensor];
    });
    const life = (tensor: string) => {
      const buffer = liveness(graph).buffers.find(({ tensors }) => tensors.includes(tensor));
      return [buffer?.firstStep, buffer?.lastStep];
    };
    expect(life('early:out')).toEqual([0, 1]);
    expect(life('unread')).toEqual([0, 0]);
  });

  it('index types keep their size when activations are asked for in another precision', () => {
    expect(activationBytes('fp32', 'int8')).toBe(1);
    expect(activationBytes('fp64', 'fp16')).toBe(2);
    expect(activationBytes('int64', 'int8')).toBe(8);
    expect(activationBytes('bool', 'fp32')).toBe(1);
  });
});
