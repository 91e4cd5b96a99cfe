/** The measurements and the held-out constants that come with the package. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { AccuracyInput } from '../explore/accuracy-study.ts';

const CLASSES = 'classes.json';

/** reference/ of the package, from the bundled module as from the source. */
const referenceFolder = (): URL => {
  for (const up of ['../', '../../', '../../../']) {
    const folder = new URL(`${up}reference/`, import.meta.url);
    if (existsSync(new URL('measurements.csv', folder))) return folder;
  }
  throw new Error('reference/measurements.csv is not in the package');
};

const recordsOf = async <Fit>(file: URL): Promise<readonly { readonly id: string; readonly fits: readonly Fit[] }[]> =>
  JSON.parse(await readFile(file, 'utf8')).records;

/** The package's own files, so that they are what the build of the package says they are. */
export const readReference = async (): Promise<AccuracyInput> => {
  const folder = referenceFolder();
  const heldOut = new URL('held-out/', folder);
  const names = (await readdir(heldOut)).filter((name) => name.endsWith('.json') && name !== CLASSES).sort();
  const [measurements, classes, groups] = await Promise.all([
    readFile(new URL('measurements.csv', folder), 'utf8'),
    recordsOf<AccuracyInput['classes'][number]['fits'][number]>(new URL(CLASSES, heldOut)),
    Promise.all(
      names.map((name) => recordsOf<AccuracyInput['groups'][number]['fits'][number]>(new URL(name, heldOut))),
    ),
  ]);
  return { measurements, classes, groups: groups.flat() };
};
