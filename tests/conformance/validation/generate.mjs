// Random messages and random types for differential.mjs, of which most are nearly valid.

const texts = ['', ' ', 'a', 'ab', 'Kim', 'toolongname', 'A1', 'red', 'green', '0', '5', '-1.5', '+2', '.5', '5.', '1e3', '0x10', ' 7 ', 'Infinity', 'NaN',
  'true', 'false', '안녕', 'é', 'e\u0301', '👋', '👋👋👋', '❤️', '❤️❤️', '\ufe0f', '\ufe0fa', '👩‍👩‍👧', 'a/b', '$value', 'null', 'x'.repeat(20), 'x'.repeat(21),
  '2024-02-29T12:30:00.000Z', '2024-02-29', '2024-13-01', 'yesterday'];
const emails = ['a@b.co', 'nope', 'a@b', '@b.co', 'a@', 'a b@c.de', 'a.b+c@d-e.fg', '.a@b.co', 'a.@b.co', 'a..b@b.co', '"a b"@c.de', '"a"b"@c.de', '"a\\"b"@c.de', '"', '""@b.co',
  'ü@b.co', 'a@bücher.de', 'a@b.c', 'a@b.c1', 'a@b.xn--p1ai', 'a@-b.co', 'a@b-.co', 'a@b_c.co', 'a@[1.2.3.4]', 'a@1.2.3.4', 'A <a@b.co>', `${'a'.repeat(64)}@b.co`,
  `${'a'.repeat(65)}@b.co`, `a@${'b'.repeat(63)}.co`, `a@${'b'.repeat(64)}.co`, `${'ü'.repeat(33)}@b.co`, 'a@b.co.', 'a@b..co', 'a@@b.co', '😀@b.co', 'a@😀.co', 'a@ｂ.co', 'a@b.ü', 'a@b.üü', "o'neil@x.org"];
const urls = ['http://a.de', 'https://a.de:80/x?y=1#z', 'ftp://a.de', 'a.de', 'a.de:80', 'a.de:0', 'a.de:65536', 'a.de:', '//a.de', 'http:a.de', 'mailto:a@b.co', 'http://', 'http://localhost',
  'http://user:pw@a.de', 'user:pw@a.de', 'http://:@a.de', 'http://@a.de', 'http://a:b:c@a.de', 'javascript:alert(1)', 'javascript:%61@a.de', 'http://1.2.3.4', 'http://256.1.1.1', 'http://[::1]',
  'http://[::1]:80/', 'http://[zz]', 'http://a b.de', 'http://a.de/<', 'HTTP://A.DE', 'http://a_b.de', 'ws://a.de', 'x.y:z', 'http://a.de:8x', 'http://ü.de/ü', '?a.de', '#', 'http://a.d', 'http://[::1]x', 'http://::1/'];
const ids = ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', '6BA7B810-9DAD-41D1-80B4-00C04FD430C8', '6ba7b810-9dad-91d1-80b4-00c04fd430c8', '6ba7b810-9dad-41d1-c0b4-00c04fd430c8', '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff', '6ba7b8109dad41d180b400c04fd430c8', '6ba7b810-9dad-41d1-80b4-00c04fd430cg', '018f4e2c-7b1a-7c3e-9f00-0123456789ab', '6ba7b810-9dad-41d1-80b4-00c04fd430c@'];
const addresses = ['1.2.3.4', '01.2.3.4', '1.2.3', '1.2.3.4.5', '255.255.255.255', '256.0.0.0', '::', '::1', '1::', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1::2::3', '::ffff:1.2.3.4', '::1.2.3.400', 'fe80::1%eth0',
  'fe80::1%', 'fe80::1%a_b', '12345::', 'g::', '1:2:3:4:5:6:1.2.3.4', ':1', '1:', '1:2:3:4:5:6:7:8:9', '::1:2:3:4:5:6:7:8'];
const numbers = [0, 1, -1, 2, 5, 20, 150, 151, 1.5, 1.25, 0.1, -0.5, 1e-7, 1.5e-7, 1e21, 123456789.123, 9007199254740991, 9007199254740993, 1e300];

