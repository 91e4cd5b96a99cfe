import { defineConfig } from 'vitest/config';

// A machine-readable report beside the readable one: scripts/test-summary.mjs counts from it.
const jsonReport = process.env.VITEST_JSON ?? (process.env.CI ? '.tmp/vitest.json' : undefined);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Measured on two cores, 18 files: threads 4.3 s, forks 4.9 s, threads without isolation 1.6 s. Files may share a module
    // registry because the library keeps no module state; a test that needs isolation is a bug in the library.
    pool: 'threads',
    isolate: false,
    // The default leaves one core out, which on a machine with two is half of it.
    maxWorkers: '100%',
    // A loaded machine runs the slowest test (2 s when idle) for longer than the 5 s of the default.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: jsonReport ? ['default', ['json', { outputFile: jsonReport }]] : ['default'],
  },
});
