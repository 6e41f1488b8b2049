// A gRPC client for tests: one call of the Echo service (echo.proto). Prints metadata, each response, the status; exits 0 if that
// is OK, else 1.
//
//   node grpc-client.mjs --target 127.0.0.1:10000 --method bidi --count 3 --message hi [--authority HOST] [--deadline-ms 5000]
//     [--delay-ms 0] [--response-bytes 0] [--request-bytes 0] [--status 0] [--metadata name=value,name=value]
import grpc from '@grpc/grpc-js';
import { Echo } from './echo-types.mjs';
import { emit, options } from './json-lines.mjs';

const args = options({
  target: '127.0.0.1:10000', method: 'unary', count: 1, message: 'hello', authority: '', 'deadline-ms': 10000, 'delay-ms': 0,
  'response-bytes': 0, 'request-bytes': 0, status: 0, metadata: '',
});
const client = new Echo(args.target, grpc.credentials.createInsecure(), args.authority ? { 'grpc.default_authority': args.authority } : {});
const metadata = new grpc.Metadata();
for (const pair of args.metadata.split(',').filter(Boolean)) {
  const [name, value] = pair.split('=');
  metadata.set(name, value);
}

const isOne = args.count === 1 || args.method === 'unary' || args.method === 'server';
const request = index => ({
  message: args['request-bytes'] ? 'x'.repeat(args['request-bytes']) : isOne ? args.message : `${args.message}${index}`,
  count: args.count,
  delay_ms: args['delay-ms'],
  response_bytes: args['response-bytes'],
  status: index === args.count - 1 || args.method === 'server' ? args.status : 0,
  status_message: args.status ? 'as asked' : '',
});

const print = response => emit({
  event: 'response',
  message: args['request-bytes'] ? undefined : response.message,
  messageBytes: response.message.length,
  paddingBytes: response.padding.length,
  index: response.index,
  metadata: response.metadata,
  server: response.server,
});

const callOptions = { deadline: Date.now() + args['deadline-ms'] };
const onUnary = (error, response) => {
  if (!error) print(response);
};
const starts = {
  unary: () => client.Unary(request(args.count - 1), metadata, callOptions, onUnary),
  server: () => client.Server(request(0), metadata, callOptions),
  client: () => client.Client(metadata, callOptions, onUnary),
  bidi: () => client.Bidi(metadata, callOptions),
};
const start = starts[args.method];
if (!start) {
  console.error(`--method is one of ${Object.keys(starts).join(', ')}`);
  process.exit(2);
}

const call = start();
call.on('metadata', received => emit({ event: 'metadata', metadata: received.getMap() }));
if (args.method === 'server' || args.method === 'bidi') call.on('data', print);
call.on('error', () => {});
call.on('status', status => {
  emit({ event: 'status', code: status.code, message: status.details, metadata: status.metadata.getMap() });
  setImmediate(() => process.exit(status.code === grpc.status.OK ? 0 : 1));
});
if (args.method === 'client' || args.method === 'bidi') {
  for (let i = 0; i < args.count; i++) call.write(request(i));
  call.end();
}
