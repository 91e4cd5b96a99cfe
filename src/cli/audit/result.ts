/** `assay audit`: findings as JSON, as rows and as a document. */
import type { Audit, Reconciled } from '../../audit/api.ts';
import { auditDocumentOf } from '../../report/api.ts';
import type { Result } from '../output.ts';

export interface AuditedFile {
  readonly name: string;
  readonly audit: Audit;
  readonly reconciled: readonly Reconciled[] | undefined;
}

export const auditResult = (
  { name, audit, reconciled }: AuditedFile,
  { every }: { readonly every: boolean },
): Result => {
  const { findings, claims, agreed, figures, tables } = audit;
  return {
    json: () => ({
      schema: 'assay.audit/1',
      file: name,
      findings,
      claims,
      agreed,
      figures,
      tables,
      ...(reconciled !== undefined && { reconciliation: reconciled }),
    }),
    document: () => auditDocumentOf(audit, name, { every, ...(reconciled !== undefined && { reconciled }) }),
    csv: () =>
      reconciled === undefined
        ? {
            columns: ['line', 'severity', 'code', 'claim', 'computed', 'factor', 'explanation'],
            rows: findings.map(({ group: _, ...finding }) => finding),
          }
        : {
            columns: [
              'line',
              'metric',
              'model',
              'device',
              'text',
              'theirs',
              'ours',
              'low',
              'high',
              'factor',
              'agrees',
              'causes',
              'basis',
            ],
            rows: reconciled.map(({ causes, ...row }) => ({ ...row, causes: causes.join(' ') })),
          },
  };
};
