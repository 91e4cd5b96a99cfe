import type { Study, StudyCell, StudyDevice } from '../../explore/study.ts';
import type { CalloutBlock } from '../blocks.ts';
import { markedName } from './phrases.ts';
import { isHypothetical, targetTitle } from './target.ts';
import { groupedBy, listOf } from './text.ts';

/** The name of a device for sentences: hypothetical ones say so wherever they are named. */
export const namedTarget = (study: Study, target: StudyDevice): string =>
  markedName(targetTitle(study, target), isHypothetical(target));

/** How far the figures of a section can be trusted: which are calibrated, which are not, which devices do not exist. */
export const standingNote = (
  study: Study,
  cells: readonly StudyCell[],
  { energy = false }: { readonly energy?: boolean } = {},
): CalloutBlock => {
  const names = (kind: 'calibrated' | 'prior'): string =>
    listOf(
      groupedBy(
        cells.filter(({ estimate }) => estimate.calibration.kind === kind),
        ({ target }) => targetTitle(study, target),
      ).map(({ key, items }) => `${key} (${listOf([...new Set(items.map(({ precision }) => precision))])})`),
    );
  const calibrated = names('calibrated');
  const prior = names('prior');
  const hypothetical = listOf([
    ...new Set(cells.filter(({ target }) => isHypothetical(target)).map(({ target }) => targetTitle(study, target))),
  ]);
  const parts = [
    energy ? 'Times and energies are predictions.' : 'Times are predictions.',
    calibrated === '' ? '' : `Time is calibrated on measurements for ${calibrated}.`,
    prior === '' ? '' : `Time is uncalibrated, from constants of the class of device, for ${prior}.`,
    energy
      ? 'Energy is calibrated on no device: its coefficients are published or chosen figures per operation and byte.'
      : '',
    hypothetical === '' ? '' : `Hypothetical, without silicon: ${hypothetical}.`,
  ];
  return { kind: 'callout', tone: 'note', text: parts.filter((part) => part !== '').join(' ') };
};
