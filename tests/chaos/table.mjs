// What has come of it, by kind of fault.
const seconds = (list) => {
  const known = list.filter((each) => each !== null).sort((a, b) => a - b);
  if (known.length === 0) return '–';
  return `${known[Math.floor(known.length / 2)].toFixed(1)} (${known.at(-1).toFixed(1)})`;
};
const row = (...cells) => `| ${cells.join(' | ')} |`;
const head = (...cells) => [row(...cells), row(...cells.map(() => '---'))];
const counted = ['faults', 'sent', 'delivered', 'lost', 'missed', 'doubled', 'disordered', 'told', 'needless', 'crashes', 'stuck'];

export class Table {
  #rows = new Map();
  // What the last fault has taken, clients may learn only when the next one makes them come back.
  #mayTell = false;
  /** What has ended it before its time. */
  error = null;
  constructor(options) {
    this.options = options;
    this.isOfficial = options.target === 'official';
  }
  add({ name, tells = [] }, { seconds, ...found }) {
    const known = this.#rows.get(name) ?? { ...Object.fromEntries(counted.map((key) => [key, 0])), times: [] };
    known.faults += 1;
    for (const key of counted) known[key] += found[key] ?? 0;
    const mayTell = tells.includes(this.options.delivery);
    if (!mayTell && !this.#mayTell) known.needless += found.told;
    this.#mayTell = mayTell;
    if (seconds === null) known.stuck += 1;
    known.times.push(seconds);
    this.#rows.set(name, known);
  }
  sums() {
    const sum = Object.fromEntries(counted.map((key) => [key, 0]));
    for (const known of this.#rows.values()) for (const key of counted) sum[key] += known[key];
    return sum;
  }
  isFailed() {
    const { lost, doubled, disordered, crashes, stuck, faults } = this.sums();
    return this.error !== null || lost + doubled + disordered + crashes + stuck > 0 || faults === 0;
  }
  title() {
    const { adapter, delivery, servers, clients, seed, recovery } = this.options;
    const promise = this.isOfficial ? '' : ` --delivery ${delivery}`;
    const whose = this.isOfficial ? 'official servers' : 'servers';
    return `${servers} ${whose}, ${clients} clients, \`--adapter ${adapter}${promise} --recovery ${recovery}\`, seed ${seed}`;
  }
  /** By kind of fault, those of all at the end. */
  rows() {
    const all = [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1));
    const times = all.flatMap(([, known]) => known.times);
    return [...all, ['**all**', { ...this.sums(), times }]].map(([name, known]) => [name, { ...known, back: seconds(known.times) }]);
  }
  text() {
    const { sent, delivered, missed, crashes, stuck } = this.sums();
    return [
      this.title(),
      '',
      ...head('fault', 'times', 'messages', 'deliveries', 'lost in silence', 'doubled', 'in disorder', 'told', 'of these without need', 'seconds until all are back: median (most)'),
      ...this.rows().map(([name, known]) =>
        row(name, known.faults, known.sent, known.delivered, known.lost, known.doubled, known.disordered, known.told, known.needless, known.back),
      ),
      '',
      `${sent} messages were acknowledged, ${delivered} deliveries made; those who were told have missed ${missed}. ` +
        `Servers that ended by themselves: ${crashes}; times that somebody was not back after half a minute: ${stuck}.`,
    ].join('\n');
  }
}

/** The same run with servers of two kinds, one line for each fault. */
export function beside(ours, theirs) {
  const others = new Map(theirs.rows());
  const none = { faults: 0, lost: '–', missed: '–', doubled: '–', told: '–', back: '–' };
  const both = (known, other, key) => `${known[key]} / ${other[key]}`;
  const sums = [ours, theirs].map((table) => table.sums());
  const total = (what, key) => row(what, sums[0][key], sums[1][key]);
  return [
    ...head('', 'Aerie', 'official'),
    total('faults', 'faults'),
    total('messages acknowledged', 'sent'),
    total('deliveries', 'delivered'),
    total('lost in silence', 'lost'),
    total('missed, and told so', 'missed'),
    total('doubled', 'doubled'),
    total('in disorder', 'disordered'),
    total('clients told', 'told'),
    total('servers that ended by themselves', 'crashes'),
    total('times that somebody was not back after half a minute', 'stuck'),
    row('seconds until all are back: median (most)', ...[ours, theirs].map((table) => table.rows().at(-1)[1].back)),
    '',
    'Aerie / official:',
    '',
    ...head('fault', 'times', 'lost in silence', 'missed, and told so', 'doubled', 'clients told', 'seconds until all are back: median (most)'),
    ...ours.rows().map(([name, known]) => {
      const other = others.get(name) ?? none;
      return row(name, ...['faults', 'lost', 'missed', 'doubled', 'told', 'back'].map((key) => both(known, other, key)));
    }),
  ].join('\n');
}
