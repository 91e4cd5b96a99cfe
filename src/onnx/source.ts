/** Bytes that are read where they are needed: a buffer, a file, a dropped file in a page. */

export interface ByteSource {
  /** In bytes; may be past 2 GiB. */
  readonly size: number;
  /** The smallest read that is worth making, where one costs much more than its bytes. */
  readonly readAheadBytes?: number;
  /** Bytes `offset` to `offset + length`, all inside the source. Valid until the next call only. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

export interface SyncByteSource extends ByteSource {
  read(offset: number, length: number): Uint8Array;
}

/** Bytes in memory; nothing is copied. */
export const bytesSource = (bytes: Uint8Array | ArrayBuffer): SyncByteSource => {
  const whole = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  return {
    size: whole.byteLength,
    readAheadBytes: whole.byteLength,
    read: (offset, length) => whole.subarray(offset, offset + length),
  };
};

/** What is needed of a Blob or a File, which not every room knows as a type. */
export interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A reading of a Blob is a task of its own: fewer and larger ones are faster. */
const BLOB_READ_AHEAD_BYTES = 64 * 1024;

/** A Blob, such as a File dropped onto a page. */
export const blobSource = (blob: BlobLike): ByteSource => ({
  size: blob.size,
  readAheadBytes: BLOB_READ_AHEAD_BYTES,
  read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
});
