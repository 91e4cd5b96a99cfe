import { it } from 'vitest';
import { readFileSync } from 'node:fs';
import { auditDocument } from '/work/main/src/audit/audit.ts';
import { readSource, sourceFormatOf } from '/work/main/src/audit/read-source.ts';
it('x', () => {
  for (const f of (process.env.F ?? '').split(',')) {
    const text = readFileSync(f, 'utf8');
    const t = performance.now();
    const r = readSource(text, sourceFormatOf(f.slice(f.lastIndexOf('.')), text));
    if (!r.ok) { console.log(r); continue; }
    const a = auditDocument(r.document);
    console.log('FILE', f, a.claims, a.agreed, a.findings.length, Math.round(performance.now() - t), 'ms');
    for (const x of a.findings) console.log(`F ${x.line} [${x.severity}] ${x.code}: ${x.claim} => ${x.computed} (x${x.factor?.toPrecision(3)}) ${x.explanation}`);
  }
});
