/** A device as rows that people read: every figure with its unit, its source and how far to trust it. */
import { PRECISIONS, type Precision } from '../ir/dtype.ts';
import { formatBinaryBytes, formatBytes, formatNumber, formatSI, groupThousands, UNKNOWN } from '../units/format.ts';
import { parseQuantity } from '../units/parse.ts';
import type { Confidence, Device, Figure, Geometry, HostProcessor, MemoryLevel } from './device.ts';

export interface DeviceRow {
  readonly group: string;
  readonly name: string;
  /** Text with its unit; `UNKNOWN` where the device does not say. */
  readonly value: string;
  /** A document, "derived: ..." or "chosen: ..."; empty for a plain count, which carries none. */
  readonly source: string;
  /** Null where there is nothing to trust: a plain count, or a figure that is not stated. */
  readonly confidence: Confidence | null;
  /** Computed from other rows rather than stated by the device. */
  readonly derived: boolean;
}

type CellGeometry = Extract<Geometry, { readonly rows: unknown }>;

/** Multiprocessors, arrays, tiles, engines or cores that are all alike. */
export const unitFigure = (geometry: Exclude<Geometry, { readonly kind: 'simd-cpu' }>): Figure<number> => {
  switch (geometry.kind) {
    case 'simt-gpu':
      return geometry.multiprocessors;
    case 'systolic':
      return geometry.arrays;
    case 'spatial':
      return geometry.tiles;
    case 'npu':
      return geometry.engines;
    case 'mcu':
      return geometry.cores;
  }
};

const unitsOfCells = (geometry: CellGeometry, precision: Precision, builtFor: Precision): number | undefined => {
  const counted = geometry.kind === 'spatial' ? geometry.tilesByPrecision?.[precision] : undefined;
  return counted ?? (precision === builtFor ? unitFigure(geometry).value : undefined);
};

/**
 * Operations per second of the matrix units at the clock that the geometry states; undefined where the geometry does
 * not say. An array, a tile or an engine does one multiply-accumulate, two operations, per cell and cycle at the precision
 * it was built for, taken to be the default one, and at those that the geometry counts tiles for; at others it does not tell.
 */
export const peakFromGeometry = (
  { geometry, defaultPrecision }: Pick<Device, 'geometry' | 'defaultPrecision'>,
  precision: Precision,
): number | undefined => {
  switch (geometry.kind) {
    case 'simd-cpu': {
      let sum = 0;
      for (const { cores, clock, operationsPerCycle } of geometry.clusters) {
        const rate = operationsPerCycle[precision];
        if (rate === undefined) return undefined;
        sum += cores * rate * clock.value;
      }
      return sum;
    }
    case 'simt-gpu': {
      const rate = geometry.operationsPerCycle[precision];
      return rate === undefined ? undefined : geometry.multiprocessors.value * rate * geometry.clock.value;
    }
    case 'mcu': {
      const rate = geometry.operationsPerCycle[precision];
      return rate === undefined ? undefined : geometry.cores.value * rate * geometry.clock.value;
    }
    case 'systolic':
    case 'npu':
    case 'spatial': {
      const units = unitsOfCells(geometry, precision, defaultPrecision);
      return units === undefined
        ? undefined
        : units * geometry.rows.value * geometry.columns.value * 2 * geometry.clock.value;
    }
  }
};

/** Floating-point work is counted in FLOPs and integer work in OPs, both two per multiply-accumulate. */
const operationUnit = (precision: Precision): string => (precision.startsWith('int') ? 'OP' : 'FLOP');

/** In the prefix that prints it exactly: 80 GB of DRAM, but 50 MiB of cache. */
const formatCapacity = (value: number): string => {
  const decimal = formatBytes(value);
  const read = parseQuantity(decimal, 'B');
  return read.ok && read.value === value ? decimal : formatBinaryBytes(value);
};

const RANK: Readonly<Record<Confidence, number>> = { low: 0, medium: 1, high: 2 };
/** A result is worth no more than the weaker of its inputs. */
const weaker = (a: Confidence, b: Confidence): Confidence => (RANK[a] <= RANK[b] ? a : b);

type Row = Omit<DeviceRow, 'group'>;

const stated = <Value extends number>(name: string, figure: Figure<Value>, format: (value: Value) => string): Row => ({
  name,
  value: format(figure.value),
  source: figure.source,
  confidence: figure.confidence,
  derived: false,
});
const unstated = (name: string, why: string): Row => ({
  name,
  value: UNKNOWN,
  source: why,
  confidence: null,
  derived: false,
});
const plain = (name: string, value: string): Row => ({ name, value, source: '', confidence: null, derived: false });

const precisionsIn = (table: Readonly<Partial<Record<Precision, unknown>>>): readonly Precision[] =>
  PRECISIONS.filter((precision) => table[precision] !== undefined);

