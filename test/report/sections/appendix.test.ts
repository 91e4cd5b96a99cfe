import { describe, expect, it } from 'vitest';
import { section } from '../../../src/report/sections/appendix.ts';
import { build, expectSound, prose, reference, small } from './study-fixture.ts';

describe('appendix', () => {
  it('is sound on every study', () => expectSound(section));

  it.each([reference, small])('counts what the study holds', (study) => {
    const text = prose(build(section, study));
    expect(text).toContain(`**Models**: ${study.models.length} of `);
    expect(text).toContain(`**Devices**: ${study.devices.length}, of which `);
    expect(text).toContain(`**Predictions**: ${study.cells.length} over `);
  });
});
