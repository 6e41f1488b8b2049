// An ADS control plane on @grpc/grpc-js, independent of ours: state of the world and incremental, scripted by JSON lines.
//
//   node control-plane.mjs [--port 0] [--cert FILE --key FILE [--ca FILE]]
//
// Commands on stdin (an optional "id" comes back in the "done" event):
//   {"cmd":"set","type":"clusters","version":"1","resources":[{"name":"a",...}]}   all resources of a type; sent to subscribers
//   {"cmd":"update","type":"clusters","version":"2","resources":[...],"removed":["b"]}   some of them
//   {"cmd":"auto","enabled":false}         from now on nothing is sent by itself: only "send"
//   {"cmd":"send","type":"clusters","version":"x","nonce":"n","resources":[...],"removed":[...],"stream":1}   as it stands, to one
//                                          stream or all, whatever was asked for
//   {"cmd":"close","code":14,"message":"","stream":1}   ends one stream or all with a status
//   {"cmd":"shutdown"}                     ends the process; so does the end of stdin
// A resource is JSON of its type, or has "@type" and JSON or "base64" (wire bytes).
//
// Events on stdout: listening, open, request, sent, closed, done, error.
import fs from 'node:fs';
import grpc from '@grpc/grpc-js';
import { emit, options, serveCommands } from './json-lines.mjs';
import { resource, services, typeUrlOf, typeUrls, wordOf } from './xds-types.mjs';

const args = options({ port: 0, cert: '', key: '', ca: '' });
const wildcardTypes = new Set([typeUrls.clusters, typeUrls.listeners, typeUrls.scoped_routes]);
const state = new Map(); // type URL -> { version, resources: Map(name -> { version, any }) }
const streams = new Map();
let streamCount = 0;
let nonceCount = 0;
let isAutomatic = true;

class Stream {
  constructor(call, kind, path) {
    this.id = ++streamCount;
    this.call = call;
    this.kind = kind;
    this.types = new Map(); // type URL -> { names, isWildcard, hasNamed, nonce, known: Map(name -> version), isAnswered }
    streams.set(this.id, this);
    emit({ event: 'open', stream: this.id, kind, path, peer: call.getPeer() });
    call.on('data', request => this.onRequest(request));
    call.on('end', () => this.end('ended by the client'));
    call.on('error', error => this.end(error.message));
    call.on('cancelled', () => this.end('cancelled'));
  }

  end(reason) {
    if (streams.delete(this.id)) {
      emit({ event: 'closed', stream: this.id, reason });
      this.call.end();
    }
  }

  onRequest(request) {
    const url = request.type_url;
    const error = request.error_detail ? { code: request.error_detail.code, message: request.error_detail.message } : null;
    emit({
      event: 'request',
      stream: this.id,
      kind: this.kind,
      type: wordOf(url),
      nonce: request.response_nonce,
      error,
      node: request.node ? { id: request.node.id, cluster: request.node.cluster, userAgent: request.node.user_agent_name } : null,
      ...(this.kind === 'sotw'
        ? { version: request.version_info, names: request.resource_names }
        : {
            subscribe: request.resource_names_subscribe,
            unsubscribe: request.resource_names_unsubscribe,
            initialVersions: request.initial_resource_versions,
          }),
    });
    const isFirst = !this.types.has(url);
    if (isFirst) {
      this.types.set(url, { names: new Set(), isWildcard: false, hasNamed: false, nonce: '', known: new Map(), isAnswered: false });
    }
    const subscription = this.types.get(url);
    if (this.kind === 'sotw') {
      if (subscription.nonce !== '' && request.response_nonce !== subscription.nonce) return;
      this.takeNames(subscription, url, request);
    } else {
      this.takeDelta(subscription, url, request, isFirst);
    }
    if (isAutomatic) this.push(url);
  }

  takeNames(subscription, url, { resource_names: names }) {
    subscription.hasNamed ||= names.length > 0;
    subscription.isWildcard = names.includes('*') || (names.length === 0 && !subscription.hasNamed && wildcardTypes.has(url));
    subscription.names = new Set(names.filter(name => name !== '*'));
    for (const name of [...subscription.known.keys()]) {
      if (!this.wants(subscription, name)) subscription.known.delete(name);
    }
  }

  takeDelta(subscription, url, request, isFirst) {
    if (isFirst) {
      Object.entries(request.initial_resource_versions).forEach(([name, version]) => subscription.known.set(name, version));
      subscription.isWildcard = request.resource_names_subscribe.length === 0 && wildcardTypes.has(url);
    }
    for (const name of request.resource_names_subscribe) {
      if (name === '*') {
        subscription.isWildcard = true;
      } else {
        subscription.names.add(name);
        if (!isFirst) subscription.known.delete(name);
      }
    }
    for (const name of request.resource_names_unsubscribe) {
      if (name === '*') subscription.isWildcard = false;
      subscription.names.delete(name);
      subscription.known.delete(name);
    }
  }

