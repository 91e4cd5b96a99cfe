/** What the texts of the table of operators have in common. */

export const SAME_SHAPE = 'same as the input';
export const BROADCAST = 'broadcast of the operands';
export const CONVOLVED = 'N×C×D... by M×C/g×k... to N×M×O...';
/** Of a reduction. */
export const REDUCED = 'reduced axes become 1, or go without keepdims';
export const POOLED = 'N×C×D... to N×C×O... as the window slides';
export const MULTIPLIED = '...×M×K by ...×K×N to ...×M×N; leading axes broadcast';
export const MOVES_DATA = 'moves data';
export const FREE = 'free';
/** What the list says is an operand, which the model may compute. */
export const OPEN_LIST = 'extents are open where data decides on the list';
export const OPEN_SCALAR = 'the extent is open where data decides on it';
export const IN_PADDING = 'windows that reach into the padding count in full';

/** "5 per element, 2 of them transcendental". */
export const countText = ([flops, transcendentals]: readonly [number, number], of = 'output element'): string => {
  const each = `${flops} per ${of}`;
  if (transcendentals === 0) return each;
  return flops === transcendentals ? `${each}, transcendental` : `${each}, ${transcendentals} of them transcendental`;
};
