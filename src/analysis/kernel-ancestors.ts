/**
 * The transitive dependences among kernels while they are being formed, as bit sets: whether a
 * node may join a kernel without a cycle is then one bit.
 */
export class KernelAncestors {
  readonly #words: number;
  readonly #sets: Uint32Array[] = [];
  /** Kernels that some other kernel waits for: only they have descendants to keep up to date. */
  readonly #awaited = new Set<number>();

  constructor(capacity: number) {
    this.#words = Math.ceil(capacity / 32);
  }

  #set(kernel: number): Uint32Array {
    let set = this.#sets[kernel];
    if (set === undefined) {
      set = new Uint32Array(this.#words);
      this.#sets[kernel] = set;
    }
    return set;
  }

  has(kernel: number, ancestor: number): boolean {
    const word = this.#sets[kernel]?.[ancestor >>> 5] ?? 0;
    return (word & (1 << (ancestor & 31))) !== 0;
  }

  /** Records that `kernel` waits for `ancestor`, and for all that `ancestor` waits for. */
  add(kernel: number, ancestor: number): void {
    if (this.has(kernel, ancestor)) return;
    this.#awaited.add(ancestor);
    const added = Uint32Array.from(this.#set(ancestor));
    added[ancestor >>> 5] = (added[ancestor >>> 5] as number) | (1 << (ancestor & 31));
    this.#merge(kernel, added);
    if (!this.#awaited.has(kernel)) return;
    for (let other = 0; other < this.#sets.length; other++) {
      if (this.has(other, kernel)) this.#merge(other, added);
    }
  }

  #merge(kernel: number, added: Uint32Array): void {
    const set = this.#set(kernel);
    for (let word = 0; word < set.length; word++) set[word] = (set[word] as number) | (added[word] as number);
  }
}