  wants(subscription, name) {
    return subscription.isWildcard || subscription.names.has(name);
  }

  // Sends what this stream lacks of a type; nothing if the type was never set.
  push(url) {
    const subscription = this.types.get(url);
    const held = state.get(url);
    if (!subscription || !held) return;
    const wanted = [...held.resources].filter(([name]) => this.wants(subscription, name));
    const changed = wanted.filter(([name, { version }]) => subscription.known.get(name) !== version);
    const gone = [...subscription.known.keys()].filter(name => subscription.known.get(name) !== null && !held.resources.has(name));
    const missing = [...subscription.names].filter(name => !held.resources.has(name) && !subscription.known.has(name));
    const isFirstWildcard = subscription.isWildcard && !subscription.isAnswered && subscription.known.size === 0;
    if (this.kind === 'sotw') {
      if (changed.length === 0 && !isFirstWildcard && !(gone.length > 0 && wildcardTypes.has(url))) return;
      subscription.known = new Map(wanted.map(([name, { version }]) => [name, version]));
      this.send(url, held.version, `n${++nonceCount}`, wanted, []);
    } else {
      if (changed.length + gone.length + missing.length === 0 && !isFirstWildcard) return;
      changed.forEach(([name, { version }]) => subscription.known.set(name, version));
      gone.forEach(name => subscription.known.delete(name));
      [...missing, ...gone.filter(name => subscription.names.has(name))].forEach(name => subscription.known.set(name, null));
      this.send(url, held.version, `n${++nonceCount}`, changed, [...new Set([...gone, ...missing])]);
    }
  }

  // resources: [name, { version, any }] pairs.
  send(url, version, nonce, resources, removed) {
    const subscription = this.types.get(url);
    if (subscription) {
      subscription.nonce = nonce;
      subscription.isAnswered = true;
    }
    this.call.write(this.kind === 'sotw'
      ? { version_info: version, type_url: url, nonce, resources: resources.map(([, { any }]) => any) }
      : {
          system_version_info: version,
          type_url: url,
          nonce,
          resources: resources.map(([name, item]) => ({ name, version: item.version, resource: item.any })),
          removed_resources: removed,
        });
    emit({ event: 'sent', stream: this.id, type: wordOf(url), version, nonce, names: resources.map(([name]) => name), removed });
  }
}

function parse(command) {
  return (command.resources ?? []).map(json => {
    const { name, any } = resource(command.type, json);
    return [name, { version: String(command.version), any }];
  });
}

// Equal bytes keep their version: an incremental stream sends only what changed.
function keepVersions(before, resources) {
  return resources.map(([name, item]) => {
    const old = before?.resources.get(name);
    return [name, old && old.any.value.equals(item.any.value) ? old : item];
  });
}

function store(command, base) {
  const url = typeUrlOf(command.type);
  const resources = new Map([...base, ...keepVersions(state.get(url), parse(command))]);
  (command.removed ?? []).forEach(name => resources.delete(name));
  state.set(url, { version: String(command.version), resources });
  if (isAutomatic) streams.forEach(stream => stream.push(url));
}

const chosen = command => [...streams.values()].filter(stream => command.stream === undefined || stream.id === command.stream);

serveCommands({
  set: command => store(command, []),
  update: command => store(command, state.get(typeUrlOf(command.type))?.resources ?? []),
  auto: command => {
    isAutomatic = command.enabled;
  },
  send: command => {
    const targets = chosen(command);
    const nonce = command.nonce ?? `n${++nonceCount}`;
    targets.forEach(stream => stream.send(typeUrlOf(command.type), String(command.version), nonce, parse(command), command.removed ?? []));
    return { streams: targets.map(stream => stream.id) };
  },
  close: command => {
    chosen(command).forEach(stream => {
      streams.delete(stream.id);
      emit({ event: 'closed', stream: stream.id, reason: 'by command' });
      if (command.code) {
        stream.call.emit('error', { code: command.code, details: command.message ?? '' });
      } else {
        stream.call.end();
      }
    });
  },
  shutdown: () => setImmediate(() => process.exit(0)) && undefined,
});

function credentials() {
  if (!args.cert) return grpc.ServerCredentials.createInsecure();
  const pair = { cert_chain: fs.readFileSync(args.cert), private_key: fs.readFileSync(args.key) };
  return grpc.ServerCredentials.createSsl(args.ca ? fs.readFileSync(args.ca) : null, [pair], Boolean(args.ca));
}

const server = new grpc.Server({ 'grpc.max_receive_message_length': 100 << 20, 'grpc.max_send_message_length': 100 << 20 });
for (const definition of Object.values(services)) {
  server.addService(definition, {
    sotw: call => new Stream(call, 'sotw', definition.sotw.path),
    delta: call => new Stream(call, 'delta', definition.delta.path),
  });
}
server.bindAsync(`127.0.0.1:${args.port}`, credentials(), (error, port) => {
  if (error) {
    emit({ event: 'error', message: error.message });
    process.exit(1);
  }
  emit({ event: 'listening', port });
});
