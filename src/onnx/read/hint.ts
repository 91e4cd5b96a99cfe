/** What a file that is no ONNX model looks like, by its first bytes. */

/** Bytes that `looksLike` wants to see. */
export const HEAD_BYTES = 512;

const startsWith = (head: Uint8Array, signature: string, offset = 0): boolean =>
  Array.from(signature).every((character, index) => head[offset + index] === character.charCodeAt(0));

const hasText = (head: Uint8Array, text: string): boolean =>
  head.some((_, offset) => offset + text.length <= head.length && startsWith(head, text, offset));

const isPrintable = (byte: number): boolean => byte >= 32 || byte === 9 || byte === 10 || byte === 13;

interface Format {
  readonly name: string;
  matches(head: Uint8Array): boolean;
}

/** The first that matches; the readable ones come last. */
const FORMATS: readonly Format[] = [
  { name: 'a gzip archive: unpack it first', matches: (head) => startsWith(head, '\x1f\x8b') },
  { name: 'a zstd archive: unpack it first', matches: (head) => startsWith(head, '\x28\xb5\x2f\xfd') },
  { name: 'an xz archive: unpack it first', matches: (head) => startsWith(head, '\xfd7zXZ') },
  {
    name: 'a PyTorch file (zip with pickle): export it with torch.onnx.export',
    matches: (head) => startsWith(head, 'PK\x03\x04') && (hasText(head, 'data.pkl') || hasText(head, '/version')),
  },
  {
    name: 'a Keras 3 file (zip): export it with model.export(path, format="onnx")',
    matches: (head) =>
      startsWith(head, 'PK\x03\x04') && (hasText(head, 'metadata.json') || hasText(head, 'config.json')),
  },
  { name: 'a zip archive: unpack it first', matches: (head) => startsWith(head, 'PK\x03\x04') },
  { name: 'HDF5 (a Keras .h5 file?): export it with tf2onnx', matches: (head) => startsWith(head, '\x89HDF\r\n') },
  { name: 'TensorFlow Lite', matches: (head) => startsWith(head, 'TFL3', 4) },
  {
    name: "ONNX Runtime's own format (.ort): use the .onnx file it was made from",
    matches: (head) => startsWith(head, 'ORTM', 4),
  },
  { name: 'GGUF', matches: (head) => startsWith(head, 'GGUF') },
  { name: 'safetensors: weights without a graph', matches: (head) => startsWith(head, '{"', 8) },
  { name: 'a NumPy array', matches: (head) => startsWith(head, '\x93NUMPY') },
  {
    name: 'a Python pickle (PyTorch?): export it with torch.onnx.export',
    matches: (head) => head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5,
  },
  {
    name: 'a Git LFS pointer: fetch the file with git lfs pull',
    matches: (head) => startsWith(head, 'version https://git-lfs'),
  },
  {
    name: 'a TensorFlow SavedModel: convert it with tf2onnx',
    matches: (head) =>
      startsWith(head, '\x08\x01\x12') && (hasText(head, 'serve') || hasText(head, 'NoOp') || hasText(head, '\n\x05')),
  },
  {
    name: 'ONNX in text form: save it as binary protobuf',
    matches: (head) => head.every(isPrintable) && (hasText(head, 'ir_version') || hasText(head, 'opset_import')),
  },
  {
    name: 'HTML or XML',
    matches: (head) => /^\s*</.test(String.fromCharCode(...head.subarray(0, 16))) && head.every(isPrintable),
  },
  {
    name: 'JSON',
    matches: (head) => /^\s*[[{]/.test(String.fromCharCode(...head.subarray(0, 16))) && head.every(isPrintable),
  },
  { name: 'text', matches: (head) => head.length > 0 && head.every(isPrintable) },
];

/** "it looks like a gzip archive: ...", or undefined where nothing is recognised. */
export const looksLike = (head: Uint8Array): string | undefined => {
  const format = FORMATS.find(({ matches }) => matches(head));
  return format === undefined ? undefined : `it looks like ${format.name}`;
};
