import { describe, expect, it } from 'vitest';
import { allOperators } from '../../src/index.ts';
import { invoke, json } from './invoke.ts';

interface Row {
  readonly type: string;
  readonly domain: string;
  readonly opsets: readonly number[];
  readonly shape: string | null;
  readonly work: string | null;
  readonly notes: string | null;
}

const operators = async (): Promise<readonly Row[]> => {
  const { operators: rows } = (await json('ops')) as { readonly operators: readonly Row[] };
  return rows;
};

describe('assay ops', () => {
  it('lists every operator once, with its shape, work and notes', async () => {
    const rows = await operators();
    expect(rows).toHaveLength(allOperators.length);
    for (const { type, domain, since, table } of allOperators) {
      const own = rows.filter((row) => row.type === type && row.domain === domain);
      expect(own).toEqual([
        expect.objectContaining({
          opsets: since,
          shape: table.shape,
          work: table.work,
          notes: table.notes ?? null,
        }),
      ]);
    }
  });

  it('derives the operations per element from those that are counted', async () => {
    const rows = await operators();
    const textOf = (type: string) => rows.find((row) => row.type === type && row.domain === '');
    expect(textOf('Sigmoid')).toMatchObject({
      shape: 'same as the input',
      work: '4 per output element, 2 of them transcendental',
      notes: null,
    });
    expect(textOf('Sub')).toMatchObject({ shape: 'broadcast of the operands', work: '1 per output element' });
    expect(textOf('Exp')?.work).toBe('1 per output element, transcendental');
    expect(textOf('LpPool')?.work).toBe(
      '2 w per window of w, 1 of them transcendental; p = 1: 2 w - 1; other p: 3 w, w + 1',
    );
    expect(textOf('ReduceLogSumExp')?.work).toBe(
      'w - 1 per output of w; 1 per input, transcendental; 1 per output, transcendental',
    );
    expect(textOf('Identity')?.work).toBe('free');
    expect(textOf('Transpose')?.work).toBe('moves data');
  });

  it('shows shape, work and notes, and what the width leaves no room for by name', async () => {
    const { stdout } = await invoke('ops', { columns: 140 });
    expect(stdout).toMatch(/^Operator +Opsets +Shape +Work +Notes/m);
    expect(stdout.replace(/\s+/g, ' ')).toContain('Not shown at 140 columns: class, fusion, summary.');
  });

  it('leaves the opsets out only where the texts could not be wrapped beside them', async () => {
    const narrow = (await invoke('ops', { columns: 80 })).stdout;
    expect(narrow).toMatch(/^Operator +Shape +Work +Notes/m);
    expect(narrow.replace(/\s+/g, ' ')).toContain('Not shown at 80 columns: opsets, class, fusion, summary.');
    expect((await invoke('ops', { columns: 100 })).stdout).toMatch(/^Operator +Opsets +Shape +Work +Notes/m);
  });
});
