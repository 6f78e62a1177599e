// Modules that exist in memory only, compiled as strictly as TypeScript can.
import path from 'node:path';
import ts from 'typescript';
import { here } from './programs.mjs';

const options = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  types: [],
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
};

const messageOf = (diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');

/** Compiles modules by their names; what is wrong with each, as `{line, text}`. */
export function compile(modules) {
  const files = new Map(Object.entries(modules).map(([name, text]) => [path.join(here, `${name}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    files.has(file) ? ts.createSourceFile(file, files.get(file), options.target, true) : getSourceFile(file, ...rest);
  const program = ts.createProgram([...files.keys()], options, host);
  const found = Object.fromEntries(Object.keys(modules).map((name) => [name, []]));
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const name = path.basename(diagnostic.file?.fileName ?? 'no file', '.ts');
    const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start).line ?? 0;
    (found[name] ??= []).push({ line: line + 1, text: messageOf(diagnostic) });
  }
  return found;
}

/** Compiles a project as it is, but for one file whose text is another; what is wrong, as texts. */
export function compileProject(config, file, text) {
  const { config: written } = ts.readConfigFile(config, ts.sys.readFile);
  const { fileNames, options: own } = ts.parseJsonConfigFileContent(written, ts.sys, path.dirname(config));
  const host = ts.createCompilerHost(own);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) =>
    path.resolve(name) === file ? ts.createSourceFile(name, text, own.target, true) : getSourceFile(name, ...rest);
  const program = ts.createProgram(fileNames, { ...own, noEmit: true }, host);
  return ts.getPreEmitDiagnostics(program).map((each) => `${each.file?.fileName ?? ''}: ${messageOf(each)}`);
}
