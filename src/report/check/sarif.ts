/** SARIF 2.1.0, which code scanning reads: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import {
  type BudgetReport,
  type CheckedLimit,
  failures,
  layersText,
  printable,
  ruleOf,
  sentenceOf,
  titleOf,
} from './words.ts';

/** A relative reference with `/`, as SARIF wants it (3.4.3). */
const uriOf = (path: string): string => {
  const parts = path.replaceAll('\\', '/').split('/').map(encodeURIComponent);
  // A first part with a colon would be a scheme.
  return parts.join('/').replace(/^\//, 'file:///');
};

const textOf = (result: CheckedLimit): string =>
  [`${result.model}: ${sentenceOf(result)}`, layersText(result)]
    .filter((text) => text !== '')
    .map(printable)
    .join('; ');

const fullText = (rule: string): string =>
  rule.startsWith('operators-')
    ? 'A model uses operators that its budget does not allow.'
    : 'A figure of a model is outside of its budget.';

export interface SarifOptions {
  /** Of Assay. */
  readonly version: string;
}

export const renderSarif = (report: BudgetReport, { version }: SarifOptions): string => {
  const ids = [...new Set(report.results.map(({ limit }) => ruleOf(limit)))];
  const titles = new Map(report.results.map(({ limit }) => [ruleOf(limit), titleOf(limit)]));
  const rules = ids.map((id) => ({
    id,
    name: titles.get(id) ?? id,
    shortDescription: { text: titles.get(id) ?? id },
    fullDescription: { text: fullText(id) },
    defaultConfiguration: { level: 'error' },
  }));
  const results = failures(report).map((result) => ({
    ruleId: ruleOf(result.limit),
    ruleIndex: ids.indexOf(ruleOf(result.limit)),
    level: 'error',
    message: { text: textOf(result) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(report.file) },
          region: { startLine: result.line },
        },
        logicalLocations: [
          { name: printable(result.model), kind: 'module' },
          ...result.layers.map(({ name }) => ({
            name: printable(name),
            fullyQualifiedName: printable(`${result.model}/${name}`),
            kind: 'element',
          })),
        ],
      },
    ],
    // The same limit of the same model is the same finding, however far off it is.
    partialFingerprints: { 'assay/v1': printable(`${result.model}/${result.place}`) },
    properties: {
      status: result.status,
      actual: result.exactness === 'unknown' ? null : result.actual,
      limit: result.limit.kind === 'operators' ? 0 : result.limit.value,
    },
  }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Assay', semanticVersion: version, version, rules } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};
