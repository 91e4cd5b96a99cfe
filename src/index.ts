/** Assay's public library: what a neural network costs on hardware you may not own. */
export { arenaConflicts, planArena } from './analysis/arena.ts';
export { concurrency } from './analysis/concurrency.ts';
export { CONVENTIONS, type Convention, countByConvention, isConvention } from './analysis/conventions.ts';
export { FUSION_RULES, type FusionRulesId } from './analysis/fusion.ts';
export { liveness } from './analysis/liveness.ts';
export { type MemoryFigures, memoryFigures } from './analysis/memory.ts';
export { type AnalyzedGraph, analyzeGraph, type NodeAnalysis } from './analysis/nodes.ts';
export { type ClassTotals, type Coverage, classTotals, coverage, type Totals, totals } from './analysis/totals.ts';
export { compileWorkload, type Kernel, type Workload } from './analysis/workload.ts';
export { type CalibrationResult, calibrate, type MeasuredRow } from './estimate/calibrate.ts';
export type { Calibration, TimeConstants } from './estimate/constants.ts';
export { type Estimate, estimate, roofSeconds } from './estimate/estimate.ts';
export { isMachine, type Machine, type MachineIssue, resolveMachine } from './estimate/machine.ts';
export { BOUNDS, type Bound } from './estimate/roofs.ts';
export { findRuntime, RUNTIMES, type Runtime } from './estimate/runtime.ts';
export * from './explore/battery.ts';
export { type CompiledModel, compileModel } from './explore/compile.ts';
export { type MatchedRows, type MeasurementTable, matchRows } from './explore/measured.ts';
export { type Objective, paretoFront } from './explore/pareto.ts';
export { REFERENCE_DEVICES, REFERENCE_MODELS, referenceStudyOptions } from './explore/reference-study.ts';
export {
  runStudy,
  type Study,
  type StudyCell,
  type StudyDevice,
  type StudyOptions,
  studyDevice,
} from './explore/study.ts';
export { type ValidationRow, validationRows } from './explore/validation.ts';
export * from './hardware/api.ts';
export { GraphBuilder } from './ir/builder.ts';
export { DTYPE_BYTES, type DType, isPrecision, PRECISIONS, type Precision } from './ir/dtype.ts';
export type { Graph, Initializer, Node, Shape } from './ir/graph.ts';
export { atBatch, BATCH, formatShape, shapeAt } from './ir/shape.ts';
export { type GraphIssue, verifyGraph } from './ir/verify.ts';
export { OPERATOR_CLASS_TITLES, OPERATOR_CLASSES, type OperatorClass } from './ops/classes.ts';
export { type OperatorDefinition, OperatorError } from './ops/definition.ts';
export { allOperators } from './ops/index.ts';
export type * from './report/blocks.ts';
export * from './report/render/render.ts';
export { CountOverflowError, countAt } from './units/count.ts';
export * from './units/format.ts';
export { parseQuantity, type UnitName } from './units/parse.ts';
export * from './units/quantity.ts';
export { nearestNames } from './units/suggest.ts';
export * from './zoo/api.ts';
