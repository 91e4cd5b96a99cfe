/** Assay's public library: what a neural network costs on hardware you may not own. */
export { arenaConflicts, planArena } from './analysis/arena.ts';
export {
  type ArithmeticShare,
  fixedPrecision,
  keepsItsSize,
  quantizationSummary,
} from './analysis/arithmetic-types.ts';
export { concurrency } from './analysis/concurrency.ts';
export {
  CONVENTIONS,
  type Convention,
  countByConvention,
  isConvention,
  symbolicCountByConvention,
} from './analysis/conventions.ts';
export { FUSION_RULES, type FusionRulesId } from './analysis/fusion.ts';
export { type AnalysisWarning, InferenceLimitError } from './analysis/inferred.ts';
export type { Kernel } from './analysis/kernel.ts';
export { KERNEL_KINDS, PRODUCT_KINDS, productKind, TRAFFIC_KINDS, trafficKind } from './analysis/kernel-kinds.ts';
export { liveness } from './analysis/liveness.ts';
export { type MemoryFigures, memoryFigures, weightBytes } from './analysis/memory.ts';
export { type AnalyzedGraph, analyzeGraph, type NodeAnalysis, onlyNodes } from './analysis/nodes.ts';
export { openSymbols } from './analysis/open-dimensions.ts';
export {
  type ClassTotals,
  type Coverage,
  classTotals,
  coverage,
  type OperatorTally,
  type SymbolicTotals,
  storedTotals,
  storedWeightBytes,
  symbolicTotals,
  type Totals,
  totals,
} from './analysis/totals.ts';
export { compileWorkload, type Workload } from './analysis/workload.ts';
export {
  type CalibrateOptions,
  type CalibrationResult,
  calibrate,
  type FitOptions,
  fitConstants,
  type HeldOutFit,
  type HeldOutPrediction,
  heldOutUnits,
  intervalFactors,
  type MeasuredRow,
  predictSeconds,
  REFIT_ROWS,
  summarize,
} from './estimate/calibrate.ts';
export {
  CALIBRATION_SCHEMA,
  type CalibrationIssue,
  calibratedMachine,
  isCalibrationOf,
  type ReadCalibration,
  readCalibration,
} from './estimate/calibration-file.ts';
export {
  CALIBRATIONS,
  classRecord,
  priorRecord,
  SOFTWARE_LEVELS,
  STARTS,
  startingAt,
} from './estimate/calibrations.ts';
export type { Calibration, TimeConstants } from './estimate/constants.ts';
export { type Estimate, estimate, roofSeconds } from './estimate/estimate.ts';
export { WIDENING_TEXTS, type WideningReason } from './estimate/interval.ts';
export { largestShares } from './estimate/largest-shares.ts';
export { isMachine, type Machine, type MachineIssue, machineAt, resolveMachine, roundsOf } from './estimate/machine.ts';
export { type FabricUse, fabricUse, type PrecisionShare, precisionShares } from './estimate/mixed.ts';
export { peakShares, type Rates, ratesOf } from './estimate/rates.ts';
export { BOUNDS, type Bound, dispatchSecondsOf } from './estimate/roofs.ts';
export { findRuntime, fusionIn, RUNTIMES, type Runtime } from './estimate/runtime.ts';
export type { Errors, FamilyResiduals, GroupAccuracy, HeldOutRow, PredictedRow } from './explore/accuracy.ts';
export {
  type AccuracyInput,
  type AccuracyOptions,
  type AccuracyStudy,
  accuracyStudy,
  FEWEST_ROWS,
} from './explore/accuracy-study.ts';
export type { Baseline, BaselineSeconds } from './explore/baselines.ts';
export * from './explore/battery.ts';
export {
  type Budget,
  type BudgetIssue,
  type BudgetLimit,
  type BudgetPath,
  type BudgetTarget,
  type ParsedBudgets,
  parseBudgets,
} from './explore/budget.ts';
export {
  type BudgetHardware,
  checkBudget,
  type LimitResult,
  needsSizes,
} from './explore/budget-check.ts';
export type { Carrier } from './explore/carriers.ts';
export { type PublishedComparison, publishedComparisons } from './explore/catalogue.ts';
export { type CompiledModel, compileModel, type ModelEntry, type ModelSource } from './explore/compile.ts';
export type { EnergyRow } from './explore/energy-accuracy.ts';
export { type FamilyScaling, familyScaling, type Growth, type ScalingRow } from './explore/family-scaling.ts';
export {
  type GraphModel,
  GraphModelError,
  type GraphModelErrorCode,
  type GraphModelOptions,
  graphModel,
  hasDimension,
} from './explore/graph-model.ts';
export {
  compiledModels,
  type MeasuredCase,
  type MeasurementGroup,
  type MeasurementGroups,
  measurementGroups,
  type SkippedRecord,
  secondsOf,
} from './explore/measured.ts';
export { type MeasurementRecord, type ReadMeasurements, readMeasurements } from './explore/measurement-table.ts';
export { type MemoryOverflow, memoryOverflows } from './explore/memory-banks.ts';
export {
  type ChangedLayer,
  type DeviceDiff,
  diffModels,
  type FigureDelta,
  type Increase,
  increasesOver,
  type LayerSummary,
  type ModelDiff,
} from './explore/model-diff.ts';
export type { MeasuredModel } from './explore/model-figures.ts';
export { type Objective, paretoFront } from './explore/pareto.ts';
export {
  type NoPrediction,
  type Prediction,
  type PredictionCase,
  type PredictorOptions,
  predictor,
} from './explore/predict.ts';
export { casesOf } from './explore/prediction-cases.ts';
export { type QuantizedAccuracy, quantizedAccuraciesOf } from './explore/quantized.ts';
/** Constraints of a deployment, searched and decided, as in `recommend.decide(recommend.search(scenario, space))`. */
export * as recommend from './explore/recommend/api.ts';
export { REFERENCE_DEVICES, REFERENCE_MODELS, referenceStudyOptions } from './explore/reference-study.ts';
export {
  type DeviceChoice,
  type ParsedScenario,
  parseScenario,
  type ScenarioIssue,
  type ScenarioRequest,
} from './explore/scenario-file.ts';
export {
  runStudy,
  type Study,
  type StudyCell,
  type StudyDevice,
  type StudyOptions,
  studyDevice,
} from './explore/study.ts';
export { type RefusedTable, readTable, type Table } from './explore/table.ts';
export { type DeviceFit, MEASURED_MODELS, type UnseenDevice } from './explore/unseen-devices.ts';
export {
  type CalibrationTarget,
  type CalibrationTask,
  type ComparedConstants,
  calibrationTask,
  FEWEST_MODELS,
  impossibleRows,
  rowsForCalibration,
  type UnusedRecord,
  type UserCalibration,
} from './explore/user-calibration.ts';
export { type WhatIf, type WhatIfSearch, whatIf, whatIfSearch } from './explore/what-if.ts';
export type { BatchCliff, BatchSearch } from './explore/what-if-batch.ts';
export type { WhatIfKind, WhatIfOptions, WhatIfSubject, WhatIfSuggestion } from './explore/what-if-change.ts';
export type { ChannelSearch } from './explore/what-if-channels.ts';
export * from './hardware/api.ts';
export {
  batchDimension,
  type DimensionValues,
  fixedBatch,
  openDimensions,
  withBatch,
  withDimensions,
} from './ir/bind.ts';
export { GraphBuilder } from './ir/builder.ts';
export { DTYPE_BYTES, type DType, isPrecision, PRECISIONS, type Precision } from './ir/dtype.ts';
export type { Dim, Graph, GraphInput, Initializer, Node, Shape } from './ir/graph.ts';
export { atBatch, BATCH, elementCount, formatShape, shapeAt } from './ir/shape.ts';
export { type GraphIssue, verifyGraph } from './ir/verify.ts';
export * from './onnx/api.ts';
export { OPERATOR_CLASS_TITLES, OPERATOR_CLASSES, type OperatorClass } from './ops/classes.ts';
export { type OperatorDefinition, OperatorError } from './ops/definition.ts';
export { allOperators } from './ops/index.ts';
export type * from './report/blocks.ts';
export * from './report/render/render.ts';
export { CountOverflowError, countAt } from './units/count.ts';
export * from './units/format.ts';
export {
  ExpressionLimitError,
  evaluate,
  formatInteger,
  type Integer,
  ratioOf,
  substitute,
  symbol,
  symbolsOf,
  UnboundSymbolError,
} from './units/integer.ts';
export { parseInteger } from './units/integer-text.ts';
export { parseQuantity, parseShare, type UnitName } from './units/parse.ts';
export * from './units/quantity.ts';
export { nearestNames } from './units/suggest.ts';
export * from './zoo/api.ts';