function text(random) {
  const kind = random.next();
  if (kind < 0.15) return random.pick(emails);
  if (kind < 0.25) return random.pick(urls);
  if (kind < 0.35) return random.pick(ids);
  return kind < 0.45 ? random.pick(addresses) : random.pick(texts);
}

export function anyValue(random, depth = 2) {
  const kind = random.next();
  if (kind < 0.4) return text(random);
  if (kind < 0.65) return random.pick(numbers);
  if (kind < 0.85 || depth === 0) return random.pick([true, false, null]);
  if (kind < 0.93) return Array.from({ length: random.below(4) }, () => anyValue(random, depth - 1));
  return Object.fromEntries(['a', 'qty', 'name'].filter(() => random.chance(0.4)).map((key) => [key, anyValue(random, depth - 1)]));
}

const count = (random) => random.below(6);
const scalar = (random) => random.pick([...texts.slice(2, 6), ...numbers.slice(0, 6), true, null]);
const scalars = (random) => Array.from({ length: 1 + random.below(3) }, () => scalar(random));
const patterns = [['^[a-z]+$'], ['^[a-z]+$', 'i'], ['\\d'], ['a/b'], ['[/]'], ['^[^x]'], ['^\\w+$'], ['x{3,}']];

/** The arguments of each rule; a rule with `from` looks best at values of that kind. */
const rules = {
  isString: {}, isInt: { from: numbers }, isNumber: { args: (r) => (r.chance(0.4) ? [r.below(3)] : []), from: numbers.filter((n) => n !== 1e-7) }, isBoolean: {}, isArray: {}, isObject: {}, isNotEmptyObject: {},
  isEnum: { args: () => [['red', 'green']] }, isDefined: {}, isNotEmpty: {}, isEmpty: {},
  equals: { args: (r) => [scalar(r)] }, notEquals: { args: (r) => [scalar(r)] }, isIn: { args: (r) => [scalars(r)] }, isNotIn: { args: (r) => [scalars(r)] },
  min: { args: (r) => [r.pick([0, 1, 1.5, -2])], from: numbers }, max: { args: (r) => [r.pick([0, 5, 150, 2.25])], from: numbers }, isPositive: { from: numbers }, isNegative: { from: numbers },
  minLength: { args: (r) => [count(r)], from: texts }, maxLength: { args: (r) => [count(r)], from: texts },
  isLength: { args: (r) => (r.chance(0.8) ? [count(r), count(r)] : [count(r)]), from: texts },
  matches: { args: (r) => r.pick(patterns), from: texts }, contains: { args: (r) => [r.pick(['a', 'é', '-'])] }, notContains: { args: (r) => [r.pick(['a', 'é', '-'])] },
  isAlpha: { from: texts }, isAlphanumeric: { from: texts }, isNumberString: { from: texts }, isEmail: { from: emails }, isUrl: { from: urls }, isIp: { from: addresses },
  isUuid: { args: (r) => (r.chance(0.5) ? [1 + r.below(8)] : []), from: ids },
  arrayMinSize: { args: (r) => [count(r)] }, arrayMaxSize: { args: (r) => [count(r)] }, arrayNotEmpty: {}, arrayUnique: {}, arrayContains: { args: (r) => [scalars(r)] },
};
const messages = ['$property is wrong', '$value is no $property of $target', 'no', 'at most $constraint1', '$constraint1 to $constraint2'];

function rule(random) {
  const name = random.pick(Object.keys(rules));
  const args = rules[name].args?.(random) ?? [];
  return {
    rule: name,
    args,
    ...(random.chance(0.2) && { each: true }),
    ...(random.chance(0.15) && { message: random.pick(messages.slice(0, 3 + (name === 'isNumber' ? 0 : args.length))) }),
    ...(random.chance(0.1) && { groups: [random.pick(['create', 'update'])] }),
  };
}

