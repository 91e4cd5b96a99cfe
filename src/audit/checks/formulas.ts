/** A column against the formula that the text states for it: "Score = (A FLOPs / Model FLOPs) × (A Params / Model Params)". */
import { formatNumber } from '../../units/format.ts';
import { columnMeaning } from '../columns.ts';
import { modelsIn } from '../names.ts';
import { agrees, minus, over, type Printed, parseNumber, plus, type Span, spanAt, spanOf, times } from '../printed.ts';
import { quantityOf } from '../quantity-text.ts';
import type { AuditedRow, AuditedTable } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';
import { baselineOf } from './ratios.ts';
import { subject } from './throughput.ts';

type Operand = (row: AuditedRow) => Span | undefined;
type Expression =
  | { readonly kind: 'operand'; readonly value: Operand }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };

const OPERATORS = /[()×*·/÷+−]/;
const MAX_TOKENS = 60;

const tokensOf = (text: string): readonly string[] => {
  const tokens: string[] = [];
  let word = '';
  for (const char of text) {
    if (!OPERATORS.test(char)) {
      word += char;
      continue;
    }
    if (word.trim() !== '') tokens.push(word.trim());
    word = '';
    tokens.push(char);
  }
  if (word.trim() !== '') tokens.push(word.trim());
  return tokens;
};

/** What a term stands for in a table: a number, a column of the row, or that column in the row of a named model. */
const operandFor = (term: string, table: AuditedTable): Operand | undefined => {
  const number = parseNumber(term);
  if (number !== undefined) return () => spanAt(number.value);
  const named = modelsIn(term)[0];
  const rest = (named === undefined ? term : term.slice(0, named.index) + term.slice(named.end))
    .replace(/\b(?:the|of|model(?:'s)?|its|this)\b/gi, ' ')
    .trim();
  const isBaseline = /\b(?:baseline|reference)\b/i.test(rest);
  const { metric } = columnMeaning(rest.replace(/\b(?:baseline|reference)(?:'s)?\b/gi, ' ').trim());
  if (metric === undefined) return undefined;
  const places = table.columns.flatMap((column, at) =>
    column.metric === metric && column.qualifier === '' ? [at] : [],
  );
  const [place] = places;
  if (place === undefined || places.length > 1) return undefined;
  const spanIn = (row: AuditedRow | undefined): Span | undefined => {
    const figure = row?.figures[place];
    return figure && spanOf(figure.printed);
  };
  if (named === undefined && !isBaseline) return spanIn;
  const model = named?.named ?? baselineOf(table);
  const base = table.rows.find((row) => row.model === model);
  return base === undefined ? undefined : () => spanIn(base);
};

/** Precedence climbing over two levels; `undefined` where a term is none of the table's. */
const parse = (tokens: readonly string[], table: AuditedTable): Expression | undefined => {
  let at = 0;
  const primary = (): Expression | undefined => {
    const token = tokens[at];
    if (token === undefined) return undefined;
    at += 1;
    if (token === '(') {
      const inner = sum();
      if (tokens[at] !== ')') return undefined;
      at += 1;
      return inner;
    }
    const value = operandFor(token, table);
    return value && { kind: 'operand', value };
  };
  const level = (operators: RegExp, next: () => Expression | undefined) => (): Expression | undefined => {
    let left = next();
    while (left !== undefined && operators.test(tokens[at] ?? '')) {
      const operator = tokens[at] as string;
      at += 1;
      const right = next();
      left = right && { kind: 'binary', operator, left, right };
    }
    return left;
  };
  const term = level(/^[×*·/÷]$/, primary);
  const sum = level(/^[+−]$/, term);
  const whole = sum();
  return at === tokens.length ? whole : undefined;
};

const evaluate = (expression: Expression, row: AuditedRow): Span | undefined => {
  if (expression.kind === 'operand') return expression.value(row);
  const left = evaluate(expression.left, row);
  const right = evaluate(expression.right, row);
  if (left === undefined || right === undefined) return undefined;
  switch (expression.operator) {
    case '+':
      return plus(left, right);
    case '−':
      return minus(left, right);
    case '/':
    case '÷':
      return over(left, right);
    default:
      return times(left, right);
  }
};

const squash = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
const STATEMENT = /([A-Za-z][A-Za-z0-9 -]{2,40}?)\s*[=:]\s*([^=:;]{5,200}?)(?=$|[.;]\s|[.;]$|\n)/g;

export const checkFormulas: Check = ({ tables }) =>
  tables.flatMap((table) => {
    const verdicts: Verdict[] = [];
    for (const note of [...table.notes, table.caption]) {
      for (const [, name = '', formula = ''] of note.matchAll(STATEMENT)) {
        const place = table.columns.findIndex(({ header }) => squash(header) === squash(name));
        const tokens = tokensOf(formula.trim());
        if (place === -1 || tokens.length < 3 || tokens.length > MAX_TOKENS) continue;
        const expression = parse(tokens, table);
        if (expression === undefined) continue;
        verdicts.push(
          ...table.rows.flatMap((row) =>
            rowVerdict(row, place, table, expression, `${name.trim()} = ${formula.trim()}`),
          ),
        );
      }
    }
    return verdicts;
  });

const rowVerdict = (
  row: AuditedRow,
  place: number,
  table: AuditedTable,
  expression: Expression,
  formula: string,
): readonly Verdict[] => {
  const cell = row.cells[place];
  const printed: Printed | undefined = cell === undefined ? undefined : quantityOf(cell)?.printed;
  const computed = evaluate(expression, row);
  if (printed === undefined || computed === undefined) return [];
  const claim = `${subject(row)}${table.columns[place]?.header.replace(/[*†‡]/g, '').trim()} ${cell?.trim()}`;
  if (agrees(printed, computed)) return [holding('formula', row.line, claim)];
  return [
    failing({
      ...{ code: 'formula', severity: 'error', line: row.line, claim, computed: formatNumber(computed.mid) },
      factor: printed.value / computed.mid,
      explanation: `the stated formula, ${formula}, gives ${formatNumber(computed.mid)} with the figures of the table`,
      group: `formula-${table.line}-${place}`,
    }),
  ];
};
