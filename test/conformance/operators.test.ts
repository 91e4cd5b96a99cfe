import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/ir/graph.ts';
import { atBatch, shapeAt } from '../../src/ir/shape.ts';
import { OPERATOR_CLASSES } from '../../src/ops/classes.ts';
import { isSequence, type TensorType, type ValueType } from '../../src/ops/definition.ts';
import { allOperators } from '../../src/ops/index.ts';
import { findOperator } from '../../src/ops/lookup.ts';
import { affineIn, symbolsOf } from '../../src/units/integer.ts';
import { type OperandSample, type OperatorSample, runDefinition } from '../ops/one-operator.ts';
import { sampleFor } from './operator-samples.ts';

/** Extents that only data decides have no value at any batch. */
const isClosed = (shape: Shape): boolean => shape.every((dim) => symbolsOf(dim).every((name) => name === 'N'));

const COUNTS = ['macs', 'flops', 'transcendentals'] as const;

/** The same operands with the batch put in as a plain number. */
const withBatch = (sample: OperatorSample, batch: number): OperatorSample => {
  const ofTensor = (type: TensorType): TensorType => ({
    ...type,
    shape: shapeAt(type.shape, batch),
    ...(type.values !== undefined && { values: type.values.map((value) => atBatch(value, batch)) }),
  });
  const ofValue = (type: ValueType): ValueType =>
    isSequence(type)
      ? { ...type, members: type.members?.map(ofTensor), element: type.element && ofTensor(type.element) }
      : ofTensor(type);
  const fix = (operand: OperandSample): OperandSample => {
    if (operand === undefined) return undefined;
    return 'dtype' in operand || 'kind' in operand ? ofValue(operand) : shapeAt(operand, batch);
  };
  const bodies = Object.entries(sample.bodies ?? {}).map(([name, outputs]) => [name, outputs.map(ofValue)] as const);
  return { ...sample, operands: sample.operands.map(fix), bodies: Object.fromEntries(bodies) };
};

describe.each(allOperators.map((definition) => [`${definition.domain}:${definition.type}`, definition] as const))(
  '%s',
  (_, definition) => {
    it('is documented: a link to its specification, a summary, ascending opsets', () => {
      expect(definition.specification).toMatch(/^https:\/\/\S+$/);
      // ONNX Runtime adds a few of its own to the default domain.
      const isOnnx = definition.domain === '' && !definition.specification.includes('/microsoft/');
      if (isOnnx) expect(definition.specification).toContain(`__${definition.type}.html`);
      expect(definition.summary).toMatch(/^\S.{5,}/);
      expect(definition.summary).not.toMatch(/\.$/);
      expect(definition.since.length).toBeGreaterThan(0);
      expect(definition.since).toEqual([...new Set(definition.since)].sort((a, b) => a - b));
      for (const opset of definition.since) expect(Number.isSafeInteger(opset) && opset > 0).toBe(true);
    });

    it('says in the table of operators how shape and work follow, in a line each', () => {
      const { table } = definition;
      for (const text of [table.shape, table.work, ...(table.notes === undefined ? [] : [table.notes])]) {
        expect(text).toMatch(/^[ -~×]{1,90}$/);
        expect(text).not.toMatch(/^\s|\s$|(?<!\.\.)\.$|undefined|NaN|\[object/);
      }
      const { work } = runDefinition(definition, sampleFor(definition));
      if (work.treatment.kind === 'approximated') expect(table.notes).toBeDefined();
    });

    it('is found by its name, and by nothing else', () => {
      expect(findOperator(definition.type, definition.domain)).toBe(definition);
      expect(findOperator(definition.type, 'some.other.domain')).toBeUndefined();
    });

    it('has a class, stated or from its loops', () => {
      const { class: kind, work } = runDefinition(definition, sampleFor(definition));
      expect(OPERATOR_CLASSES).toContain(kind);
      if (definition.class === undefined) expect(work.view).toBeDefined();
      expect(definition.fusion === 'contraction').toBe(work.view !== undefined);
    });

    it('has work and shapes that are affine in the batch', () => {
      const sample = sampleFor(definition);
      const symbolic = runDefinition(definition, sample);
      for (const batch of [1, 3, 16]) {
        const fixed = runDefinition(definition, withBatch(sample, batch));
        const known = (type: TensorType | undefined): boolean => type !== undefined && isClosed(type.shape);
        const shapes = symbolic.outputs.map((type) => (known(type) ? shapeAt(type?.shape ?? [], batch) : undefined));
        expect(shapes).toEqual(fixed.outputs.map((type) => (known(type) ? type?.shape : undefined)));
        for (const name of COUNTS) expect(atBatch(symbolic.work[name], batch)).toBe(atBatch(fixed.work[name], 1));
      }
    });

    it('costs nothing that is fixed when all that it reads is per item', () => {
      const { work } = runDefinition(definition, sampleFor(definition));
      for (const name of COUNTS) {
        expect(atBatch(work[name], 3)).toBe(3 * atBatch(work[name], 1));
      }
    });

    it('counts in whole, non-negative numbers; FLOPs hold the MACs twice and the transcendentals', () => {
      const { work } = runDefinition(definition, sampleFor(definition));
      for (const count of [work.macs, work.flops, work.transcendentals, work.fvcoreCount ?? work.macs]) {
        const { fixed, perItem } = affineIn(count, 'N') ?? { fixed: Number.NaN, perItem: Number.NaN };
        for (const part of [fixed, perItem]) expect(Number.isSafeInteger(part) && part >= 0).toBe(true);
      }
      const [macs, flops, transcendentals] = COUNTS.map((name) => atBatch(work[name], 4)) as [number, number, number];
      expect(flops).toBeGreaterThanOrEqual(2 * macs + transcendentals);
    });

    it('says how well its cost is known, with a reason unless it is counted', () => {
      const { work } = runDefinition(definition, sampleFor(definition));
      if (work.treatment.kind !== 'costed') expect(work.treatment.reason).toMatch(/\w{3}/);
      if (work.treatment.kind === 'free') for (const name of COUNTS) expect(atBatch(work[name], 4)).toBe(0);
    });

    it('refuses to run without its first operand, and names the node', () => {
      // A source of numbers (a constant, a random generator) has none.
      if (sampleFor(definition).operands.length === 0) return;
      expect(() => runDefinition(definition, { ...sampleFor(definition), operands: [] })).toThrow(
        expect.objectContaining({ code: 'operator', path: 'the.node' }),
      );
    });
  },
);

it('no operator is defined twice', () => {
  const names = allOperators.map(({ domain, type }) => `${domain}:${type}`);
  expect(names).toEqual([...new Set(names)]);
});
