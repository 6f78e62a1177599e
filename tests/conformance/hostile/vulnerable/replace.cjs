// Puts other versions of packages in place of those that a program asks for: REPLACED="ws=ws-7.4.5,..." node --require it.
const Module = require('node:module');

const replaced = new Map((process.env.REPLACED ?? '').split(',').map((pair) => pair.split('=')));
const resolve = Module._resolveFilename;
Module._resolveFilename = function (name, parent, ...rest) {
  const other = replaced.get(name);
  // What stands here asks for what it was published with.
  const isReplaced = other !== undefined && !parent?.filename?.startsWith(__dirname);
  return isReplaced ? require.resolve(other) : resolve.call(this, name, parent, ...rest);
};
