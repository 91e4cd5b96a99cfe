/** The operators of a model as a table. */
import type { FlexibleTable } from '../render/table.ts';
import { type Analysis, placeText } from './analysis.ts';
import { precisionText } from './arithmetic.ts';
import { cell, countCell, countFormat, shapeText, shownName } from './cells.ts';
import { layersOf } from './layers.ts';

export const layersTable = (analysis: Analysis): FlexibleTable => {
  const layers = layersOf(analysis);
  const hasLoops = layers.some(({ times }) => times !== 1);
  const isQuantized = layers.some(({ arithmetic }) => arithmetic !== undefined);
  const hasBranches = layers.some(({ counted }) => !counted);
  return {
    kind: 'table',
    id: 'layers',
    caption: `Layers ${placeText(analysis)}, ${precisionText(analysis)}; bytes as written, before fusion`,
    columns: [
      { key: 'name', title: 'Layer', format: { kind: 'code' } },
      { key: 'type', title: 'Operator', format: { kind: 'text' } },
      { key: 'class', title: 'Class', format: { kind: 'text' } },
      ...(isQuantized ? [{ key: 'arithmetic', title: 'Arithmetic', format: { kind: 'text' } } as const] : []),
      { key: 'output', title: 'Output', format: { kind: 'text' } },
      ...(hasLoops ? [{ key: 'times', title: 'Times', format: { kind: 'integer' } } as const] : []),
      { key: 'params', title: 'Parameters', format: { kind: 'integer' } },
      { key: 'macs', title: 'MACs', format: countFormat(analysis) },
      { key: 'flops', title: 'FLOPs', format: countFormat(analysis) },
      { key: 'bytes', title: 'Bytes', format: { kind: 'integer' } },
    ],
    rows: layers.map(({ node, bytes, times, counted, macs, flops, arithmetic }) => {
      const shape = node.outputs[0]?.type?.shape;
      return {
        name: counted ? shownName(node.name) : `${shownName(node.name)} (not counted)`,
        type: node.type,
        class: node.class,
        ...(isQuantized && { arithmetic: arithmetic ?? null }),
        output: shape === undefined ? null : shapeText(shape, analysis),
        times: cell(times),
        params: node.parameters,
        macs: countCell(analysis, macs),
        flops: countCell(analysis, flops),
        bytes: bytes ?? null,
      };
    }),
    ...(hasBranches && { notes: ['Not counted: branches of which another one is taken to run.'] }),
    expendable: ['class', 'flops', 'params', 'output', 'bytes', ...(hasLoops ? ['times'] : [])],
  };
};
