/** Labels beside points so that none covers another: greedy, in the order given, with the cheapest of some positions. */

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Anchor {
  readonly x: number;
  readonly y: number;
  /** Size of the label's text. */
  readonly width: number;
  readonly height: number;
  /** How far from the anchor the nearest text may start: the radius of what is drawn there. */
  readonly clearance: number;
}

export interface Placement {
  readonly box: Box;
  /** So far away that a line should lead back to the point. */
  readonly isFar: boolean;
}

const overlapArea = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

// Unit directions in the order preferred: right, left, above, below, then the diagonals.
const DIRECTIONS: readonly (readonly [number, number])[] = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, -1],
  [-1, -1],
  [1, 1],
  [-1, 1],
];
const DISTANCES: readonly number[] = [3, 10, 20, 32, 48, 68, 92, 120];
const FAR = 16;

const boxAt = (anchor: Anchor, [dx, dy]: readonly [number, number], distance: number): Box => {
  const gap = anchor.clearance + distance;
  // A diagonal label starts at the corner, so its gap is shared by both axes.
  const share = dx !== 0 && dy !== 0 ? Math.SQRT1_2 : 1;
  const centerX = anchor.x + dx * (gap * share + anchor.width / 2);
  const centerY = anchor.y + dy * (gap * share + anchor.height / 2);
  return {
    left: centerX - anchor.width / 2,
    right: centerX + anchor.width / 2,
    top: centerY - anchor.height / 2,
    bottom: centerY + anchor.height / 2,
  };
};

const isInside = (box: Box, bounds: Box): boolean =>
  box.left >= bounds.left && box.right <= bounds.right && box.top >= bounds.top && box.bottom <= bounds.bottom;

/**
 * A place for each label, in the order of `anchors`, or undefined where none is free within 120 pixels. A label never
 * overlaps another and stays in `bounds`; it avoids `obstacles` (dots, bars) as far as it can.
 */
export const placeLabels = (
  anchors: readonly Anchor[],
  { bounds, obstacles }: { readonly bounds: Box; readonly obstacles: readonly Box[] },
): readonly (Placement | undefined)[] => {
  const taken: Box[] = [];
  return anchors.map((anchor) => {
    let best: { readonly placement: Placement; readonly cost: number } | undefined;
    for (const distance of DISTANCES) {
      // Covering nothing costs only the distance, so a farther ring cannot be better than this one.
      if (best !== undefined && best.cost <= distance) break;
      for (const [rank, direction] of DIRECTIONS.entries()) {
        const box = boxAt(anchor, direction, distance);
        if (!isInside(box, bounds) || taken.some((other) => overlapArea(box, other) > 0)) continue;
        const covered = obstacles.reduce((sum, obstacle) => sum + overlapArea(box, obstacle), 0);
        const cost = covered + distance + rank / DIRECTIONS.length;
        if (best === undefined || cost < best.cost) best = { placement: { box, isFar: distance >= FAR }, cost };
      }
    }
    if (best !== undefined) taken.push(best.placement.box);
    return best?.placement;
  });
};
