// What has come of it, by kind of fault.
const seconds = (list) => {
  const known = list.filter((each) => each !== null).sort((a, b) => a - b);
  if (known.length === 0) return '–';
  return `${known[Math.floor(known.length / 2)].toFixed(1)} (${known.at(-1).toFixed(1)})`;
};

export class Table {
  #rows = new Map();
  constructor(options) {
    this.options = options;
  }
  add({ name, tells = [] }, { delivered, lost, doubled, disordered, told, seconds }) {
    const row = this.#rows.get(name) ?? { faults: 0, delivered: 0, lost: 0, doubled: 0, disordered: 0, told: 0, needless: 0, times: [] };
    row.faults += 1;
    for (const [key, value] of Object.entries({ delivered, lost, doubled, disordered, told })) row[key] += value;
    if (!tells.includes(this.options.delivery)) row.needless += told;
    row.times.push(seconds);
    this.#rows.set(name, row);
  }
  sums() {
    const sum = { faults: 0, delivered: 0, lost: 0, doubled: 0, disordered: 0, told: 0, needless: 0 };
    for (const row of this.#rows.values()) for (const key of Object.keys(sum)) sum[key] += row[key];
    return sum;
  }
  text() {
    const { adapter, delivery, servers, clients, seed, recovery } = this.options;
    const all = [...this.#rows.values()].flatMap(({ times }) => times);
    const cells = (name, row, times) =>
      `| ${name} | ${row.faults} | ${row.delivered} | ${row.lost} | ${row.doubled} | ${row.disordered} | ${row.told} | ${row.needless} | ${seconds(times)} |`;
    return [
      `${servers} servers, ${clients} clients, \`--adapter ${adapter} --delivery ${delivery} --recovery ${recovery}\`, seed ${seed}`,
      '',
      '| fault | times | deliveries | lost in silence | doubled | in disorder | told | of these without need | seconds until all are back: median (most) |',
      '|---|---|---|---|---|---|---|---|---|',
      ...[...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, row]) => cells(name, row, row.times)),
      cells('**all**', this.sums(), all),
    ].join('\n');
  }
}
