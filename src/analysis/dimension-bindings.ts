/** What open dimensions were found to be while shapes were inferred. */
import type { Dim } from '../ir/graph.ts';
import { substitute, symbolsOf } from '../units/integer.ts';

export class DimensionBindings {
  readonly #values: Map<string, Dim>;

  constructor(fixed: ReadonlyMap<string, Dim> = new Map()) {
    this.#values = withoutCycles(fixed);
  }

  get count(): number {
    return this.#values.size;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  resolve(dim: Dim): Dim {
    if (typeof dim === 'number' || this.#values.size === 0) return dim;
    const behind = this.#boundIn(dim);
    for (const name of behind) this.#settle(name);
    return behind.length === 0 ? dim : substitute(dim, this.#values);
  }

  #boundIn(dim: Dim): readonly string[] {
    return typeof dim === 'number' ? [] : symbolsOf(dim).filter((name) => this.#values.has(name));
  }

  /**
   * Follows a name to what it finally is and keeps that: where thousands of dimensions turn out
   * to be equal one after the other, each is looked through once.
   */
  #settle(start: string): void {
    const open = [start];
    for (let name = open.at(-1); name !== undefined; name = open.at(-1)) {
      const value = this.#values.get(name) as Dim;
      const behind = this.#boundIn(value);
      const unsettled = behind.filter((other) => this.#boundIn(this.#values.get(other) as Dim).length > 0);
      if (unsettled.length > 0) {
        open.push(...unsettled);
        continue;
      }
      if (behind.length > 0) this.#values.set(name, substitute(value, this.#values));
      open.pop();
    }
  }

  /** Nothing is bound, over however many steps, to an expression of itself. */
  bind(name: string, value: Dim): void {
    const known = this.resolve(value);
    if (this.#values.has(name) || symbolsOf(known).includes(name)) return;
    this.#values.set(name, known);
  }
}

/**
 * The values without names that were exchanged (the shape W×H asked for where the file says H×W):
 * the inputs have them already, and what follows a name to its value must come to an end.
 */
const withoutCycles = (fixed: ReadonlyMap<string, Dim>): Map<string, Dim> => {
  const kept = new Map(fixed);
  for (let found = true; found; ) {
    // Names that stand for an expression of names which are replaced in turn; without a cycle some stand for none.
    const ends = [...kept].filter(([, value]) => !symbolsOf(value).some((name) => kept.has(name)));
    found = ends.length > 0;
    for (const [name] of ends) kept.delete(name);
  }
  return new Map([...fixed].filter(([name]) => !kept.has(name)));
};
