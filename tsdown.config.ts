import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsdown';

const canvasShim = fileURLToPath(new URL('node_modules/linkedom/commonjs/canvas-shim.cjs', import.meta.url));

/**
 * Rooms whose index.ts is a generated list publish api.ts, and the others follow them.
 * Commands and charts are reached by dynamic import(), so each is a chunk that is loaded when it is asked for.
 */
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'zoo/api': 'src/zoo/api.ts',
    'onnx/api': 'src/onnx/api.ts',
    'hardware/api': 'src/hardware/api.ts',
    'report/api': 'src/report/api.ts',
    'charts/api': 'src/charts/api.ts',
    'audit/api': 'src/audit/api.ts',
    'node/api': 'src/node/api.ts',
    'cli/main': 'src/cli/main.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  fixedExtension: false,
  hash: false,
  dts: true,
  deps: {
    // Start-up on two shared cores, median of 11, bare node 57 ms: Plot and linkedom from node_modules 238 ms, from one
    // bundled file 114 ms, minified 108 ms. So they are bundled, and not minified, which keeps stack traces readable.
    // They stay in `dependencies` for their types and licences. The other packages stay external.
    // zod and the fitting library load on every start, hundreds of small files: bundled, what is not used falls out.
    alwaysBundle: [/^@observablehq\/plot$/, /^linkedom$/, /^zod(\/|$)/, /^ml-matrix$/],
    onlyBundle: false,
  },
  // linkedom tries the native `canvas` and falls back to its shim: taking the shim keeps `require` out of the bundle.
  inputOptions: { resolve: { alias: { canvas: canvasShim } } },
  outputOptions: { chunkFileNames: 'chunks/[name].js' },
});
