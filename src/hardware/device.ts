/** What a device is, as data. Every figure carries where it comes from and how far to trust it. */
import type { Precision } from '../ir/dtype.ts';
import type { OperatorClass } from '../ops/classes.ts';
import type {
  Bytes,
  BytesPerSecond,
  Hertz,
  JoulesPerByte,
  JoulesPerOperation,
  Metres,
  OperationsPerSecond,
  Seconds,
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
      /** Where tiles are of several kinds: as many tiles as give the peak of a precision; all of them where it is absent. */
      readonly tilesByPrecision?: Readonly<Partial<Record<Precision, number>>>;
      /** Processing elements of one tile. */
      readonly rows: Figure<number>;
      readonly columns: Figure<number>;
      readonly clock: Figure<Hertz>;
    }
  | {
      /** Fixed-function engines; one multiply-accumulate per cell and cycle at the default precision. */
      readonly kind: 'npu';
      readonly engines: Figure<number>;
      /** Products that one engine sums in a cycle: input channels x window. */
      readonly rows: Figure<number>;
      /** Output channels that it computes side by side. */
      readonly columns: Figure<number>;
      readonly clock: Figure<Hertz>;
    }
  | {
      /** Microcontroller cores with SIMD in a register: weights in flash, activations in SRAM. */
      readonly kind: 'mcu';
      readonly cores: Figure<number>;
      readonly clock: Figure<Hertz>;
      /** Operations per core and cycle, by precision. */
      readonly operationsPerCycle: Readonly<Partial<Record<Precision, number>>>;
    };

export interface MemoryLevel {
  readonly name: string;
  readonly bandwidth: Figure<BytesPerSecond>;
  readonly energyPerByte: Figure<JoulesPerByte>;
}

export interface OnChipMemory extends MemoryLevel {
  /** Shared by all compute units: what can keep activations from going off chip. */
  readonly capacity: Figure<Bytes>;
  /** Private memory of one core, multiprocessor, array, tile or engine. */
  readonly perUnit: Figure<Bytes>;
}

export interface OffChipMemory extends MemoryLevel {
  readonly capacity: Figure<Bytes> | null;
}

/** A memory that a model must fit, whatever its speed. */
export interface MemoryBank {
  readonly name: string;
  readonly capacity: Figure<Bytes>;
}

/** The processor that runs what the engines cannot. */
export interface HostProcessor {
  readonly name: string;
  readonly vectorPeak: Figure<OperationsPerSecond>;
  /** What tensors cross on the way there and back. */
  readonly link: {
    readonly name: string;
    readonly bandwidth: Figure<BytesPerSecond>;
    /** Of one crossing, whatever its size: interrupt, driver, cache maintenance. */
    readonly transferSeconds: Figure<Seconds>;
  };
  /** Classes of operators that the engines do not run. */
  readonly unsupported: readonly OperatorClass[];
}

/**
 * What a network takes of a fabric on which all its layers are laid out side by side. One that takes more than there is
 * runs in parts, which are loaded one after the other at every batch.
 */
export interface Fabric {
  readonly capacity: Figure<Bytes>;
  /** Of every kernel, beside its weights and rows: registers, control, routing. */
  readonly perKernel: Figure<Bytes>;
  /** How often the rows under its window a convolution keeps: those in use, those arriving, those that wait for a join. */
  readonly windowRows: Figure<number>;
}

/** What a mode does not state is as the device has it. */
export interface PowerMode {
  readonly name: string;
  readonly cap: Figure<Watts>;
  /** Of the compute units, where they share one. */
  readonly clock?: Figure<Hertz>;
  /** Compute units that stay on: multiprocessors, arrays, tiles, engines or cores of a microcontroller. */
  readonly units?: Figure<number>;
  /** Off chip. */
  readonly bandwidth?: Figure<BytesPerSecond>;
  readonly static?: Figure<Watts>;
  /** Of the processor that hands kernels over; compared with that of an unnamed host. */
  readonly hostClock?: Figure<Hertz>;
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
  /** The same in 16 bits, where that is faster: for software that computes in them what others compute in 32. */
  readonly halfVectorPeak?: Figure<OperationsPerSecond>;
  readonly onChip: OnChipMemory;
  /** For a card without memory of its own, its link to the host. */
  readonly offChip: OffChipMemory;
  /**
   * On-chip memory that keeps weights from one inference to the next: up to this size they are not moved again,
   * what exceeds it is streamed from off chip each time.
   */
  readonly residentWeights?: Figure<Bytes>;
  readonly fabric?: Fabric;
  /** Banks that a model must fit, as the flash and the SRAM of a microcontroller. */
  readonly memories?: { readonly weights: MemoryBank; readonly activations: MemoryBank };
  readonly host?: HostProcessor;
  /** What the processor that feeds the device needs to launch one kernel from a compiled runtime, without graphs. */
  readonly launchSeconds?: Figure<Seconds>;
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
