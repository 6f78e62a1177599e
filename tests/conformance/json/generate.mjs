// Random JSON texts, most of them valid, and mutations of them, most of them not. The same seed gives the same texts.

const whitespace = ['', '', '', ' ', '\n', '\t', '\r', '  \n', '\u00a0', '\v'];
const characters = ['a', 'Z', '0', ' ', 'é', '€', '😀', '\u2028', '\u2029', '\u007f', '/', '.', '中', '\ud7ff', '\ue000'];
const escapes = ['\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\u0000', '\\u001f', '\\u0041', '\\u00e9',
  '\\u20aC', '\\ud83d\\ude00', '\\ud800', '\\udfff', '\\uDBFF\\uDFFF', '\\ude00\\ud83d', '\\ud83dx', '\\uFFFF'];
const badEscapes = ['\\x41', '\\u12', '\\u12G4', '\\', '\\a', '\\U0041', '\u0000', '\n', '\u001f'];
const keys = ['a', 'b', 'id', '__proto__', 'constructor', '', 'toJSON', '_placeholder', 'num', 'length', '\\u0061', 'é'];
const oddNumbers = ['-0', '-0.0', '0e0', '1e400', '-1e400', '1e-400', '5e-324', '2e-324', '3e-324', '1.7976931348623157e308',
  '1.7976931348623159e308', '4.9406564584124654e-324', '2.2250738585072011e-308', '9007199254740991', '9007199254740992',
  '9007199254740993', '9223372036854775807', '9223372036854775808', '-9223372036854775808', '18446744073709551615',
  '18446744073709551616', '123456789012345678901234567890', '1e21', '1e20', '999999999999999999999', '1e-6', '1e-7',
  '0.1', '0.30000000000000004', '1E+2', '1e5', '123e-20', '100000000000000000000000', '0.000001', '0.0000001'];
const badNumbers = ['01', '-', '+1', '1.', '.5', '1e', '1e+', '0x10', 'NaN', 'Infinity', '-Infinity', '1_000', '--1', '1.5.5', '00'];

function space(random) {
  return random.chance(0.002) ? random.pick(whitespace) : whitespace[random.below(8)];
}

function string(random) {
  const parts = [];
  const length = random.chance(0.1) ? random.below(80) : random.below(8);
  for (let i = 0; i < length; ++i) {
    if (random.chance(0.003)) parts.push(random.pick(badEscapes));
    else parts.push(random.chance(0.2) ? random.pick(escapes) : random.pick(characters));
  }
  return `"${parts.join('')}"`;
}

function digits(random, most) {
  let text = '';
  for (let i = random.below(most) + 1; i > 0; --i) text += random.below(10);
  return text;
}

function randomDouble(random) {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, random.below(4294967296));
  view.setUint32(4, random.below(4294967296));
  const value = view.getFloat64(0);
  return Number.isFinite(value) ? String(value) : '0';
}

function number(random) {
  const kind = random.next();
  if (kind < 0.3) return String(random.below(1000) - 500);
  if (kind < 0.5) return randomDouble(random);
  if (kind < 0.65) return random.pick(oddNumbers);
  if (kind < 0.655) return random.pick(badNumbers);
  if (kind < 0.7) return (random.next() * 1e6).toFixed(random.below(8));
  let text = (random.chance(0.3) ? '-' : '') + String(BigInt(digits(random, 22)));
  if (random.chance(0.5)) text += `.${digits(random, 20)}`;
  if (random.chance(0.4)) text += random.pick(['e', 'E']) + random.pick(['', '+', '-']) + digits(random, 3);
  return text;
}

function key(random) {
  const kind = random.next();
  if (kind < 0.1) return `"${random.below(20)}"`;
  return kind < 0.7 ? `"${random.pick(keys)}"` : string(random);
}

function value(random, depth) {
  const kind = random.next();
  if (depth > 0 && kind < 0.25) return list(random, '[', ']', () => value(random, depth - 1));
  if (depth > 0 && kind < 0.5) {
    return list(random, '{', '}', () => `${key(random)}${space(random)}:${space(random)}${value(random, depth - 1)}`);
  }
  if (kind < 0.7) return string(random);
  if (kind < 0.9) return number(random);
  return random.pick(['true', 'false', 'null']);
}

function list(random, open, close, item) {
  const items = [];
  const length = random.chance(0.03) ? random.below(40) : random.below(5);
  for (let i = 0; i < length; ++i) items.push(`${space(random)}${item()}${space(random)}`);
  return `${open}${items.join(',')}${close}`;
}

function nested(random) {
  const depth = random.pick([1, 10, 511, 512, 513, 600, 2000]);
  const kind = random.pick([['[', ']'], ['{"a":', '}']]);
  return kind[0].repeat(depth) + (kind[0] === '[' ? '' : '1') + kind[1].repeat(depth);
}

/** Changes a few characters: what is cut, doubled, swapped or inserted is a whole code point, so the text stays valid UTF-8. */
function mutate(random, text) {
  const points = Array.from(text);
  for (let changes = random.below(3) + 1; changes > 0; --changes) {
    const at = random.below(points.length + 1);
    const kind = random.next();
    if (kind < 0.3) points.splice(at, random.below(3) + 1);
    else if (kind < 0.6) points.splice(at, 0, random.pick([...'{}[],:"\\0123456789eE+-.tfnu /*\'\u0000\ufeff😀']));
    else if (kind < 0.8) points.splice(at, 1, random.pick([...'{}[],:"\\0-.e \n']));
    else points.splice(random.below(points.length + 1));
  }
  return points.join('');
}

/** One random text. */
export function randomText(random) {
  if (random.chance(0.005)) return nested(random);
  const text = `${space(random)}${value(random, 4)}${space(random)}`;
  return random.chance(0.4) ? mutate(random, text) : text;
}
