import type { StudyCell } from '../../explore/study.ts';
import { holdsRealTime, REAL_TIME_FPS } from './lookup.ts';
import { countedOf, listOf, verbOf } from './text.ts';

/** "all 9 models hold 30 FPS", "7 of 9 models hold 30 FPS, all but A and B". */
export const realTimeText = (cells: readonly StudyCell[]): string => {
  const holding = cells.filter(holdsRealTime);
  const failing = cells.filter((cell) => !holdsRealTime(cell));
  const count = countedOf(holding.length, cells.length, 'model');
  const hold = verbOf(holding.length, cells.length, 'holds', 'hold');
  const names = (some: readonly StudyCell[]) => listOf(some.map(({ model }) => model.title));
  const which =
    holding.length === 0 || failing.length === 0
      ? ''
      : holding.length <= failing.length
        ? ` (${names(holding)})`
        : ` (not ${names(failing)})`;
  return `${count} ${hold} ${REAL_TIME_FPS} FPS at the upper end of the interval${which}`;
};
