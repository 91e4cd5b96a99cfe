// Prints "N passed, N failed" from the JSON report of vitest given as the argument; exits 1 when anything failed.
import { readFileSync } from 'node:fs';

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} FileResult
 * @typedef {{ testResults: FileResult[] }} Report
 */

const path = process.argv[2];
if (path === undefined) throw new Error('usage: node scripts/test-summary.mjs REPORT.json');

/** @type {Report} */
const report = JSON.parse(readFileSync(path, 'utf8'));

let passed = 0;
let failed = 0;
for (const file of report.testResults) {
  const failures = file.assertionResults.filter(({ status }) => status === 'failed').length;
  passed += file.assertionResults.filter(({ status }) => status === 'passed').length;
  // A file that does not load, or fails in a hook, has no failed test of its own and is counted as one.
  failed += failures === 0 && file.status === 'failed' ? 1 : failures;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
