/** Every operator on operands and attributes of any kind: a result or an error that names the node, soon. */
import { describe, expect, it } from 'vitest';
import { DTYPE_BYTES, type DType } from '../../src/ir/dtype.ts';
import type { AttributeValue, Dim, Graph, GraphInput, Initializer, Node } from '../../src/ir/graph.ts';
import { allOperators } from '../../src/ops/index.ts';
import { symbol } from '../../src/units/integer.ts';
import { patience } from '../patience.ts';
import { analyzed, outcomeOf, randomFrom } from './hostile-outcome.ts';

const RUNS_PER_OPERATOR = Number(process.env.FUZZ_RUNS ?? 60);
const MAX_MS = patience(100);
const DTYPES = Object.keys(DTYPE_BYTES) as readonly DType[];
const DIMS: readonly Dim[] = [0, 1, 1, 2, 3, 4, 5, 7, 8, 16, 224, 2 ** 31, 2 ** 52, symbol('N'), symbol('S')];
const NUMBERS = [-1, 0, 1, 2, 3, 4, 7, -2, -5, 0.5, 1e-30, 1e9, 1e12, 2 ** 52, -(2 ** 52), Infinity, -Infinity, NaN];
const TEXTS = [
  '',
  'VALID',
  'SAME_UPPER',
  'linear',
  'cubic',
  'DCR',
  'ij,jk->ik',
  '...ij->...',
  'i->',
  ',',
  'NHWC',
  '\0',
  'tanh',
];

const generator = (seed: number) => {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const list = <T>(length: number, make: () => T): T[] => Array.from({ length }, make);
  const dtype = (): DType => (random() < 0.6 ? pick(['fp32', 'int64', 'bool', 'uint8'] as const) : pick(DTYPES));
  const number = (): number => (random() < 0.5 ? below(5) : pick(NUMBERS));
  const attribute = (): AttributeValue | undefined => {
    switch (below(9)) {
      case 0:
      case 1:
        return number();
      case 2:
      case 3:
        return list(below(6), number);
      case 4:
        return pick(TEXTS);
      case 5:
        return list(below(3), () => pick(TEXTS));
      case 6:
        return { shape: list(below(3), () => below(4)), dtype: dtype(), values: list(below(5), number) };
      case 7:
        return [{ shape: [2], dtype: dtype() }];
      default:
        return undefined;
    }
  };
  /** Attributes by whatever name they are asked for. */
  const attributes = (): Record<string, AttributeValue> => {
    const share = random();
    const made = new Map<string | symbol, AttributeValue | undefined>();
    return new Proxy<Record<string, AttributeValue>>(Object.create(null), {
      get: (_, name) => {
        if (!made.has(name)) made.set(name, random() < share ? attribute() : undefined);
        return made.get(name);
      },
    });
  };
  const rank = pick([1, 2, 3, 4, 4, 5]);
  const common = list(rank, () => pick(DIMS));
  const shape = (): readonly Dim[] => (random() < 0.6 ? common : list(below(6), () => pick(DIMS)));
  const input = (name: string): GraphInput => {
    const container = random() < 0.08 ? { container: pick(['sequence', 'optional', 'map'] as const) } : {};
    return {
      name,
      dtype: random() < 0.04 ? undefined : dtype(),
      shape: random() < 0.04 ? undefined : shape(),
      ...container,
    };
  };
  const initializer = (name: string): Initializer => {
    const own = random() < 0.3 ? [] : random() < 0.8 ? [1 + below(5)] : list(1 + below(2), () => below(4));
    const count = own.reduce((all, dim) => all * dim, 1);
    const strings = random() < 0.05 ? { strings: list(count, () => pick(TEXTS)) } : { values: list(count, number) };
    return { name, shape: own, dtype: random() < 0.7 ? 'int64' : dtype(), ...(random() < 0.9 && strings) };
  };
  const body = (): Graph => {
    const inputs = list(below(4), () => 0).map((_, index) => ({
      ...input(`b${index}`),
      ...(random() < 0.5 && { shape: undefined }),
    }));
    const nodes: Node[] = inputs.map(({ name }) => ({
      name: `r_${name}`,
      type: 'Relu',
      domain: '',
      inputs: [name],
      outputs: [`o_${name}`],
      attributes: {},
    }));
    return {
      name: 'body',
      opset: 17,
      inputs,
      outputs: list(below(4), () => (inputs.length === 0 ? 'x0' : `o_b${below(inputs.length)}`)),
      initializers: [],
      nodes,
    };
  };
  const graph = (type: string, domain: string): Graph => {
    const names = list(below(random() < 0.2 ? 14 : 6), () => 0).map((_, index) => `x${index}`);
    const isStored = names.map((_, index) => index > 0 && random() < 0.45);
    const outputs = list(1 + below(4), () => 0).map((_, index) => (random() < 0.1 ? '' : `y${index}`));
    const node: Node = {
      ...{ name: 'node', type, domain, outputs, attributes: attributes() },
      inputs: names.map((name) => (random() < 0.05 ? '' : name)),
      ...(random() < 0.9 && { bodies: { body: body(), then_branch: body(), else_branch: body() } }),
      ...(random() < 0.5 && { opset: 1 + below(26) }),
    };
    return {
      ...{ name: 'g', opset: 24, outputs: outputs.filter((name) => name !== ''), nodes: [node] },
      inputs: names.filter((_, index) => isStored[index] !== true).map(input),
      initializers: names.filter((_, index) => isStored[index] === true).map(initializer),
    };
  };
  return graph;
};

describe('operators on operands and attributes of any kind', () => {
  it.each(allOperators.map(({ domain, type }) => [`${domain}:${type}`, domain, type] as const))(
    '%s',
    (_, domain, type) => {
      for (let run = 0; run < RUNS_PER_OPERATOR; run++) {
        const seed = run * 7919 + type.length * 31;
        const started = performance.now();
        try {
          outcomeOf(() => ({ analyzed: analyzed(generator(seed)(type, domain)), warnings: [] }));
        } catch (error) {
          throw new Error(`seed ${seed}: ${(error as Error).stack}`, { cause: error });
        }
        expect(performance.now() - started, `seed ${seed}`).toBeLessThan(MAX_MS);
      }
    },
  );
});
