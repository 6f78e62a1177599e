// Classes with class-validator's decorators, applied by hand: those that described.cpp has too, and those made of
// fields. Decorators of one property apply from the last to the first, as TypeScript applies them.

import 'reflect-metadata';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const validator = require('class-validator');
const { Type } = require('class-transformer');

export const { ValidationPipe } = require('@nestjs/common/pipes/validation.pipe.js');

const {
  IsString, IsInt, IsNumber, IsBoolean, IsArray, IsObject, IsEnum, IsDate, IsOptional, IsEmail, IsIn, Length, MaxLength,
  Min, Max, Matches, ArrayMaxSize, ArrayNotEmpty, ValidateNested, Allow,
} = validator;

function define(Class, properties) {
  for (const [name, decorators, type] of properties) {
    for (const decorator of [...decorators].reverse()) decorator(Class.prototype, name);
    if (type) Reflect.defineMetadata('design:type', type, Class.prototype, name);
  }
  return Class;
}

const colors = { red: 'red', green: 'green' };
const each = { each: true };

const User = define(class User {}, [
  ['name', [IsString(), Length(2, 8)], String],
  ['age', [IsInt(), Min(0), Max(150)], Number],
  ['admin', [IsOptional(), IsBoolean()], Boolean],
  ['tag', [IsOptional(), Matches(/^[a-z]+$/)], String],
  ['kind', [IsOptional(), IsIn(['a', 'b'])], String],
]);
const Item = define(class Item {}, [
  ['name', [IsString()], String],
  ['qty', [IsInt(), Min(1)], Number],
]);
const Order = define(class Order {}, [
  ['email', [IsEmail()], String],
  ['items', [IsArray(), ArrayMaxSize(2), ValidateNested(each), Type(() => Item)]],
  ['color', [IsOptional(), IsEnum(colors)], String],
]);
class Tree {}
define(Tree, [
  ['label', [IsString(), MaxLength(3)], String],
  ['children', [IsArray(), ValidateNested(each), Type(() => Tree)]],
  ['item', [IsOptional(), ValidateNested(), Type(() => Item)]],
  ['tags', [IsArray(), IsString(each)]],
]);
const Types = define(class Types {}, [
  ['ratio', [IsNumber()], Number],
  ['flag', [IsBoolean()], Boolean],
  ['when', [IsDate(), Type(() => Date)]],
  ['numbers', [IsArray(), IsInt(each)]],
  ['anything', [Allow()]],
  ['bag', [IsObject()]],
  ['colors', [IsArray(), IsEnum(colors, each), ArrayNotEmpty()]],
]);
const Optional = define(class Optional {}, [['text', [IsOptional(), IsString()], String]]);

export const described = { User, Order, Tree, Types, Optional };

const types = { string: String, number: Number, boolean: Boolean };

/** The decorator of a rule; `isNumber` takes the decimal places, the rest what class-validator's functions take. */
function decoratorOf({ rule, args, each: isEach, message, groups }) {
  const options = { ...(isEach && { each: true }), ...(message !== undefined && { message }), ...(groups && { groups }) };
  const name = { isUuid: 'IsUUID', isIp: 'IsIP', isLength: 'Length' }[rule] ?? rule[0].toUpperCase() + rule.slice(1);
  const make = validator[name];
  switch (rule) {
    case 'isEnum': return make(Object.fromEntries(args[0].map((value) => [value, value])), options);
    case 'isNumber': return make(args.length > 0 ? { maxDecimalPlaces: args[0] } : {}, options);
    case 'matches': return make(new RegExp(...args), options);
    case 'isLength': return make(args[0], args[1], options);
    case 'isUuid': return make(args[0] === undefined ? undefined : String(args[0]), options);
    case 'isEmail': case 'isUrl': case 'isIp': case 'isAlpha': case 'isAlphanumeric': case 'isNumberString':
    case 'isNotEmptyObject': return make(undefined, options);
    default: return make(...args, options);
  }
}

/** A class made of fields, each with its rules in the order of their declaration. */
export function classOf(fields) {
  return define(class Dto {}, fields.map(({ name, type, optional, rules }) => [
    name, [...(optional ? [IsOptional()] : []), ...rules.map(decoratorOf), Allow()], types[type],
  ]));
}

/** Forgets a class made of fields: class-validator looks through all it knows for every message. */
export function forget(Class) {
  validator.getMetadataStorage().validationMetadatas.delete(Class);
}
