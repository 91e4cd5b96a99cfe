/** Superlatives against the table of their section, one quantity with two values, and measurements without a method. */
import { formatNumber } from '../../units/format.ts';
import { columnMeaning } from '../columns.ts';
import { spanOf } from '../printed.ts';
import type { AuditedReport, AuditedTable, CellFigure, Sentence } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';
import { subject } from './throughput.ts';

const LEAST = /\b(?:has|is|have)\s+(?:the\s+)?(lowest|smallest|fewest|least|shortest)\s+([a-z][a-z -]{2,40})/i;
const MOST = /\b(?:has|is|have)\s+(?:the\s+)?(highest|largest|most|greatest|longest)\s+([a-z][a-z -]{2,40})/i;

const columnNamed = (table: AuditedTable, words: string): number => {
  const { metric } = columnMeaning(words);
  return table.columns.findIndex((column) =>
    metric !== undefined
      ? column.metric === metric && column.qualifier === ''
      : words.trim() !== '' && column.header.toLowerCase().includes(words.trim().split(' ').slice(0, 2).join(' ')),
  );
};

const superlative = (sentence: Sentence, report: AuditedReport): readonly Verdict[] => {
  const least = LEAST.exec(sentence.text);
  const match = least ?? MOST.exec(sentence.text);
  if (match === null) return [];
  const before = sentence.models.filter(({ end }) => end <= match.index + 1);
  const model = before.at(-1)?.named;
  if (model === undefined) return [];
  const words = (match[2] as string).split(/\b(?:of|at|on|with|and|among)\b/)[0] as string;
  const section = report.section(sentence.headings).tables;
  for (const table of section) {
    const column = columnNamed(table, words);
    if (column === -1) continue;
    const figures = table.rows.flatMap((row) => {
      const figure = row.figures[column];
      return figure === undefined ? [] : [figure];
    });
    const own = figures.filter((figure) => figure.model === model);
    const [first] = own;
    if (figures.length < 2 || first === undefined || own.length > 1) continue;
    const sign = least === null ? -1 : 1;
    const best = figures.reduce((a, b) => (sign * b.printed.value < sign * a.printed.value ? b : a));
    const claim = `${model.variant.title} has the ${match[1]} ${words.trim()}`;
    if (best === first || sign * (first.printed.value - best.printed.value) <= first.printed.step)
      return [holding('superlative', sentence.line, claim)];
    return [
      failing({
        ...{ code: 'superlative', severity: 'error', line: sentence.line, claim },
        computed: best.model?.variant.title ?? best.text,
        explanation: `line ${best.line} has ${best.text}, against ${first.text} in line ${first.line}`,
        group: `superlative-${sentence.line}`,
      }),
    ];
  }
  return [];
};

export const checkSuperlatives: Check = (report) =>
  report.sentences.flatMap((sentence) => superlative(sentence, report));

const OF_A_DEVICE = new Set(['latency', 'rate', 'energy', 'power', 'utilization']);
/** Counts and accuracies of a known model are held to what is published. */
const SAME = new Set(['latency', 'rate', 'energy', 'power']);
const SPREAD = 0.03;

/** One figure under one set of conditions, printed in two tables with values that exclude each other. */
export const checkConsistency: Check = ({ figures, tables }) => {
  const first = new Map<string, CellFigure>();
  return figures.flatMap((figure): readonly Verdict[] => {
    const { metric, qualifier, model, device, batch, resolution, precision } = figure;
    if (!SAME.has(metric) || model === undefined) return [];
    const isOfDevice = OF_A_DEVICE.has(metric);
    if (isOfDevice && device === undefined) return [];
    const runtime =
      tables[figure.table]?.rows[figure.row]?.cells[
        tables[figure.table]?.columns.findIndex((column) => column.metric === 'runtime') ?? -1
      ];
    const key = [
      metric,
      qualifier,
      model.variant.name,
      resolution,
      batch,
      ...(isOfDevice ? [device?.id, precision, runtime] : []),
    ].join('|');
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, figure);
      return [];
    }
    // Rows of one table differ in something that is not understood.
    if (other.table === figure.table) return [];
    const [a, b] = [spanOf(other.printed), spanOf(figure.printed)];
    const claim = `${subject(figure)}${metric} ${figure.text} here and ${other.text} in line ${other.line}`;
    if (a.low <= b.high * (1 + SPREAD) && b.low <= a.high * (1 + SPREAD))
      return [holding('inconsistent', figure.line, claim)];
    return [
      failing({
        ...{ code: 'inconsistent', severity: 'warning', line: figure.line, claim, computed: other.text },
        factor: figure.printed.value / other.printed.value,
        explanation: `the two differ by a factor of ${formatNumber(Math.max(figure.printed.value / other.printed.value, other.printed.value / figure.printed.value))}, and nothing between them says why`,
        group: `inconsistent-${figure.table}-${other.table}`,
      }),
    ];
  });
};

const CALLED_MEASURED =
  /\b(?:total )?measurements?\s*:\s*\d|\b\d[\d,]*\s+(?:real |hardware )?measurements?\b|\bmeasured (?:on|at|with)\b/i;
const METHOD =
  /\b(?:warm-?up|iterations|repetitions|repeated|median of|p50|p90|p99|percentile|trials|wall clock|power meter|wattmeter|nvidia-smi|timer|cuda events|runs each|tensorrt|onnx ?runtime|inductor|tflite|openvino|pytorch|benchmark app|mlperf)\b/i;

export const checkMethod: Check = ({ sentences }) => {
  const called = sentences.filter(({ text }) => CALLED_MEASURED.test(text));
  const [first] = called;
  if (first === undefined) return [];
  const claim = CALLED_MEASURED.exec(first.text)?.[0] ?? first.text;
  const rest = first.text.slice(first.text.indexOf(claim), first.text.indexOf(claim) + 80).trim();
  if (sentences.some(({ text }) => METHOD.test(text))) return [holding('no-method', first.line, rest)];
  return [
    failing({
      ...{ code: 'no-method', severity: 'warning', line: first.line, claim: rest, computed: '' },
      explanation:
        'nothing says what was run, with which runtime, how often and after which warm-up: figures of a model are predictions',
    }),
  ];
};
