/** UTF-8 to texts. What is no UTF-8 becomes U+FFFD: a broken name is still a name. */

const SLOTS = 4096;
const LONGEST = 96;

/**
 * Decodes texts and hands out the same one again for the same bytes: every tensor's name occurs at its producer and at
 * its consumers, every operator's hundreds of times.
 */
export const textDecoder = (): ((bytes: Uint8Array, start: number, end: number) => string) => {
  const decoder = new TextDecoder();
  const seen: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  return (bytes, start, end) => {
    const length = end - start;
    if (length === 0) return '';
    if (length > LONGEST) return decoder.decode(bytes.subarray(start, end));
    let hash = length;
    for (let index = start; index < end; index++) hash = (Math.imul(hash, 31) + (bytes[index] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
    const known = seen[slot];
    // Texts beyond ASCII never match: a byte of theirs is above 127 and no code unit of an ASCII text is.
    if (known !== undefined && known.length === length) {
      let index = 0;
      while (index < length && known.charCodeAt(index) === bytes[start + index] && (bytes[start + index] ?? 0) < 128)
        index++;
      if (index === length) return known;
    }
    const text = decoder.decode(bytes.subarray(start, end));
    seen[slot] = text;
    return text;
  };
};
