import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { Rolldown } from 'tsdown';
import { describe, expect, it } from 'vitest';
import * as library from '../../src/index.ts';

const ENTRY = fileURLToPath(new URL('../../src/index.ts', import.meta.url));
const GLOBAL_NAME = 'assay';

interface Bundle {
  readonly code: string;
  /** Imports of Node's modules as "importer: specifier". */
  readonly nodeImports: readonly string[];
}

/** src/index.ts as one script for a page, in memory. */
const bundleForBrowser = async (): Promise<Bundle> => {
  const nodeImports: string[] = [];
  const recordNodeImports: Rolldown.Plugin = {
    name: 'record-node-imports',
    resolveId(specifier, importer) {
      if (!specifier.startsWith('node:') && !builtinModules.includes(specifier)) return null;
      nodeImports.push(`${importer}: ${specifier}`);
      return { id: specifier, external: true };
    },
  };
  const output = await Rolldown.build({
    input: ENTRY,
    platform: 'browser',
    // A page has a document of its own: linkedom may only be reached by a dynamic import that a page never takes.
    external: ['linkedom'],
    plugins: [recordNodeImports],
    logLevel: 'silent',
    write: false,
    output: { format: 'iife', name: GLOBAL_NAME, exports: 'named', codeSplitting: false },
  });
  return { code: output.output[0].code, nodeImports };
};

const bundle = await bundleForBrowser();

describe('the library in a page', () => {
  it('imports none of the modules of Node', () => {
    expect(bundle.nodeImports).toEqual([]);
    expect(bundle.code).not.toMatch(/(from|import|require)\s*\(?\s*["'`]node:/);
  });

  it('loads where there is nothing but the language', () => {
    const context = createContext({});
    expect(runInContext('typeof process + typeof Buffer + typeof require + typeof setTimeout', context)).toBe(
      'undefined'.repeat(4),
    );
    runInContext(bundle.code, context, { filename: 'assay.browser.js' });
    const names: unknown = runInContext(`Object.keys(${GLOBAL_NAME})`, context);
    expect(names).not.toHaveLength(0);

    const script = (
      library: string,
    ) => `(({ compileModel, findModel, findDevice, findRuntime, resolveMachine, estimate }) => {
      const device = findDevice('kpu-t2');
      const runtime = findRuntime(device.defaultRuntime);
      const workload = compileModel(findModel('mobilenet_v2').variant, { resolution: 224 }).workload(runtime.fusion);
      const { latencySeconds, energy, bound } = estimate(workload, resolveMachine(device, runtime), 4);
      return JSON.stringify({ latencySeconds, energy, bound, parameters: workload.parameters });
    })(${library})`;
    const inPage = JSON.parse(String(runInContext(script(GLOBAL_NAME), context)));
    expect(inPage).toEqual(JSON.parse(String(runInContext(script('library'), createContext({ library })))));
    expect(inPage).toMatchObject({ parameters: 3_504_872 });
    expect(inPage.latencySeconds).toBeGreaterThan(0);
  });
});
