/** Versions of frameworks inside NVIDIA's containers, which are named by year and month. */

/** First container with each version, from the release notes of the catalogue; `undefined` ends what is known. */
type Containers = readonly (readonly [container: string, version: string | undefined])[];

const entries = (text: string): Containers =>
  text.split(', ').map((entry) => {
    const [container = '', version] = entry.split(' ');
    return [container, version];
  });

const PYTORCH = entries(
  '20.01 1.4, 20.02 1.5, 20.06 1.6, 20.08 1.7, 20.11 1.8, 21.03 1.9, 21.07 1.10, 21.11 1.11, 22.03 1.12, 22.06 1.13, ' +
    '22.11 1.14, 23.03 2.0, 23.04 2.1, 23.11 2.2, 24.02 2.3, 24.05 2.4, 24.08 2.5, 24.11 2.6, 25.02 2.7, 25.05 2.8, ' +
    '25.09 2.9, 26.01',
);
const TENSORFLOW_2 = entries(
  '20.01 2.0, 20.02 2.1, 20.06 2.2, 20.09 2.3, 21.02 2.4, 21.06 2.5, 21.09 2.6, 22.01 2.7, 22.03 2.8, 22.06',
);

const versionIn = (containers: Containers, container: string): string | undefined =>
  containers.findLast(([first]) => first <= container)?.[1];

/** "21.03" to "1.9"; `undefined` for containers older or newer than the table. */
export const pytorchInContainer = (container: string): string | undefined => versionIn(PYTORCH, container);

export const tensorflow2InContainer = (container: string): string | undefined => versionIn(TENSORFLOW_2, container);
