/**
 * Workflow commands of GitHub Actions, which become annotations of the budget file:
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
import { type BudgetReport, failures, layersText, printable, sentenceOf, summaryText, titleOf } from './words.ts';

/** As in @actions/core (src/command.ts). */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

export const renderGithub = (report: BudgetReport): string => {
  const lines = failures(report).map((result) => {
    const title = `${result.model}: ${titleOf(result.limit)}`;
    const said = [`${result.model}: ${sentenceOf(result)}`, layersText(result)].filter((text) => text !== '');
    const properties = [
      `file=${property(printable(report.file))}`,
      `line=${result.line}`,
      `title=${property(printable(title))}`,
    ].join(',');
    // A name may hold line breaks of its own; only ours part the message.
    return `::error ${properties}::${data(said.map(printable).join('\n'))}`;
  });
  return `${[...lines, `assay check: ${printable(report.file)}: ${summaryText(report)}`].join('\n')}\n`;
};
