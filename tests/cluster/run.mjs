// Runs the cluster tests: node run.mjs [part of a file name ...]
import { fileURLToPath } from 'node:url';

import { runFiles } from '../conformance/lib/run_files.mjs';

await runFiles('cluster', fileURLToPath(new URL('.', import.meta.url)), process.argv.slice(2));
