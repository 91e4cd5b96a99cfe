/** Reads a device file as plain data. What it must say is checked by parseDevice of hardware/. */
import { DATA_FILE_ENDINGS, type DataFileResult, MAX_DATA_FILE_BYTES, readDataFile } from './data-file.ts';

export const MAX_DEVICE_FILE_BYTES = MAX_DATA_FILE_BYTES;

/** Endings that name a device file. */
export const DEVICE_FILE_ENDINGS = DATA_FILE_ENDINGS;

export type DeviceFileResult = DataFileResult;

/** The data of a YAML or JSON file, by its ending; every way to fail is a result with a sentence for people. */
export const readDeviceFile = (path: string): Promise<DeviceFileResult> => readDataFile(path, 'device file');
