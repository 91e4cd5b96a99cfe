/** What a check says of one claim. */
export type Severity = 'error' | 'warning' | 'info';

export const CODES = {
  'unit-slip': 'a constant factor of a thousand or of another unit between figures that belong together',
  'throughput-latency': 'throughput is not batch over latency',
  ratio: 'a ratio or percentage is not that of its operands',
  formula: 'a column is not what the formula in the text gives',
  sum: 'parts do not add up, or a product is not that of its factors',
  'battery-life': 'days of battery are not capacity over energy and rate',
  'inferences-per-wh': 'inferences per watt-hour are not 3600 J over the energy of one',
  'real-time-margin': 'a multiple of real time is not rate over rate',
  load: 'streams, requests or days are not what the rate allows',
  deadline: 'a figure breaks the deadline that is stated beside it',
  'published-count': 'parameters or work of a known network are not those published',
  'published-accuracy': 'no published weights of this network have this accuracy',
  'memory-figure': 'a memory figure is not the one that its name says',
  'beyond-peak': 'more arithmetic per second than the dense peak of the device',
  'beyond-bandwidth': 'more bytes per second than the memory of the device moves',
  'beyond-power': 'energy over time is more than the power cap of the device',
  utilization: 'a utilization above 100 %',
  superlative: 'a "highest" or "lowest" that the table does not bear out',
  order: 'a ranking whose figures are in another order',
  inconsistent: 'one quantity with different values in two places',
  'no-method': 'figures are called measurements, and nothing says how they were measured',
} as const;

export type FindingCode = keyof typeof CODES;

export interface Verdict {
  readonly code: FindingCode;
  readonly holds: boolean;
  readonly severity: Severity;
  readonly line: number;
  /** What the document says, in its own words and figures. */
  readonly claim: string;
  /** What it should be, for people; empty where it holds. */
  readonly computed: string;
  /** Claimed over computed; `null` where the two are no ratio. */
  readonly factor: number | null;
  readonly explanation: string;
  /** Claims of one group fail for one reason, and are shown together. */
  readonly group: string;
}

export const holding = (code: FindingCode, line: number, claim: string): Verdict => ({
  ...{ code, line, claim, holds: true, severity: 'info', computed: '', factor: 1, explanation: '', group: '' },
});

export type Failure = Omit<Verdict, 'holds' | 'factor' | 'group'> & {
  readonly factor?: number;
  readonly group?: string;
};

export const failing = (failure: Failure): Verdict => ({
  ...failure,
  holds: false,
  factor: failure.factor !== undefined && Number.isFinite(failure.factor) ? failure.factor : null,
  group: failure.group ?? `${failure.code}`,
});
