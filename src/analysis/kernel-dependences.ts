/**
 * Which kernels wait for which while they are being formed. Only direct dependences are kept, so
 * memory grows with the edges; the question whether one kernel waits for another walks back
 * from the later one and stops at kernels that were complete before the earlier one began.
 */
export class KernelDependences {
  readonly #waitsFor: number[][] = [];
  /** First and last node of each kernel, in execution order. */
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  readonly #seenAt: number[] = [];
  #query = 0;

  addNode(kernel: number, node: number): void {
    this.#first[kernel] ??= node;
    this.#last[kernel] = node;
    this.#waitsFor[kernel] ??= [];
  }

  /** Records that `kernel` waits for `other`. */
  add(kernel: number, other: number): void {
    const known = this.#waitsFor[kernel] as number[];
    // Repeated edges come one after the other; a full search would be quadratic.
    if (known.at(-1) !== other) known.push(other);
  }

  /** Whether `kernel` waits for `ancestor`, directly or not. */
  waitsFor(kernel: number, ancestor: number): boolean {
    const begin = this.#first[ancestor] as number;
    this.#query += 1;
    const open = [kernel];
    for (let current = open.pop(); current !== undefined; current = open.pop()) {
      for (const other of this.#waitsFor[current] as number[]) {
        if (other === ancestor) return true;
        if (this.#seenAt[other] === this.#query || (this.#last[other] as number) < begin) continue;
        this.#seenAt[other] = this.#query;
        open.push(other);
      }
    }
    return false;
  }
}
