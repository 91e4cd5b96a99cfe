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

export const HBM3: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(31),
  'chosen: midway between HBM2E (34 pJ/B) and HBM3E (28 pJ/B); no figure for HBM3 found',
  'low',
);
export const HBM3E: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(28),
  'SK hynix, IEDM 2023 15-6: HBM3E 20 % below HBM2E, about 3.44 pJ/bit, as quoted in secondary sources',
  'medium',
);
export const GDDR6: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(52),
  'derived: middle of 350-480 pJ per 64-bit access; Jouppi et al. 2021 (ISCA), table 2 (recalled)',
  'low',
);
export const GDDR6X: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(58),
  'derived: 7.25 pJ/bit; Micron GDDR6X product brief (recalled)',
  'low',
);
export const GDDR7: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(44),
  'chosen: lower end of the 44-60 pJ/B of GDDR6, since vendors state about a fifth less; no figure for GDDR7 found',
  'low',
);
export const LPDDR4: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(56),
  'derived: 7 pJ/bit, one public table that cites Micron, as quoted in a secondary source',
  'low',
);

/** Jouppi's two columns, 100 pJ at 45 nm and 14 pJ at 7 nm, on a line of log energy over log node. */
export const SRAM_1MB_12NM: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(3.1),
  `derived: 1.75 pJ/B at 7 nm x 7.14^(ln(12/7) / ln(45/7)); ${JOUPPI}`,
  'low',
);
export const SRAM_1MB_14NM: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(3.6),
  `derived: 1.75 pJ/B at 7 nm x 7.14^(ln(14/7) / ln(45/7)); ${JOUPPI}`,
  'low',
);
export const SRAM_1MB_16NM: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(4.2),
  `derived: 1.75 pJ/B at 7 nm x 7.14^(ln(16/7) / ln(45/7)); ${JOUPPI}`,
  'low',
);
export const SRAM_1MB_28NM: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(7.6),
  `derived: 1.75 pJ/B at 7 nm x 7.14^(ln(28/7) / ln(45/7)); ${JOUPPI}`,
  'low',
);

const BOARD_TENSOR =
  'board-level microbenchmark of a GeForce RTX 3090 (8 nm): 0.22 pJ per FLOP added by the tensor cores, unreviewed';
const TO_12NM = 'x 1.4 from 8 to 12 nm, between 1.3 (Jouppi 2021) and 1.6 (Stillmaker and Baas 2017)';
const TO_7NM = 'x 0.95, half a node smaller';
const TO_5NM = 'x 0.9, one node smaller';

/** A multiply-accumulate of a GPU: tensor cores, and vector units for fp32. */
export const GPU_MAC_12NM = {
  fp32: figure(picojoulesPerOperation(2.9), `derived: 2.1 pJ ${TO_12NM}`, 'low'),
  fp16: figure(picojoulesPerOperation(0.6), `derived: 0.44 pJ ${TO_12NM}; ${BOARD_TENSOR}`, 'low'),
  int8: figure(picojoulesPerOperation(0.3), `derived: half the fp16 figure; ${BOARD_TENSOR}`, 'low'),
  int4: figure(picojoulesPerOperation(0.15), `derived: half the int8 figure; ${BOARD_TENSOR}`, 'low'),
} as const satisfies Readonly<Record<string, Figure<JoulesPerOperation>>>;

export const GPU_MAC_8NM = {
  fp32: figure(picojoulesPerOperation(2.1), `derived: 1.69 pJ fp32 MAC (${JOUPPI}) and operand delivery`, 'low'),
  tf32: figure(picojoulesPerOperation(0.88), `derived: twice the fp16 figure; ${BOARD_TENSOR}`, 'low'),
  fp16: figure(picojoulesPerOperation(0.44), `derived: two FLOP; ${BOARD_TENSOR}`, 'low'),
  bf16: figure(picojoulesPerOperation(0.44), `derived: two FLOP; ${BOARD_TENSOR}`, 'low'),
  int8: figure(picojoulesPerOperation(0.22), `derived: half the fp16 figure; ${BOARD_TENSOR}`, 'low'),
  int4: figure(picojoulesPerOperation(0.11), `derived: half the int8 figure; ${BOARD_TENSOR}`, 'low'),
} as const satisfies Readonly<Record<string, Figure<JoulesPerOperation>>>;

export const GPU_MAC_7NM = {
  fp32: figure(picojoulesPerOperation(2), `derived: 2.1 pJ at 8 nm ${TO_7NM}`, 'low'),
  tf32: figure(picojoulesPerOperation(0.84), `derived: twice the fp16 figure; ${BOARD_TENSOR}`, 'low'),
  fp16: figure(picojoulesPerOperation(0.42), `derived: 0.44 pJ ${TO_7NM}; ${BOARD_TENSOR}`, 'low'),
  bf16: figure(picojoulesPerOperation(0.42), `derived: 0.44 pJ ${TO_7NM}; ${BOARD_TENSOR}`, 'low'),
  int8: figure(picojoulesPerOperation(0.21), `derived: half the fp16 figure; ${BOARD_TENSOR}`, 'low'),
  int4: figure(picojoulesPerOperation(0.1), `derived: half the int8 figure; ${BOARD_TENSOR}`, 'low'),
} as const satisfies Readonly<Record<string, Figure<JoulesPerOperation>>>;

