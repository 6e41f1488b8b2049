// The scripts' conversation with a test: one JSON object a line, commands on stdin, events on stdout.
import readline from 'node:readline';

export const emit = event => process.stdout.write(JSON.stringify(event) + '\n');

// Calls handlers[cmd](command); a "done" event answers each command, with its id, or an "error" event says why not.
// The end of stdin ends the process: a test that dies leaves nothing behind.
export function serveCommands(handlers) {
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', line => {
    if (line.trim() === '') return;
    let command = {};
    try {
      command = JSON.parse(line);
      const handler = handlers[command.cmd];
      if (!handler) throw new Error(`no command "${command.cmd}"`);
      emit({ event: 'done', cmd: command.cmd, id: command.id, ...handler(command) });
    } catch (error) {
      emit({ event: 'error', cmd: command.cmd, id: command.id, message: error.message });
    }
  });
  lines.on('close', () => process.exit(0));
}

// Reads --name value pairs; a name without a value is true.
export function options(defaults) {
  const result = { ...defaults };
  const args = process.argv.slice(2);
  for (let i = 0; i < args.length; i++) {
    const [, name, inline] = /^--([\w-]+)(?:=(.*))?$/s.exec(args[i]) ?? [];
    if (!name || !(name in defaults)) {
      console.error(`unknown argument ${args[i]}; known: ${Object.keys(defaults).map(known => '--' + known).join(' ')}`);
      process.exit(2);
    }
    const isBare = inline === undefined && (i + 1 === args.length || args[i + 1].startsWith('--'));
    const value = inline ?? (isBare ? true : args[++i]);
    result[name] = typeof defaults[name] === 'number' ? Number(value) : value;
  }
  return result;
}
