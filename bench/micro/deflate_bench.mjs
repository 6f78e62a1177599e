// The same as deflate_bench.cpp with the zlib that Node.js brings, as ws calls it by default, on a thread of its pool; all
// at once, without that.
//
//     build/release/bin/deflate_bench --prose | node bench/micro/deflate_bench.mjs
import { readFileSync } from "node:fs";
import zlib from "node:zlib";

const prose = readFileSync(0);
const step = 16 * 1024;

async function flushed(size) {
  let bytes = 0;
  const context = zlib.createDeflateRaw({ windowBits: 15 }).on("data", (part) => (bytes += part.length));
  for (let begin = 0; begin < prose.length; begin += step) {
    context.write(prose.subarray(begin, begin + size));
    await new Promise((done) => context.flush(zlib.constants.Z_SYNC_FLUSH, done));
  }
  return (bytes * step) / prose.length - 4; // what a flush ends with is not sent
}

async function measure(size, messages, compress) {
  const micros = [];
  let bytes;
  for (let repetition = 0; repetition < 7; ++repetition) {
    const before = process.cpuUsage();
    bytes = await compress(size);
    const { user, system } = process.cpuUsage(before);
    micros.push(((user + system) * 1024) / (messages * size));
  }
  micros.sort((one, other) => one - other);
  const [median, least, most] = [micros[3], micros[0], micros[6]].map((value) => value.toFixed(1));
  console.log(`${size} B: ${median} us of CPU per KiB (${least} to ${most}), ${Math.round(bytes)} B compressed`);
}

console.log(`zlib ${process.versions.zlib}`);
for (const size of [step / 16, step]) await measure(size, prose.length / step, flushed);
await measure(prose.length, 1, () => zlib.deflateRawSync(prose, { chunkSize: 1 << 20 }).length);
