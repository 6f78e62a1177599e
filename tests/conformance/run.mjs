// Runs the conformance tests: node run.mjs [part of a file name ...]
import { fileURLToPath } from 'node:url';

import { runFiles } from './lib/run_files.mjs';

await runFiles('conformance', fileURLToPath(new URL('.', import.meta.url)), process.argv.slice(2));
