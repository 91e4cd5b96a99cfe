/**
 * The transitive dependences among kernels while they are being formed, as bit sets: whether a
 * node may join a kernel without a cycle is then one bit.
 */
export class KernelAncestors {
  readonly #words: number;
  /** Row after row in one block: a small array per kernel would be most of the cost of fusing. */
  #bits: Uint32Array;
  #rows: number;
  /** Kernels that some other kernel waits for: only they have descendants to keep up to date. */
  readonly #awaited = new Set<number>();

  constructor(capacity: number) {
    this.#words = Math.ceil(capacity / 32);
    this.#rows = Math.min(capacity, 64);
    this.#bits = new Uint32Array(this.#rows * this.#words);
  }

  has(kernel: number, ancestor: number): boolean {
    if (kernel >= this.#rows) return false;
    const word = this.#bits[kernel * this.#words + (ancestor >>> 5)] as number;
    return (word & (1 << (ancestor & 31))) !== 0;
  }

  /** Records that `kernel` waits for `ancestor`, and for all that `ancestor` waits for. */
  add(kernel: number, ancestor: number): void {
    this.#reserve(Math.max(kernel, ancestor) + 1);
    if (this.has(kernel, ancestor)) return;
    this.#inherit(kernel, ancestor);
    if (this.#awaited.has(kernel)) {
      for (let other = 0; other < this.#rows; other++) if (this.has(other, kernel)) this.#inherit(other, ancestor);
    }
    this.#awaited.add(ancestor);
  }

  #inherit(kernel: number, ancestor: number): void {
    const bits = this.#bits;
    const to = kernel * this.#words;
    const from = ancestor * this.#words;
    for (let word = 0; word < this.#words; word++) {
      bits[to + word] = (bits[to + word] as number) | (bits[from + word] as number);
    }
    const own = to + (ancestor >>> 5);
    bits[own] = (bits[own] as number) | (1 << (ancestor & 31));
  }

  #reserve(rows: number): void {
    if (rows <= this.#rows) return;
    this.#rows = Math.max(rows, 2 * this.#rows);
    const grown = new Uint32Array(this.#rows * this.#words);
    grown.set(this.#bits);
    this.#bits = grown;
  }
}
