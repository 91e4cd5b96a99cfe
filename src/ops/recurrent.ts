/**
 * Recurrent layers. Specs: https://onnx.ai/onnx/operators/ (RNN 1, 7, 14, 22; GRU 1, 3, 7, 14, 22;
 * LSTM 1, 7, 14, 22). X (steps, batch, input), or (batch, steps, input) with `layout` 1 from
 * opset 14; W (directions, gates x hidden, input), R (directions, gates x hidden, hidden).
 * Multiply-accumulates: directions x steps x batch x gates x hidden x (input + hidden).
 * Beside them per hidden element, step, sequence and direction:
 *   all    the functions of the gates; 2 per gate with biases; 2 per function with `clip`
 *   LSTM   c = f c + i g: 3, h = o h(c): 1; peepholes 6; `input_forget` 1 in place of a function
 *   GRU    r with the state: 1, h = (1 - z) n + z h: 4; `linear_before_reset` 1
 * Every sequence is counted at full length: `sequence_lens` may end it earlier, which is said.
 */
import type { Dim } from '../ir/graph.ts';
import { add, multiply, product, sameInteger } from '../units/integer.ts';
import type { OperandRole, OperatorContext, OperatorDefinition, OperatorWork, TensorType } from './definition.ts';
import { recurrentActivation } from './recurrent-activation.ts';

interface Cell {
  readonly type: string;
  readonly since: readonly number[];
  readonly summary: string;
  readonly gates: number;
  readonly inputRoles: readonly OperandRole[];
  /** Functions per direction, as they are where the model says nothing. */
  readonly activations: readonly string[];
  /** How often each of them is applied per hidden element. */
  readonly uses: readonly number[];
  /** The arithmetic that joins the gates, per hidden element. */
  join(context: OperatorContext): number;
  /** Outputs after Y: one state each. */
  readonly states: number;
}

const extents = (context: OperatorContext, cell: Cell) => {
  const { shape } = context.input(0);
  const weight = context.input(1).shape;
  const recurrence = context.input(2).shape;
  if (shape.length !== 3 || weight.length !== 3 || recurrence.length !== 3) {
    context.fail(`X, W and R have ${shape.length}, ${weight.length} and ${recurrence.length} axes, expected 3 each`);
  }
  const batchFirst = context.integer('layout', 0) === 1;
  const [first, second, width] = shape as readonly [Dim, Dim, Dim];
  const [steps, batch] = batchFirst ? [second, first] : [first, second];
  const isTwoWay = context.text('direction', 'forward').toLowerCase() === 'bidirectional';
  const directions = isTwoWay ? 2 : 1;
  context.agree(weight[0] as Dim, directions, 'directions and W');
  context.agree(recurrence[0] as Dim, directions, 'directions and R');
  const inputSize = context.agree(width, weight[2] as Dim, 'input size and W');
  const stated = context.attribute('hidden_size');
  const own = recurrence[2] as Dim;
  const hidden = typeof stated === 'number' ? context.agree(own, stated, 'R and hidden_size') : own;
  context.agree(weight[1] as Dim, multiply(hidden, cell.gates), `W and ${cell.gates} gates`);
  context.agree(recurrence[1] as Dim, multiply(hidden, cell.gates), `R and ${cell.gates} gates`);
  return { steps, batch, directions, inputSize, hidden, batchFirst };
};

const outputTypes = (context: OperatorContext, cell: Cell): readonly TensorType[] => {
  const { steps, batch, directions, hidden, batchFirst } = extents(context, cell);
  const { dtype } = context.input(0);
  const state = { shape: batchFirst ? [batch, directions, hidden] : [directions, batch, hidden], dtype };
  const all = { shape: batchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden], dtype };
  return [all, ...Array.from({ length: cell.states }, () => state)];
};