export const GPU_MAC_5NM = {
  fp32: figure(picojoulesPerOperation(1.9), `derived: 2.1 pJ at 8 nm ${TO_5NM}`, 'low'),
  tf32: figure(picojoulesPerOperation(0.8), `derived: twice the fp16 figure; ${BOARD_TENSOR}`, 'low'),
  fp16: figure(picojoulesPerOperation(0.4), `derived: 0.44 pJ ${TO_5NM}; ${BOARD_TENSOR}`, 'low'),
  bf16: figure(picojoulesPerOperation(0.4), `derived: 0.44 pJ ${TO_5NM}; ${BOARD_TENSOR}`, 'low'),
  fp8: figure(picojoulesPerOperation(0.2), `derived: half the fp16 figure; ${BOARD_TENSOR}`, 'low'),
  int8: figure(picojoulesPerOperation(0.2), `derived: half the fp16 figure; ${BOARD_TENSOR}`, 'low'),
  int4: figure(picojoulesPerOperation(0.1), `derived: half the int8 figure; ${BOARD_TENSOR}`, 'low'),
} as const satisfies Readonly<Record<string, Figure<JoulesPerOperation>>>;

/** Four int8 products in one instruction of the vector units, where the tensor cores have no int8. */
export const GPU_DOT_PRODUCT_INT8_12NM = figure(
  picojoulesPerOperation(0.42),
  `derived: (0.8 pJ of instruction issue a lane / 4 products + 0.10 pJ int8 MAC) ${TO_12NM}`,
  'low',
);

export const GPU_VECTOR_OPERATION_12NM = figure(picojoulesPerOperation(1.8), `derived: 1.3 pJ ${TO_12NM}`, 'low');
export const GPU_VECTOR_OPERATION_8NM = figure(
  picojoulesPerOperation(1.3),
  `derived: 0.38 pJ fp32 add (${JOUPPI}) and instruction issue shared by 32 threads`,
  'low',
);
export const GPU_VECTOR_OPERATION_5NM = figure(
  picojoulesPerOperation(1.2),
  `derived: 1.3 pJ at 7 to 8 nm ${TO_5NM}`,
  'low',
);

/** As CPU_MAC_FP32 with the registers of NEON: 4 fp32 lanes, 8 of 16 bits, 16 int8 products in a dot product. */
export const NEON_MAC_7NM = {
  fp32: figure(
    picojoulesPerOperation(9.7),
    `derived: 32 pJ per instruction / 4 lanes + 1.69 pJ fp32 MAC; ${HOROWITZ}, ${JOUPPI}`,
    'low',
  ),
  fp16: figure(
    picojoulesPerOperation(4.7),
    `derived: 32 pJ per instruction / 8 lanes + 0.72 pJ fp16 MAC; ${HOROWITZ}, ${JOUPPI}`,
    'low',
  ),
  bf16: figure(
    picojoulesPerOperation(4.6),
    `derived: 32 pJ per instruction / 8 products + 0.59 pJ bf16 MAC; ${HOROWITZ}, ${JOUPPI}`,
    'low',
  ),
  int8: figure(
    picojoulesPerOperation(2.1),
    `derived: 32 pJ per instruction / 16 products + 0.10 pJ int8 MAC; ${HOROWITZ}, ${JOUPPI}`,
    'low',
  ),
} as const satisfies Readonly<Record<string, Figure<JoulesPerOperation>>>;
export const NEON_VECTOR_OPERATION_7NM = figure(
  picojoulesPerOperation(8.4),
  `derived: 32 pJ per instruction / 4 lanes + 0.38 pJ fp32 add; ${HOROWITZ}, ${JOUPPI}`,
  'low',
);

const TO_16NM =
  'on a line of log energy over log node between the 45 and 7 nm columns; Jouppi et al. 2021 (ISCA, "Ten lessons"), table 2';

/** Multiply and accumulate in a 16 nm datapath. */
export const MAC_16NM = {
  int4: figure(picojoulesPerOperation(0.106), `derived: 0.065 pJ at 7 nm x 1.63, as int8; ${TO_16NM}`, 'low'),
  int8: figure(picojoulesPerOperation(0.163), `derived: 0.30 and 0.10 pJ, x 3^0.444 = 1.63; ${TO_16NM}`, 'low'),
  bf16: figure(picojoulesPerOperation(0.92), `derived: 0.59 pJ at 7 nm x 1.56, as fp32; ${TO_16NM}`, 'low'),
  fp32: figure(picojoulesPerOperation(2.64), `derived: 4.6 and 1.69 pJ, x 2.72^0.444 = 1.56; ${TO_16NM}`, 'low'),
} as const satisfies Readonly<Record<string, Figure<JoulesPerOperation>>>;

export const PCIE_GEN3: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(64),
  'chosen: 8 pJ/bit for a long-reach 8 GT/s link, both ends of the lane on the card counted once; no figure of the vendor',
  'low',
);
/** An external memory behind eight data pins, as microcontrollers have it. */
export const OCTAL_SPI: Figure<JoulesPerByte> = figure(
  picojoulesPerByte(135),
  'chosen: 30 mA at 1.8 V while 400 MB/s are read, of the order of datasheets of octal flash',
  'low',
);
