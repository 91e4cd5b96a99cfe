export type OnnxReadErrorCode =
  | 'empty-file'
  /** A message ends after the end of the file. */
  | 'truncated-file'
  /** Something else: `message` says what it looks like. */
  | 'not-onnx'
  | 'malformed-varint'
  /** A field whose encoding, length or place contradicts the schema. */
  | 'malformed-field'
  | 'missing-op-type'
  | 'nesting-too-deep'
  /** The records would take more memory than `maxRecordBytes`. */
  | 'too-many-items'
  | 'name-too-long'
  | 'negative-dimension'
  /** A tensor of more than 2^53 elements. */
  | 'too-many-elements'
  /** More fields than `maxFields`. */
  | 'work-limit'
  /** The source gave other bytes than it was asked for: a file that is being written. */
  | 'unreadable-source';

/** A file that cannot be read as ONNX. `path` names the place, from the model down; the message is one line with both. */
export class OnnxReadError extends Error {
  readonly code: OnnxReadErrorCode;
  /** `graph / node "If_3" / attribute "then_branch"`; '' is the file itself. */
  readonly path: string;
  /** Byte of the file. */
  readonly offset: number;

  constructor(code: OnnxReadErrorCode, sentence: string, place: { readonly path: string; readonly offset: number }) {
    const where = place.path === '' ? '' : `, in ${place.path}`;
    super(`${sentence} (byte ${place.offset}${where})`);
    this.code = code;
    this.path = place.path;
    this.offset = place.offset;
  }
}

const SHOWN_CHARACTERS = 80;

/** A name from the file, short and on one line. */
export const quoted = (name: string): string => {
  const short = name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}...` : name;
  // Everything that a terminal or a page might act on, and the ends of lines that JSON leaves alone.
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
};
