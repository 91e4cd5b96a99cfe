/** What a file may ask of its reader. Real models stay far below; a hostile file ends here. */
export interface ReadLimits {
  /** Messages inside messages. Google's protobuf stops at 100 too: a deeper file is one that nothing else reads. */
  readonly maxDepth: number;
  /** Names of nodes, tensors, operators and domains, in bytes of UTF-8. */
  readonly maxNameBytes: number;
  /** Estimated memory of all records: 60,000 nodes with long names, attributes and shapes fit. */
  readonly maxRecordBytes: number;
  /** Fields looked at, skipped ones included; some 20 million per second. */
  readonly maxFields: number;
  /**
   * Longer lists in attributes (the trees of a random forest) keep their first items, and longer texts in
   * attributes and metadata their first bytes: `fullLength` then says how much there was.
   */
  readonly maxListItems: number;
  readonly maxTextBytes: number;
}

export type ReadOptions = Partial<ReadLimits>;

export const DEFAULT_LIMITS: ReadLimits = {
  maxDepth: 100,
  maxNameBytes: 64 * 1024,
  maxRecordBytes: 128 * 2 ** 20,
  maxFields: 2 ** 25,
  maxListItems: 64 * 1024,
  maxTextBytes: 64 * 1024,
};

/** Tensors up to these sizes have their contents read: what shape arithmetic, axes and scales need. */
export const MAX_SMALL_INTEGERS = 4096;
export const MAX_SMALL_FLOATS = 64;
export const MAX_SMALL_STRINGS = 64;
