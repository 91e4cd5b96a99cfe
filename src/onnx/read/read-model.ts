/** A model from a source of bytes. Weights are passed over: a file of gigabytes costs the memory of its graph. */
import type { ModelRecord } from '../records.ts';
import type { ByteSource, SyncByteSource } from '../source.ts';
import { OnnxReadError } from './error.ts';
import { HEAD_BYTES, looksLike } from './hint.ts';
import type { ReadOptions } from './limits.ts';
import { MODEL } from './model.ts';
import { type Parser, parser } from './parser.ts';
import type { ByteRange } from './schema.ts';

/** Reads what it asks for: a driver answers each range with its bytes. */
type Reading = Generator<ByteRange, ModelRecord, Uint8Array>;

/** From here on nothing but ONNX would have fitted. */
const CONVINCING_MESSAGES = 2;

/** An error of the parser in the light of the file's first bytes, which tell whether it was meant to be ONNX. */
const explained = (error: OnnxReadError, head: Uint8Array, messagesRead: number): OnnxReadError => {
  if (error.code === 'unreadable-source') return error;
  const hint = looksLike(head);
  // A version of ONNX, a graph or an opset comes first, and then what is wrong is inside a message, or cut off.
  const beginsAsOnnx = head[0] === 0x08 || head[0] === 0x3a || head[0] === 0x42;
  const isInside = error.path !== '' || error.code === 'truncated-file';
  const isBroken = messagesRead >= CONVINCING_MESSAGES || (hint === undefined && beginsAsOnnx && isInside);
  if (isBroken && error.code !== 'not-onnx') return error;
  const why = hint ?? error.message.replace(/ \(byte .*$/s, '');
  return new OnnxReadError('not-onnx', `not an ONNX model: ${why}`, { path: '', offset: error.offset });
};

function* reading(source: ByteSource, options: ReadOptions | undefined): Reading {
  const { size } = source;
  if (size === 0) throw new OnnxReadError('empty-file', 'the file is empty', { path: '', offset: 0 });
  const parsing: Parser<ModelRecord> = parser(source, MODEL, options);
  try {
    for (let range = parsing.run(); range !== undefined; range = parsing.run()) parsing.supply(range, yield range);
  } catch (error) {
    if (!(error instanceof OnnxReadError)) throw error;
    const head = yield { offset: 0, length: Math.min(HEAD_BYTES, size) };
    throw explained(error, head, parsing.messagesRead());
  }
  const warnings = parsing.warnings();
  return warnings.length === 0 ? parsing.result() : { ...parsing.result(), warnings };
}

/** Reads a model from bytes that are at hand. Throws `OnnxReadError`. */
export const readModelSync = (source: SyncByteSource, options?: ReadOptions): ModelRecord => {
  const steps = reading(source, options);
  let step = steps.next();
  while (!step.done) step = steps.next(source.read(step.value.offset, step.value.length));
  return step.value;
};

/** Reads a model from any source, such as a Blob. Rejects with `OnnxReadError`. */
export const readModel = async (source: ByteSource, options?: ReadOptions): Promise<ModelRecord> => {
  const steps = reading(source, options);
  let step = steps.next();
  while (!step.done) step = steps.next(await source.read(step.value.offset, step.value.length));
  return step.value;
};
