// A gRPC server for tests: unary and streaming echo (echo.proto). Prints {"event":"listening","port"} and one line a call.
//
//   node grpc-echo-server.mjs [--port 0] [--name echo]
import grpc from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { Echo } from './echo-types.mjs';
import { emit, options, serveCommands } from './json-lines.mjs';

const args = options({ port: 0, name: 'echo' });

function metadataOf(call) {
  const texts = Object.entries(call.metadata.getMap()).filter(([key]) => !key.endsWith('-bin'));
  return Object.fromEntries(texts.map(([key, value]) => [key, String(value)]));
}

const respond = (call, request, message, index) => ({
  message,
  index,
  padding: Buffer.alloc(request.response_bytes),
  metadata: metadataOf(call),
  server: args.name,
});

const failure = request => (request.status ? { code: request.status, details: request.status_message } : null);

function trailer(method, count) {
  const metadata = new grpc.Metadata();
  metadata.set('x-echo-method', method);
  metadata.set('x-echo-count', String(count));
  return metadata;
}

// The end of a call is "cancelled" to @grpc/grpc-js in any case; what matters is whether we had answered by then.
function begin(call, method) {
  call.isAnswered = false;
  emit({ event: 'call', method, metadata: metadataOf(call) });
  const initial = new grpc.Metadata();
  initial.set('x-echo-server', args.name);
  call.sendMetadata(initial);
  call.on('cancelled', () => call.isAnswered || emit({ event: 'cancelled', method }));
}

function reply(call, callback, ...answer) {
  call.isAnswered = true;
  callback(...answer);
}

function finish(call, error, metadata) {
  call.isAnswered = true;
  if (error) call.emit('error', error);
  else call.end(metadata);
}

const service = {
  async Unary(call, callback) {
    begin(call, 'Unary');
    if (call.request.delay_ms) await sleep(call.request.delay_ms);
    reply(call, callback, failure(call.request), respond(call, call.request, call.request.message, 0), trailer('Unary', 1));
  },
  async Server(call) {
    begin(call, 'Server');
    for (let i = 0; i < call.request.count && !call.cancelled; i++) {
      if (call.request.delay_ms) await sleep(call.request.delay_ms);
      if (!call.write(respond(call, call.request, call.request.message, i))) await new Promise(resolve => call.once('drain', resolve));
    }
    finish(call, failure(call.request), trailer('Server', call.request.count));
  },
  Client(call, callback) {
    begin(call, 'Client');
    const messages = [];
    let last = { response_bytes: 0 };
    call.on('data', request => {
      messages.push(request.message);
      last = request;
    });
    call.on('end', () => {
      const count = messages.length;
      reply(call, callback, failure(last), respond(call, last, messages.join(','), count), trailer('Client', count));
    });
  },
  Bidi(call) {
    begin(call, 'Bidi');
    let count = 0;
    let error = null;
    let queue = Promise.resolve();
    call.on('data', request => {
      queue = queue.then(async () => {
        if (request.delay_ms) await sleep(request.delay_ms);
        call.write(respond(call, request, request.message, count++));
        error ??= failure(request);
      });
    });
    call.on('end', () => queue.then(() => finish(call, error, trailer('Bidi', count))));
  },
};

const server = new grpc.Server();
server.addService(Echo.service, service);
server.bindAsync(`127.0.0.1:${args.port}`, grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    emit({ event: 'error', message: error.message });
    process.exit(1);
  }
  emit({ event: 'listening', port });
});
serveCommands({ shutdown: () => setImmediate(() => process.exit(0)) && undefined });
