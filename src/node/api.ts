/** The public face of the Node rooms: files that are written whole, device files, and models as ONNX files. */
export { type BudgetFileResult, readBudgetFile } from './budget-file.ts';
export { DATA_FILE_ENDINGS, type DataFileResult, MAX_DATA_FILE_BYTES, readDataFile } from './data-file.ts';
export {
  DEVICE_FILE_ENDINGS,
  type DeviceFileResult,
  MAX_DEVICE_FILE_BYTES,
  readDeviceFile,
} from './device-file.ts';
export { type ExportedModel, type ExportOptions, exportModel, WEIGHT_KINDS, type WeightKind } from './export-model.ts';
export {
  checkOutputFile,
  checkOutputFolder,
  type FileContents,
  FileError,
  type FileErrorCode,
  type FileOperations,
  fileSystem,
  type OutputFile,
  writeFileAtomic,
  writeFilesAtomic,
  writeOutputFolder,
} from './files.ts';
export {
  type ModelFile,
  ModelFileError,
  type ModelFileErrorCode,
  type ModelFileWarning,
  openModelFile,
} from './model-file.ts';
export { readReference } from './reference.ts';
export { MAX_TEXT_FILE_BYTES, readTextFile, type TextFileResult } from './text-file.ts';