/** Operations and transcendentals per hidden element, step and sequence, of all directions together. */
const perElement = (context: OperatorContext, cell: Cell, directions: number) => {
  const stated = context.texts('activations', []);
  const perDirection = cell.activations.length;
  let transcendentals = 0;
  let flops = directions * cell.join(context);
  for (let index = 0; index < directions * perDirection; index++) {
    const name = stated[index] ?? (cell.activations[index % perDirection] as string);
    const found = recurrentActivation(name) ?? context.fail(`the function "${name}" is not known`);
    const place = index % perDirection;
    // Coupled gates: the forget gate is 1 - i, one operation in place of a function.
    const isCoupled = place === 0 && context.integer('input_forget', 0) === 1;
    const uses = (cell.uses[place] as number) - (isCoupled ? 1 : 0);
    const clipped = context.attribute('clip') === undefined ? 0 : 2;
    flops += uses * (found.flops + clipped) + (isCoupled ? 1 : 0);
    transcendentals += uses * found.transcendentals;
  }
  if (context.hasInput(3)) flops += directions * 2 * cell.gates;
  return { flops, transcendentals };
};

const cellWork = (context: OperatorContext, cell: Cell): OperatorWork => {
  const { steps, batch, directions, inputSize, hidden } = extents(context, cell);
  const elements = product([batch, steps, hidden]);
  const depth = add(inputSize, hidden);
  const macs = product([elements, directions * cell.gates, depth]);
  const per = perElement(context, cell, directions);
  const lengths = context.optionalInput(4);
  const full = lengths === undefined || lengths.values?.every((length) => sameInteger(length, steps)) === true;
  return {
    macs,
    flops: add(multiply(macs, 2), multiply(elements, per.flops)),
    transcendentals: multiply(elements, per.transcendentals),
    view: {
      // A step waits for the one before it, so steps are not rows of one product.
      groups: multiply(steps, directions),
      m: batch,
      n: multiply(hidden, cell.gates),
      k: depth,
      window: 1,
      spatial: false,
    },
    treatment: full
      ? { kind: 'costed' }
      : { kind: 'approximated', reason: 'every sequence is counted at full length; sequence_lens may end it earlier' },
  };
};

/** X, W, R, B, sequence_lens, initial states. */
const INPUT_ROLES: readonly OperandRole[] = ['activation', 'weight', 'weight', 'weight', 'setting', 'activation'];

const CELLS: readonly Cell[] = [
  {
    type: 'RNN',
    since: [1, 7, 14, 22],
    summary: 'Recurrent layer with one function per step',
    gates: 1,
    inputRoles: INPUT_ROLES,
    activations: ['Tanh'],
    uses: [1],
    join: () => 0,
    states: 1,
  },
  {
    type: 'GRU',
    since: [1, 3, 7, 14, 22],
    summary: 'Recurrent layer with update and reset gates',
    gates: 3,
    inputRoles: INPUT_ROLES,
    activations: ['Sigmoid', 'Tanh'],
    uses: [2, 1],
    join: (context) => (context.integer('linear_before_reset', 0) === 0 ? 5 : 6),
    states: 1,
  },
  {
    type: 'LSTM',
    since: [1, 7, 14, 22],
    summary: 'Recurrent layer with input, output and forget gates and a cell',
    gates: 4,
    inputRoles: [...INPUT_ROLES, 'activation', 'weight'],
    activations: ['Sigmoid', 'Tanh', 'Tanh'],
    uses: [3, 1, 1],
    join: (context) => (context.hasInput(7) ? 10 : 4),
    states: 2,
  },
];

export const operators: readonly OperatorDefinition[] = CELLS.map((cell) => ({
  type: cell.type,
  domain: '',
  since: cell.since,
  summary: cell.summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${cell.type}.html`,
  table: {
    shape: 'L×N×I to L×D×N×H and the last states D×N×H',
    work: `MACs: D × L × N × ${cell.gates === 1 ? '' : `${cell.gates} `}H × (I + H); biases, functions and joins per H`,
    notes: 'every sequence is counted at full length',
  },
  class: 'recurrent',
  fusion: 'contraction',
  factors: [0, 1, 2],
  inputRoles: cell.inputRoles,
  infer: (context) => outputTypes(context, cell),
  work: (context) => cellWork(context, cell),
}));
