// Numbers that follow from a seed (mulberry32).
export class Random {
  #state;
  constructor(seed) {
    this.#state = seed >>> 0;
  }
  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(end) {
    return Math.floor(this.fraction() * end);
  }
  between(low, high) {
    return low + this.below(high - low + 1);
  }
  one(list) {
    return list[this.below(list.length)];
  }
  shuffled(list) {
    const items = [...list];
    for (let i = items.length; i > 1; --i) {
      const j = this.below(i);
      [items[i - 1], items[j]] = [items[j], items[i - 1]];
    }
    return items;
  }
}
