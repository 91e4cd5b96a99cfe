/** A few lines of protobuf, by hand: what the reader is told must not come from our own writer. */

export const varint = (value: number | bigint): number[] => {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return bytes;
};

export const integer = (field: number, value: number | bigint): number[] => [...varint(field * 8), ...varint(value)];

export const bytes = (field: number, contents: readonly number[]): number[] => [
  ...varint(field * 8 + 2),
  ...varint(contents.length),
  ...contents,
];

export const text = (field: number, contents: string): number[] =>
  bytes(field, [...new TextEncoder().encode(contents)]);

const float32 = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];
export const float = (field: number, value: number): number[] => [...varint(field * 8 + 5), ...float32(value)];
export const packedFloats = (field: number, values: readonly number[]): number[] =>
  bytes(field, values.flatMap(float32));

export const node = (
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  more: readonly number[] = [],
) =>
  bytes(1, [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, opType),
    ...more,
  ]);

export const initializer = (contents: readonly number[]): number[] => bytes(5, contents);

/** A ModelProto of IR version 8 and opset 17 around the fields of a graph. */
export const model = (graph: readonly number[], more: readonly number[] = []): Uint8Array =>
  Uint8Array.from([...integer(1, 8), ...bytes(7, graph), ...bytes(8, integer(2, 17)), ...more]);

/** y = Relu(w), w of the given TensorProto. */
export const modelWithTensor = (contents: readonly number[]): Uint8Array =>
  model([...node('Relu', ['w'], ['y']), ...initializer(contents), ...bytes(12, text(1, 'y'))]);
