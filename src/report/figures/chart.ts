import type { ChartOptions } from '../../charts/api.ts';
import type { ChartBlock } from '../blocks.ts';

export interface ChartRequest {
  /** In kebab case: also the file's name. */
  readonly id: string;
  readonly title: string;
  /** The finding with its figures. */
  readonly alternative: string;
  readonly caption?: string;
}

/** A chart and what stands around it, so that title and text alternative are the same in the picture and in the page. */
export const chartBlock = (
  chartDocument: Document,
  { id, title, alternative, caption }: ChartRequest,
  draw: (options: ChartOptions) => string,
): ChartBlock => ({
  kind: 'chart',
  id,
  title,
  alternative,
  svg: draw({ id, title, description: alternative, document: chartDocument }),
  ...(caption !== undefined && { caption }),
});
