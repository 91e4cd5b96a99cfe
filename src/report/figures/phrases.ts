/** Spans of figures as text, beside the pieces of sentences in text.ts. */

/** "12 % to 30 %", or one figure where both ends read the same. */
export const spanText = (values: readonly number[], format: (value: number) => string): string => {
  const low = format(Math.min(...values));
  const high = format(Math.max(...values));
  return low === high ? low : `${low} to ${high}`;
};

/** A sentence's "(hypothetical)" where silicon does not exist. */
export const markedName = (name: string, hypothetical: boolean): string =>
  hypothetical ? `${name} (hypothetical)` : name;
