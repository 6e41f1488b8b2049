// A discovery client on @grpc/grpc-js that sends what it is told and prints what it gets: to test control planes.
//
//   node ads-client.mjs --target 127.0.0.1:18000 --kind delta
//
// Commands on stdin: {"cmd":"send","request":{...}} with the fields of DiscoveryRequest or DeltaDiscoveryRequest, type_url as URL
// or word; {"cmd":"end"}. Events on stdout: response, status, done, error. The process ends after the status.
import grpc from '@grpc/grpc-js';
import { emit, options, serveCommands } from './json-lines.mjs';
import { services, typeUrlOf, wordOf } from './xds-types.mjs';

const args = options({ target: '127.0.0.1:18000', kind: 'delta' });
const Client = grpc.makeGenericClientConstructor(services['envoy.service.discovery.v3.AggregatedDiscoveryService'], 'ads');
const call = new Client(args.target, grpc.credentials.createInsecure())[args.kind]();

call.on('data', response => emit({
  event: 'response',
  type: wordOf(response.type_url),
  version: response.version_info ?? response.system_version_info,
  nonce: response.nonce,
  resources: response.resources.length,
  names: response.resources.map(item => item.name ?? ''),
  versions: response.resources.map(item => item.version ?? ''),
  removed: response.removed_resources ?? [],
}));
call.on('error', () => {});
call.on('status', status => {
  emit({ event: 'status', code: status.code, message: status.details });
  process.exit(0);
});

serveCommands({
  send: ({ request }) => {
    call.write({ ...request, type_url: typeUrlOf(request.type_url) });
  },
  end: () => {
    call.end();
  },
});
