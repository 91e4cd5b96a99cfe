/** The public face of the Node rooms: files that are written whole, and device files. */
export {
  DEVICE_FILE_ENDINGS,
  type DeviceFileResult,
  MAX_DEVICE_FILE_BYTES,
  readDeviceFile,
} from './device-file.ts';
export {
  checkOutputFolder,
  FileError,
  type FileErrorCode,
  type FileOperations,
  fileSystem,
  type OutputFile,
  writeFileAtomic,
  writeOutputFolder,
} from './files.ts';