const clockText = (value: number): string => formatSI(value, 'Hz');
const rateText = (value: number): string => (Number.isInteger(value) ? groupThousands(value) : formatNumber(value));
const operationRows = (
  prefix: string,
  operationsPerCycle: Readonly<Partial<Record<Precision, number>>>,
): readonly Row[] =>
  precisionsIn(operationsPerCycle).map((precision) =>
    plain(
      `${prefix}${precision} per cycle`,
      `${rateText(operationsPerCycle[precision] ?? Number.NaN)} ${operationUnit(precision)}`,
    ),
  );

const CELL_UNITS: Readonly<Record<CellGeometry['kind'], string>> = {
  systolic: 'arrays',
  spatial: 'tiles',
  npu: 'engines',
};
const tileRows = (counts: Readonly<Partial<Record<Precision, number>>>): readonly Row[] =>
  precisionsIn(counts).map((precision) =>
    plain(`tiles, ${precision}`, groupThousands(counts[precision] ?? Number.NaN)),
  );

const geometryRows = (geometry: Geometry): readonly Row[] => {
  const kind = plain('architecture', geometry.kind);
  switch (geometry.kind) {
    case 'simd-cpu':
      return [
        kind,
        ...geometry.clusters.flatMap(({ name, cores, clock, operationsPerCycle }) => [
          plain(`${name} cores`, groupThousands(cores)),
          stated(`${name} clock`, clock, clockText),
          ...operationRows(`${name} core: `, operationsPerCycle),
        ]),
        stated('fp32 lanes', geometry.lanes, groupThousands),
      ];
    case 'simt-gpu':
      return [
        kind,
        stated('multiprocessors', geometry.multiprocessors, groupThousands),
        stated('clock', geometry.clock, clockText),
        ...operationRows('multiprocessor: ', geometry.operationsPerCycle),
      ];
    case 'mcu':
      return [
        kind,
        stated('cores', geometry.cores, groupThousands),
        stated('clock', geometry.clock, clockText),
        ...operationRows('core: ', geometry.operationsPerCycle),
      ];
    case 'systolic':
    case 'npu':
    case 'spatial':
      return [
        kind,
        stated(CELL_UNITS[geometry.kind], unitFigure(geometry), groupThousands),
        ...(geometry.kind === 'spatial' ? tileRows(geometry.tilesByPrecision ?? {}) : []),
        stated('rows', geometry.rows, groupThousands),
        stated('columns', geometry.columns, groupThousands),
        stated('clock', geometry.clock, clockText),
      ];
  }
};

const trafficRows = ({ bandwidth, energyPerByte }: MemoryLevel): readonly Row[] => [
  stated('bandwidth', bandwidth, (value) => formatSI(value, 'B/s')),
  stated('energy per byte', energyPerByte, (value) => formatSI(value, 'J/B')),
];

const wattsText = (value: number): string => formatSI(value, 'W');

const powerRows = ({ modes, static: whileRunning, idle, sleep }: Device['power']): readonly Row[] => [
  ...modes.flatMap(({ name, cap, clock, units, bandwidth, static: ofMode, hostClock }, index) => [
    stated(`cap of ${name}${index === 0 ? ' (default mode)' : ''}`, cap, wattsText),
    ...optional(clock, (figure) => [stated(`${name}: clock`, figure, clockText)]),
    ...optional(units, (figure) => [stated(`${name}: units that stay on`, figure, groupThousands)]),
    ...optional(bandwidth, (figure) => [
      stated(`${name}: bandwidth off chip`, figure, (value) => formatSI(value, 'B/s')),
    ]),
    ...optional(hostClock, (figure) => [stated(`${name}: clock of the host processor`, figure, clockText)]),
    ...optional(ofMode, (figure) => [stated(`${name}: static`, figure, wattsText)]),
  ]),
  stated('static', whileRunning, wattsText),
  stated('idle', idle, wattsText),
  sleep === null ? unstated('sleep', 'the device has no suspended state') : stated('sleep', sleep, wattsText),
];

const secondsText = (value: number): string => formatSI(value, 's');

const hostRows = ({ vectorPeak, link, unsupported }: HostProcessor): readonly Row[] => [
  stated('vector units', vectorPeak, (value) => formatSI(value, 'OP/s')),
  stated(`bandwidth of ${link.name}`, link.bandwidth, (value) => formatSI(value, 'B/s')),
  stated('each transfer', link.transferSeconds, secondsText),
  plain('runs instead of the engines', unsupported.join(', ') || 'nothing'),
];

type Group = readonly [title: string, rows: readonly Row[]];

/** Rows or groups of what not every device has. */
const optional = <Value, Part>(value: Value | undefined, parts: (value: Value) => readonly Part[]): readonly Part[] =>
  value === undefined ? [] : parts(value);

