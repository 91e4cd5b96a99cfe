import { describe, expect, it } from 'vitest';
import { documentToJson, JsonValueError, renderJson } from '../../../src/report/render/render.ts';
import { documentOf, everyFormat, everything } from './sample.ts';

describe('renderJson', () => {
  it('keeps the order of keys, indents by two and ends with a newline', () => {
    expect(renderJson({ schema: 'x/1', a: [1, null, true], 'b c': {}, left: undefined })).toBe(
      '{\n  "schema": "x/1",\n  "a": [\n    1,\n    null,\n    true\n  ],\n  "b c": {}\n}\n',
    );
    expect(renderJson(null)).toBe('null\n');
  });

  it.each([
    [{ rows: [{ ms: 1 }, { ms: Number.NaN }] }, '$.rows[1].ms is NaN: an unknown figure must be null'],
    [{ 'a b': Number.POSITIVE_INFINITY }, '$["a b"] is Infinity: an unknown figure must be null'],
    [Number.NEGATIVE_INFINITY, '$ is -Infinity: an unknown figure must be null'],
    [[1, undefined], '$[1] is of type undefined: expected plain data'],
    [{ n: 1n }, '$.n is of type bigint: expected plain data'],
    [{ m: new Map() }, '$.m is a Map: expected a plain object or an array'],
    [{ d: new Date(0) }, '$.d is a Date: expected a plain object or an array'],
    [new Float32Array(1), '$ is a Float32Array: expected a plain object or an array'],
  ])('refuses %o and names the path', (value, message) => {
    expect(() => renderJson(value)).toThrow(message);
  });

  it('refuses a cycle, but not a value used twice', () => {
    const shared = { a: 1 };
    expect(renderJson([shared, shared])).toContain('"a": 1');
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => renderJson(cycle)).toThrow('$.self is a reference to what contains it');
  });

  it('carries a code and the path', () => {
    try {
      renderJson({ a: Number.NaN });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(JsonValueError);
      expect(error).toMatchObject({ code: 'json-value', path: '$.a' });
    }
  });
});

describe('documentToJson', () => {
  it('gives tables whole and charts without their drawing', () => {
    const chart = { kind: 'chart', id: 'c', title: 'T', alternative: 'A', svg: '<svg/>', caption: 'C' } as const;
    const table = { ...everyFormat, rows: [{ name: 'a', latency: 0.5, other: 1 }] };
    const [section] = documentToJson(documentOf(chart, table)).sections;
    expect(section?.blocks[0]).toEqual({ kind: 'chart', id: 'c', title: 'T', alternative: 'A', caption: 'C' });
    expect(section?.blocks[1]).toEqual({
      ...everyFormat,
      rows: [{ name: 'a', bound: null, params: null, latency: 0.5, energy: null, share: null, speed: null, ok: null }],
    });
  });

  it('reads back as itself', () => {
    const json = documentToJson(everything);
    expect(JSON.parse(renderJson(json))).toEqual(json);
    expect(renderJson(json)).not.toContain('<svg');
  });

  it('refuses a figure that is not a number', () => {
    const document = documentOf({ ...everyFormat, rows: [{ latency: Number.NaN }] });
    expect(() => renderJson(documentToJson(document))).toThrow('$.sections[0].blocks[0].rows[0].latency is NaN');
  });
});
