// Runs the tests behind load balancers: node run.mjs [part of a file name ...]
import { fileURLToPath } from 'node:url';

import { runFiles } from '../conformance/lib/run_files.mjs';

await runFiles('balancer', fileURLToPath(new URL('.', import.meta.url)), process.argv.slice(2));
