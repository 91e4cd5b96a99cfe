/** Published accuracies of quantized networks of the zoo. */
import accuracies from '../../reference/quantized-accuracies.json' with { type: 'json' };

export interface QuantizedAccuracy {
  readonly model: string;
  readonly precision: string;
  readonly method: string;
  /** Percent, ImageNet-1K. */
  readonly top1: number;
  /** Of the unquantized network, by the same source; null where not stated. */
  readonly floatTop1: number | null;
  readonly validationImages: number;
  readonly source: string;
  readonly note: string;
}

export const QUANTIZED_ACCURACIES: readonly QuantizedAccuracy[] = accuracies.rows;

export const quantizedAccuraciesOf = (model: string): readonly QuantizedAccuracy[] =>
  QUANTIZED_ACCURACIES.filter((row) => row.model === model);
