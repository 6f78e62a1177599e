// Reads a page of metrics, and refuses what Prometheus would: https://prometheus.io/docs/instrumenting/exposition_formats/
import assert from 'node:assert/strict';

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"/y;
const NUMBER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]Inf|NaN)$/i;

/** The families of a page by name: their type, and their samples as `{ name, labels, value }`. */
export function readMetrics(page) {
  assert.ok(page.endsWith('\n'), 'the page ends with a line break');
  const families = new Map();
  const seen = new Set();
  let family = null;
  for (const line of page.slice(0, -1).split('\n')) {
    const head = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line);
    if (head?.[1] === 'HELP') {
      assert.ok(!families.has(head[2]), `in one place: ${line}`);
      families.set(head[2], (family = { name: head[2], type: null, samples: [] }));
    } else if (head) {
      assert.equal(head[2], family?.name, `the type follows its help: ${line}`);
      assert.ok(family.type === null && ['counter', 'gauge', 'histogram'].includes(head[3]), `a type, once: ${line}`);
      family.type = head[3];
      assert.equal(family.type === 'counter', family.name.endsWith('_total'), `counters end with _total: ${line}`);
    } else {
      const sample = readSample(line);
      const names = family?.type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => family.name + end) : [family?.name];
      assert.ok(family?.type && names.includes(sample.name), `a sample of its family: ${line}`);
      const key = line.slice(0, line.lastIndexOf(' '));
      assert.ok(!seen.has(key), `once: ${line}`);
      seen.add(key);
      family.samples.push(sample);
    }
  }
  for (const each of families.values()) if (each.type === 'histogram') checkHistogram(each);
  return families;
}

function readSample(line) {
  const name = /^[a-zA-Z_:][\w:]*/.exec(line)?.[0] ?? '';
  let at = name.length;
  const labels = {};
  if (line[at] === '{') {
    do {
      LABEL.lastIndex = at + 1;
      const label = LABEL.exec(line);
      assert.ok(label && !label[1].startsWith('__') && !(label[1] in labels), `labels: ${line}`);
      labels[label[1]] = label[2];
      at = LABEL.lastIndex;
    } while (line[at] === ',');
    assert.equal(line[at], '}', `labels end: ${line}`);
    at += 1;
  }
  const value = line.slice(at + 1);
  assert.ok(name && line[at] === ' ' && NUMBER.test(value), `a name and a number: ${line}`);
  return { name, labels, value: value === '+Inf' ? Infinity : Number(value) };
}

function checkHistogram({ name, samples }) {
  const series = new Map();
  for (const sample of samples) {
    const { le, ...labels } = sample.labels;
    const key = JSON.stringify(labels);
    if (!series.has(key)) series.set(key, { buckets: [] });
    const one = series.get(key);
    if (sample.name.endsWith('_bucket')) one.buckets.push([le === '+Inf' ? Infinity : Number(le), sample.value]);
    else one[sample.name.slice(name.length + 1)] = sample.value;
  }
  for (const [key, { buckets, sum, count }] of series) {
    assert.equal(buckets.at(-1)?.[0], Infinity, `${name} ${key} has a last bucket`);
    buckets.reduce((before, bucket) => {
      assert.ok(bucket[0] > before[0] && bucket[1] >= before[1], `${name} ${key}: buckets grow`);
      return bucket;
    });
    assert.ok(sum >= 0 && count === buckets.at(-1)[1], `${name} ${key}: sum and count`);
  }
}
