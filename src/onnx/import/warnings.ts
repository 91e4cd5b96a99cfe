/** What is odd about a file but does not keep it from being understood. */
export interface ImportWarning {
  readonly code: string;
  /** Node, tensor or opset that it is about. */
  readonly path: string;
  readonly message: string;
}

/** The file contradicts itself: there is no graph that it could mean. */
export class ImportError extends Error {
  readonly code: string;
  readonly path: string;

  constructor(code: string, path: string, message: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

/** A file can be odd in as many places as it has nodes; a reader is helped by the first ones. */
const MAX_PER_CODE = 50;

export class Warnings {
  readonly #found: ImportWarning[] = [];
  readonly #counts = new Map<string, number>();

  add(code: string, path: string, message: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= MAX_PER_CODE) this.#found.push({ code, path, message });
  }

  list(): readonly ImportWarning[] {
    const cut = [...this.#counts].filter(([, count]) => count > MAX_PER_CODE);
    return [
      ...this.#found,
      ...cut.map(([code, count]) => ({ code, path: '', message: `${count - MAX_PER_CODE} more of the same` })),
    ];
  }
}
