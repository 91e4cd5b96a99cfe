/** Energy per operation and byte that several devices share, with their sources. */
import {
  type JoulesPerByte,
  type JoulesPerOperation,
  picojoulesPerByte,
  picojoulesPerOperation,
} from '../units/quantity.ts';
import { type Figure, figure } from './device.ts';

const JOUPPI = 'Jouppi et al. 2021 (ISCA, "Ten lessons"), table 2, 7 nm column, as quoted in secondary sources';
const HOROWITZ = 'Horowitz 2014 (ISSCC), 45 nm';

/** Multiply and accumulate in a 7 nm datapath. */
export const MAC_7NM = {
  int8: figure(picojoulesPerOperation(0.1), `derived: int8 multiply 0.07 pJ + int32 add 0.03 pJ; ${JOUPPI}`, 'medium'),
  bf16: figure(
    picojoulesPerOperation(0.59),
    `derived: bf16 multiply 0.21 pJ + fp32 add 0.38 pJ; ${JOUPPI} (bf16 recalled)`,
    'low',
  ),
  fp16: figure(
    picojoulesPerOperation(0.72),
    `derived: fp16 multiply 0.34 pJ + fp32 add 0.38 pJ; ${JOUPPI} (fp16 recalled)`,
    'low',
  ),
  fp32: figure(picojoulesPerOperation(1.69), `derived: fp32 multiply 1.31 pJ + fp32 add 0.38 pJ; ${JOUPPI}`, 'medium'),
} as const satisfies Readonly<Record<string, Figure<JoulesPerOperation>>>;

/** Half of the int8 figure: products of half the width, the same accumulator. */
export const MAC_INT4_7NM = figure(
  picojoulesPerOperation(0.065),
  `derived: half the int8 multiply, 0.035 pJ, + int32 add 0.03 pJ; ${JOUPPI}`,
  'low',
);

export const SRAM_1MB_7NM: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(1.75),
  `derived: 14 pJ per 64-bit access of a 1 MB SRAM; ${JOUPPI}`,
  'medium',
);
export const HBM2: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(31),
  "O'Connor et al. 2017 (MICRO): 3.92 pJ/bit for HBM2, as quoted in secondary sources",
  'medium',
);
export const HBM2E: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(34),
  'SK hynix, IEDM 2023 15-6: about 4.3 pJ/bit for HBM2E, as quoted in secondary sources',
  'medium',
);
export const DDR: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(162),
  `derived: 1300 pJ per 64-bit access of DDR3/4 DRAM; ${JOUPPI}; no figure for DDR5 found`,
  'low',
);
export const LPDDR5: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(40),
  'chosen: middle of 27-56 pJ/B (5-7 pJ/bit stated for LPDDR5 without source, 7 pJ/bit for LPDDR4)',
  'low',
);

/**
 * An AVX fused multiply-add of 8 fp32 lanes: Horowitz's 70 pJ to issue one instruction at 45 nm,
 * shrunk by the 2.2 times that logic improved from 45 to 7 nm in Jouppi's table, is 4 pJ a lane.
 */
export const CPU_MAC_FP32 = figure(
  picojoulesPerOperation(5.7),
  `derived: 70 pJ per instruction (${HOROWITZ}, recalled) / 2.2 (45 to 7 nm) / 8 lanes + 1.69 pJ fp32 MAC (${JOUPPI})`,
  'low',
);
export const CPU_MAC_BF16 = figure(
  picojoulesPerOperation(2.6),
  `derived: 32 pJ per instruction / 16 products + 0.59 pJ bf16 MAC; ${HOROWITZ}, ${JOUPPI}`,
  'low',
);
export const CPU_MAC_INT8 = figure(
  picojoulesPerOperation(1.1),
  `derived: 32 pJ per instruction / 32 products + 0.10 pJ int8 MAC; ${HOROWITZ}, ${JOUPPI}`,
  'low',
);
export const CPU_VECTOR_OPERATION = figure(
  picojoulesPerOperation(4.4),
  `derived: 32 pJ per instruction / 8 lanes + 0.38 pJ fp32 add; ${HOROWITZ}, ${JOUPPI}`,
  'low',
);