const derivedRows = (device: Device): readonly Row[] => {
  const { matrixPeaks, offChip, geometry } = device;
  const precisions = precisionsIn(matrixPeaks);
  const bandwidthText = formatSI(offChip.bandwidth.value, 'B/s');
  const ridgePoints = precisions.flatMap((precision): readonly Row[] => {
    const peak = matrixPeaks[precision];
    if (peak === undefined) return [];
    const unit = operationUnit(precision);
    return [
      {
        name: `ridge point, ${precision}`,
        value: `${formatNumber(peak.value / offChip.bandwidth.value)} ${unit}/B`,
        source: `derived: ${formatSI(peak.value, `${unit}/s`)} / ${bandwidthText} to ${offChip.name}`,
        confidence: weaker(peak.confidence, offChip.bandwidth.confidence),
        derived: true,
      },
    ];
  });
  const geometryPeaks = precisions.flatMap((precision): readonly Row[] => {
    const value = peakFromGeometry(device, precision);
    if (value === undefined) return [];
    return [
      {
        name: `peak from geometry, ${precision}`,
        value: formatSI(value, `${operationUnit(precision)}/s`),
        source: 'derived: units x operations per cycle x clock',
        confidence: geometryConfidence(geometry),
        derived: true,
      },
    ];
  });
  return [...ridgePoints, ...geometryPeaks];
};

const geometryConfidence = (geometry: Geometry): Confidence => {
  const figures = geometry.kind === 'simd-cpu' ? geometry.clusters.map(({ clock }) => clock) : Object.values(geometry);
  return figures
    .flatMap((figure) =>
      typeof figure === 'object' && 'confidence' in figure ? [figure.confidence as Confidence] : [],
    )
    .reduce(weaker, 'high');
};

/** Every figure of a device in reading order, then what follows from them: ridge points, and the peaks that the geometry gives. */
export const describeDevice = (device: Device): readonly DeviceRow[] => {
  const { onChip, offChip, energy } = device;
  const groups: readonly Group[] = [
    [
      'Compute',
      [
        stated('process', device.process, (value) => formatSI(value, 'm')),
        ...geometryRows(device.geometry),
        ...optional(device.launchSeconds, (launch) => [stated('launch of one kernel', launch, secondsText)]),
      ],
    ],
    [
      'Dense peaks',
      [
        ...precisionsIn(device.matrixPeaks).flatMap((precision) => {
          const peak = device.matrixPeaks[precision];
          const format = (value: number) => formatSI(value, `${operationUnit(precision)}/s`);
          return peak === undefined ? [] : [stated(`matrix units, ${precision}`, peak, format)];
        }),
        stated('vector units', device.vectorPeak, (value) => formatSI(value, 'OP/s')),
        ...optional(device.halfVectorPeak, (half) => [
          stated('vector units, 16 bits', half, (value) => formatSI(value, 'OP/s')),
        ]),
      ],
    ],
    [
      `On-chip memory: ${onChip.name}`,
      [
        stated('capacity, shared', onChip.capacity, formatCapacity),
        stated('capacity of one unit', onChip.perUnit, formatCapacity),
        ...optional(device.residentWeights, (kept) => [
          stated('weights kept between inferences', kept, formatCapacity),
        ]),
        ...trafficRows(onChip),
      ],
    ],
    [
      `Off-chip memory: ${offChip.name}`,
      [
        offChip.capacity === null
          ? unstated('capacity', 'not stated: what the board or host is fitted with')
          : stated('capacity', offChip.capacity, formatCapacity),
        ...trafficRows(offChip),
      ],
    ],
    ...optional(device.fabric, ({ capacity, perKernel, windowRows }): readonly Group[] => [
      [
        'Fabric that all layers share',
        [
          stated('capacity', capacity, formatCapacity),
          stated('of every kernel', perKernel, formatCapacity),
          stated('rows under a window, kept so often', windowRows, (value) => formatNumber(value, 3)),
        ],
      ],
    ]),
    ...optional(device.memories, ({ weights, activations }): readonly Group[] => [
      [
        'Memories that a model must fit',
        [
          stated(`weights: ${weights.name}`, weights.capacity, formatCapacity),
          stated(`activations: ${activations.name}`, activations.capacity, formatCapacity),
        ],
      ],
    ]),
    ...optional(device.host, (host): readonly Group[] => [[`Host: ${host.name}`, hostRows(host)]]),
    ['Power', powerRows(device.power)],
    [
      'Energy of arithmetic',
      [
        ...precisionsIn(energy.perMac).flatMap((precision) => {
          const figure = energy.perMac[precision];
          return figure === undefined
            ? []
            : [stated(`per MAC, ${precision}`, figure, (value) => formatSI(value, 'J/MAC'))];
        }),
        stated('per vector operation', energy.perVectorOperation, (value) => formatSI(value, 'J/OP')),
      ],
    ],
    ['Derived', derivedRows(device)],
  ];
  return groups.flatMap(([group, rows]) => rows.map((row) => ({ group, ...row })));
};
