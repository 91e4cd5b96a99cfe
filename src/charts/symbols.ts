/** Marks that tell series apart without colour. All have the same area for the same size, as Plot and d3 expect. */

type Vertex = readonly [number, number];

/** The part of the canvas path interface that symbols need; d3's path has it too. */
interface PathContext {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, start: number, end: number): void;
  closePath(): void;
}

export interface ChartSymbol {
  /** `size` is the area in square pixels. */
  draw(context: PathContext, size: number): void;
}

const regular = (corners: number, turn: number, inner = 1): readonly Vertex[] =>
  Array.from({ length: corners }, (_, corner): Vertex => {
    const angle = turn + (corner / corners) * 2 * Math.PI;
    const radius = corner % 2 === 1 ? inner : 1;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });

const turned = (vertices: readonly Vertex[], angle: number): readonly Vertex[] =>
  vertices.map(([x, y]) => [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)]);

const UP = -Math.PI / 2;
// Three thirds of an arm each way: the outline of a plus sign.
const PLUS: readonly Vertex[] = [
  [1, 1],
  [1, 3],
  [-1, 3],
  [-1, 1],
  [-3, 1],
  [-3, -1],
  [-1, -1],
  [-1, -3],
  [1, -3],
  [1, -1],
  [3, -1],
  [3, 1],
];

const areaOf = (vertices: readonly Vertex[]): number => {
  const twice = vertices.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = vertices[(index + 1) % vertices.length] as Vertex;
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
};

const polygon = (vertices: readonly Vertex[]): ChartSymbol => {
  const area = areaOf(vertices);
  return {
    draw: (context, size) => {
      const scale = Math.sqrt(size / area);
      vertices.forEach(([x, y], index) => {
        if (index === 0) context.moveTo(x * scale, y * scale);
        else context.lineTo(x * scale, y * scale);
      });
      context.closePath();
    },
  };
};

const CIRCLE: ChartSymbol = {
  draw: (context, size) => {
    const radius = Math.sqrt(size / Math.PI);
    context.moveTo(radius, 0);
    context.arc(0, 0, radius, 0, 2 * Math.PI);
  },
};

const SYMBOLS: readonly ChartSymbol[] = [
  CIRCLE,
  polygon(regular(4, Math.PI / 4)),
  polygon(regular(3, UP)),
  polygon(regular(4, UP)),
  polygon(PLUS),
  polygon(regular(3, -UP)),
  polygon(regular(10, UP, 0.45)),
  polygon(turned(PLUS, Math.PI / 4)),
];

export const seriesSymbol = (index: number): ChartSymbol => SYMBOLS[Math.min(index, SYMBOLS.length - 1)] as ChartSymbol;

/** The path of a symbol around (x, y), with the area of a circle of the given radius. */
export const symbolPath = (index: number, x: number, y: number, radius: number): string => {
  const parts: string[] = [];
  const at = (dx: number, dy: number): string => `${(x + dx).toFixed(2)},${(y + dy).toFixed(2)}`;
  seriesSymbol(index).draw(
    {
      moveTo: (dx, dy) => parts.push(`M${at(dx, dy)}`),
      lineTo: (dx, dy) => parts.push(`L${at(dx, dy)}`),
      // Only ever a full circle: two half arcs, since one arc with equal ends draws nothing.
      arc: (dx, dy, r) => parts.push(`A${r},${r},0,1,1,${at(dx - r, dy)}A${r},${r},0,1,1,${at(dx + r, dy)}`),
      closePath: () => parts.push('Z'),
    },
    Math.PI * radius ** 2,
  );
  return parts.join('');
};
