#!/usr/bin/env node
/** The process around `run`: its streams, its arguments, its exit status. */
import { fileSystem } from '../node/api.ts';
import { run } from './run.ts';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // `assay models | head`: whoever read has seen enough.
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

// Set, not passed to process.exit(), which would cut off what a pipe has not taken yet.
process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  files: fileSystem,
});
