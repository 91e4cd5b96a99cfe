/** What a device is, as data. Every figure carries where it comes from and how far to trust it. */
import type { Precision } from '../ir/dtype.ts';
import type {
  Bytes,
  BytesPerSecond,
  Hertz,
  JoulesPerByte,
  JoulesPerOperation,
  Metres,
  OperationsPerSecond,
  Watts,
} from '../units/quantity.ts';

export type Confidence = 'high' | 'medium' | 'low';

export interface Figure<Value extends number> {
  readonly value: Value;
  /** A document, or "derived: ..." with the arithmetic, or "chosen: ..." with the reason. */
  readonly source: string;
  readonly confidence: Confidence;
}

export const figure = <Value extends number>(value: Value, source: string, confidence: Confidence): Figure<Value> => ({
  value,
  source,
  confidence,
});

/** Dense peak rates; one multiply-accumulate is two operations. A precision that is absent is not supported. */
export type PeakRates = Readonly<Partial<Record<Precision, Figure<OperationsPerSecond>>>>;

export interface CoreCluster {
  readonly name: string;
  readonly cores: number;
  /** Clock that all cores sustain together, not the single-core turbo. */
  readonly clock: Figure<Hertz>;
  /** Operations per core and cycle, by precision. */
  readonly operationsPerCycle: Readonly<Partial<Record<Precision, number>>>;
}

/** The shape of the compute units: what a model of mapping needs beside the peak. */
export type Geometry =
  | {
      readonly kind: 'simd-cpu';
      readonly clusters: readonly CoreCluster[];
      /** fp32 lanes of one SIMD register. */
      readonly lanes: Figure<number>;
    }
  | {
      readonly kind: 'simt-gpu';
      readonly multiprocessors: Figure<number>;
      readonly clock: Figure<Hertz>;
      /** Matrix-unit operations per multiprocessor and cycle. */
      readonly operationsPerCycle: Readonly<Partial<Record<Precision, number>>>;
    }
  | {
      readonly kind: 'systolic';
      readonly arrays: Figure<number>;
      readonly rows: Figure<number>;
      readonly columns: Figure<number>;
      readonly clock: Figure<Hertz>;
    }
  | {
      readonly kind: 'spatial';
      readonly tiles: Figure<number>;
      /** Processing elements of one tile. */
      readonly rows: Figure<number>;
      readonly columns: Figure<number>;
      readonly clock: Figure<Hertz>;
    };

export interface MemoryLevel {
  readonly name: string;
  readonly bandwidth: Figure<BytesPerSecond>;
  readonly energyPerByte: Figure<JoulesPerByte>;
}

export interface OnChipMemory extends MemoryLevel {
  /** Shared by all compute units: what can keep activations from going off chip. */
  readonly capacity: Figure<Bytes>;
  /** Private memory of one core, multiprocessor, array or tile. */
  readonly perUnit: Figure<Bytes>;
}

export interface OffChipMemory extends MemoryLevel {
  readonly capacity: Figure<Bytes> | null;
}

export interface PowerMode {
  readonly name: string;
  readonly cap: Figure<Watts>;
}

export interface Device {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly name: string;
  readonly vendor: string;
  readonly status: 'product' | 'hypothetical';
  readonly year: number;
  readonly process: Figure<Metres>;
  readonly geometry: Geometry;
  /** Units that multiply matrices: tensor cores, systolic arrays, SIMD lanes running a blocked GEMM. */
  readonly matrixPeaks: PeakRates;
  /** Units for everything else, in operations of any precision per second. */
  readonly vectorPeak: Figure<OperationsPerSecond>;
  readonly onChip: OnChipMemory;
  readonly offChip: OffChipMemory;
  readonly power: {
    /** The first mode is the default; an average above its cap is impossible. */
    readonly modes: readonly [PowerMode, ...PowerMode[]];
    /** Drawn whenever a network runs, whatever it computes: leakage, clocks, active cores, memory background. */
    readonly static: Figure<Watts>;
    /** Drawn between inferences with the device ready. */
    readonly idle: Figure<Watts>;
    /** Drawn between inferences with the device suspended; null where it cannot be. */
    readonly sleep: Figure<Watts> | null;
  };
  readonly energy: {
    /** One multiply-accumulate, datapath and operand delivery inside the unit. */
    readonly perMac: Readonly<Partial<Record<Precision, Figure<JoulesPerOperation>>>>;
    /** One operation on the vector unit. */
    readonly perVectorOperation: Figure<JoulesPerOperation>;
  };
  /** Precision of the study when none is asked for: what people deploy on this kind of device. */
  readonly defaultPrecision: Precision;
  readonly defaultRuntime: string;
  readonly notes: readonly string[];
}
