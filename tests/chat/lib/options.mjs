import { parseArgs } from "node:util";

const help = `The chat server's contract: its HTTP API and its Socket.IO events.

  node api.mjs --program build/debug/bin/aerie-chat

  --program COMMAND   the chat server; options are added to it
  --port NUMBER       the first of a hundred ports to use (default: 14800)
  --only WORD         only the parts whose name has this word
`;

export function readOptions() {
  const { values } = parseArgs({
    options: {
      program: { type: "string" },
      port: { type: "string", default: "14800" },
      only: { type: "string", default: "" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || !values.program) {
    console.log(help);
    process.exit(values.help ? 0 : 2);
  }
  return { ...values, program: values.program.split(/\s+/), port: Number(values.port) };
}