function fields(random) {
  return ['alpha', 'beta', 'gamma'].slice(0, 1 + random.below(3)).map((name) => ({
    name,
    type: random.pick(['any', 'any', 'string', 'number', 'boolean']),
    ...(random.chance(0.2) && { optional: true }),
    rules: Array.from({ length: random.below(4) }, () => rule(random)),
  }));
}

function valueFor(random, field) {
  const wanted = field.rules.flatMap(({ rule: name }) => rules[name].from ?? []);
  const value = wanted.length > 0 && random.chance(0.8) ? random.pick(wanted) : anyValue(random);
  return random.chance(0.15) ? [value, anyValue(random), value].slice(0, 1 + random.below(3)) : value;
}

const flags = ['whitelist', 'stopAtFirstError', 'skipUndefinedProperties', 'skipNullProperties', 'skipMissingProperties', 'dismissDefaultMessages', 'enableImplicitConversion',
  'forbidUnknownValues', 'always', 'strictGroups'];

function options(random) {
  const chosen = Object.fromEntries(flags.filter(() => random.chance(0.12)).map((flag) => [flag, true]));
  if (chosen.whitelist && random.chance(0.5)) chosen.forbidNonWhitelisted = true;
  if (random.chance(0.1)) chosen.groups = ['create'];
  return chosen;
}

function withExtras(random, payload) {
  for (const name of ['extra', 'constructor', 'prototype', 'z']) if (random.chance(0.1)) payload[name] = anyValue(random, 1);
  return payload;
}

function object(random, shape) {
  const payload = {};
  for (const [name, make] of Object.entries(shape)) {
    if (random.chance(0.1)) continue;
    payload[name] = random.chance(0.75) ? make() : anyValue(random);
  }
  return withExtras(random, payload);
}

const list = (random, make) => Array.from({ length: random.below(4) }, () => (random.chance(0.85) ? make() : anyValue(random, 1)));
const item = (random) => object(random, { name: () => random.pick(texts), qty: () => random.pick(numbers) });

const describedPayloads = {
  User: (random) => object(random, { name: () => random.pick(texts), age: () => random.pick(numbers), admin: () => random.chance(0.5), tag: () => random.pick(texts), kind: () => random.pick(['a', 'b', 'c', null]) }),
  Order: (random) => object(random, { email: () => random.pick(emails), items: () => (random.chance(0.1) ? item(random) : list(random, () => item(random))), color: () => random.pick(['red', 'blue', null]) }),
  Tree: function tree(random, depth = 2) {
    return object(random, {
      label: () => random.pick(texts), tags: () => list(random, () => random.pick(texts)), item: () => (random.chance(0.2) ? [item(random)] : item(random)),
      children: () => (depth === 0 ? [] : list(random, () => (random.chance(0.1) ? [tree(random, depth - 1)] : tree(random, depth - 1)))),
    });
  },
  Types: (random) => object(random, {
    ratio: () => random.pick(numbers), flag: () => random.chance(0.5), when: () => random.pick(['2024-02-29T12:30:00.000Z', '2024-02-29', 'yesterday', 0, 1e300, null, {}]),
    numbers: () => list(random, () => random.pick(numbers)), anything: () => anyValue(random), bag: () => ({ a: 1 }), colors: () => list(random, () => random.pick(['red', 'green'])),
  }),
  Optional: (random) => object(random, { text: () => random.pick(texts) }),
};

/** One random case: a message, its type and the options. */
export function randomCase(random) {
  const test = { options: options(random) };
  if (random.chance(0.4)) {
    test.dto = random.pick(Object.keys(describedPayloads));
    delete test.options.groups;
    test.payload = describedPayloads[test.dto](random);
  } else {
    test.fields = fields(random);
    if (test.options.groups) {
      for (const name of ['whitelist', 'forbidNonWhitelisted', 'forbidUnknownValues']) delete test.options[name];
      for (const field of test.fields) delete field.optional;
    }
    test.payload = withExtras(random, Object.fromEntries(test.fields.filter(() => random.chance(0.9)).map((field) => [field.name, valueFor(random, field)])));
  }
  if (random.chance(0.05)) test.payload = random.pick([undefined, null, 'x', 5, true, '']);
  return test;
}
