// Runs the test files of a folder, two at a time; prints what failed and `<name>: N passed, N failed, N skipped`.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';

// A file that takes longer than this many milliseconds hangs.
const deadline = Number(process.env.AERIE_FILE_TIMEOUT ?? 180000);
const concurrency = Number(process.env.AERIE_JOBS ?? 2);

// Each file runs in a process group of its own, so that its servers end with it.
const groups = new Set();
const endGroup = (pid) => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
};
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    groups.forEach(endGroup);
    process.exit(1);
  });
}

// The verdict of one file, read from its TAP output.
async function runFile(here, file) {
  const start = performance.now();
  const child = spawn(process.execPath, ['--test-reporter=tap', file], {
    cwd: here,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  groups.add(child.pid);
  const timer = setTimeout(() => {
    errors += `${file} hung: killed after ${deadline} ms\n`;
    endGroup(child.pid);
  }, deadline);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  endGroup(child.pid);
  groups.delete(child.pid);
  const count = (name) => Number(output.match(new RegExp(`^# ${name} (\\d+)$`, 'm'))?.[1] ?? 0);
  const verdict = {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped'),
  };
  if (code !== 0 && verdict.failed === 0) verdict.failed = 1;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${file}: ${verdict.passed} passed, ${verdict.failed} failed, ${verdict.skipped} skipped (${seconds} s)`,
  );
  if (verdict.failed > 0) console.log(failures(output) + errors);
  return verdict;
}

// The failed tests of a TAP stream with their diagnostics, without the suites around them.
function failures(tap) {
  const lines = tap.split('\n');
  const shown = [];
  for (let i = 0; i < lines.length; i++) {
    if (!/^\s*not ok /.test(lines[i])) continue;
    let end = i + 1;
    while (end < lines.length && lines[end].trim() !== '...') end++;
    const block = lines.slice(i, end);
    if (block.some((line) => line.includes("failureType: 'subtestsFailed'"))) continue;
    shown.push(...block.filter((line) => !/node:internal|duration_ms|^\s*(---|type:)/.test(line)));
  }
  return `${shown.join('\n')}\n`;
}

/** Runs the files `*.test.mjs` of `folder` whose names contain one of `filters`; all of them if there is none. */
export async function runFiles(name, folder, filters) {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.test.mjs'))
    .filter((file) => filters.length === 0 || filters.some((part) => file.includes(part)))
    .sort();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const waiting = [...files];
  const worker = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const verdict = await runFile(folder, file);
      for (const key of Object.keys(total)) total[key] += verdict[key];
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  console.log(`${name}: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed > 0 || files.length === 0 ? 1 : 0;
}
