/** JUnit XML, as most CI servers read it: a suite for each model, a case for each limit. */
import {
  type BudgetReport,
  type CheckedLimit,
  layersText,
  limitText,
  printable,
  sentenceOf,
  settingText,
  titleOf,
} from './words.ts';

const escaped = (text: string): string =>
  printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');

const caseName = (result: CheckedLimit): string => {
  const where = settingText(result);
  const of = result.limit.kind === 'operators' ? ': ' : ' ';
  return `${titleOf(result.limit)}${of}${limitText(result.limit)}${where === '' ? '' : ` (${where})`}`;
};

const testCase = (result: CheckedLimit, file: string): string => {
  const open = `    <testcase${attributes({ name: caseName(result), classname: result.model, file, line: result.line, time: 0 })}`;
  const said = sentenceOf(result);
  if (result.passes) return `${open}/>`;
  const text = [said, layersText(result), `${file}:${result.line}: ${result.place}`].filter((line) => line !== '');
  const failure = `<failure${attributes({ message: said, type: result.status })}>${text.map(escaped).join('\n')}</failure>`;
  return `${open}>\n      ${failure}\n    </testcase>`;
};

export const renderJunit = ({ file, results }: BudgetReport): string => {
  const totals = (some: readonly CheckedLimit[]) => ({
    tests: some.length,
    failures: some.filter(({ passes }) => !passes).length,
    errors: 0,
    skipped: 0,
    time: 0,
  });
  const models = [...new Set(results.map(({ model }) => model))];
  const suites = models.map((model) => {
    const own = results.filter((result) => result.model === model);
    const cases = own.map((result) => testCase(result, file)).join('\n');
    return `  <testsuite${attributes({ name: model, ...totals(own) })}>\n${cases}\n  </testsuite>`;
  });
  const head = `<testsuites${attributes({ name: 'assay check', ...totals(results) })}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${[head, ...suites, '</testsuites>'].join('\n')}\n`;
};
