/** The public face of the charts: plain data in, standalone SVG out. */

export { type AgreementChartOptions, type AgreementPoint, agreementChart } from './agreement.ts';
export { type Bar, type BarChartOptions, barChart } from './bars.ts';
export { createChartDocument } from './document.ts';
export type { ChartOptions } from './frame.ts';
export { type LineChartOptions, type LinePoint, type LineSeries, lineChart } from './lines.ts';
export {
  type RooflineBandwidth,
  type RooflineOptions,
  type RooflinePeak,
  type RooflinePoint,
  rooflineChart,
} from './roofline.ts';
export { type ParetoScatterOptions, paretoScatter, type ScatterAxis, type ScatterPoint } from './scatter.ts';
export { flattenForRaster } from './serialize.ts';
export { type StackedBarChartOptions, type StackPart, stackedBarChart } from './stacked.ts';
export { type ColorScheme, chartCustomProperties } from './theme.ts';
export { type MemoryStep, type MemoryTimelineOptions, memoryTimeline } from './timeline.ts';
export type { ChartAxis } from './values.ts';
