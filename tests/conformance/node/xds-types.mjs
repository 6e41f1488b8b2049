// The xDS messages as protobufjs types, from the same official protos that the build uses (proto/node_modules), and proto3 JSON
// as people write it: snake_case or lowerCamelCase names, "1.5s" durations, plain values for wrappers, "@type" in Any.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const proto = path.resolve(here, '../../../proto');
const deps = path.join(proto, 'node_modules/@grpc/grpc-js-xds/deps');
const folders = [
  path.join(proto, 'compat'),
  ...['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'].map(name => path.join(deps, name)),
  path.join(here, 'node_modules/protobufjs'), // google/protobuf
];

// The short words for types, as in the files of sidecar-control-plane.
export const typeUrls = Object.fromEntries(Object.entries({
  clusters: 'envoy.config.cluster.v3.Cluster',
  endpoints: 'envoy.config.endpoint.v3.ClusterLoadAssignment',
  listeners: 'envoy.config.listener.v3.Listener',
  routes: 'envoy.config.route.v3.RouteConfiguration',
  scoped_routes: 'envoy.config.route.v3.ScopedRouteConfiguration',
  virtual_hosts: 'envoy.config.route.v3.VirtualHost',
  secrets: 'envoy.extensions.transport_sockets.tls.v3.Secret',
  extension_configs: 'envoy.config.core.v3.TypedExtensionConfig',
  runtimes: 'envoy.service.runtime.v3.Runtime',
}).map(([word, name]) => [word, `type.googleapis.com/${name}`]));

export const typeUrlOf = word => typeUrls[word] ?? word;

export const wordOf = url => Object.keys(typeUrls).find(word => typeUrls[word] === url) ?? url;

const root = new protobuf.Root();
root.resolvePath = (_, target) => folders.map(folder => path.join(folder, target)).find(file => fs.existsSync(file)) ?? target;
root.loadSync(['envoy/service/discovery/v3/ads.proto', 'envoy/service/discovery/v3/discovery.proto'], { keepCase: true });

// Loads the file that should declare a type, found by its package: Any may hold a type that nothing imports.
function loadPackageOf(name) {
  const folder = name.split('.').slice(0, -1).join('/');
  for (const base of folders) {
    const full = path.join(base, folder);
    if (fs.existsSync(full)) {
      const files = fs.readdirSync(full).filter(file => file.endsWith('.proto')).map(file => `${folder}/${file}`);
      root.loadSync(files, { keepCase: true });
    }
  }
}

export function lookup(name) {
  try {
    return root.lookupType(name);
  } catch {
    loadPackageOf(name);
    return root.lookupType(name);
  }
}

const camel = name => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

function readTime(text) {
  const match = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(text);
  if (!match) throw new Error(`"${text}" is not a duration`);
  const sign = match[1] ? -1 : 1;
  return { seconds: sign * Number(match[2]), nanos: sign * Number((match[3] ?? '').padEnd(9, '0') || 0) };
}

function readValue(json) {
  if (json === null) return { null_value: 0 };
  if (Array.isArray(json)) return { list_value: { values: json.map(readValue) } };
  switch (typeof json) {
    case 'boolean': return { bool_value: json };
    case 'number': return { number_value: json };
    case 'string': return { string_value: json };
    default: return { struct_value: readStruct(json) };
  }
}

const readStruct = json => ({ fields: Object.fromEntries(Object.entries(json).map(([key, value]) => [key, readValue(value)])) });

function readAny(json) {
  if (Object.keys(json).length === 0) return {};
  if ('base64' in json) return { type_url: typeUrlOf(json['@type']), value: Buffer.from(json.base64, 'base64') };
  const { '@type': url, ...rest } = json;
  if (!url) throw new Error('an Any needs "@type"');
  return { type_url: typeUrlOf(url), value: encode(url, rest) };
}

const wellKnown = {
  '.google.protobuf.Any': readAny,
  '.google.protobuf.Duration': readTime,
  '.google.protobuf.Timestamp': text => ({ seconds: Math.floor(Date.parse(text) / 1000), nanos: (Date.parse(text) % 1000) * 1e6 }),
  '.google.protobuf.Struct': readStruct,
  '.google.protobuf.Value': readValue,
  '.google.protobuf.FieldMask': text => ({ paths: text.split(',') }),
};

function read(field, json) {
  field.resolve();
  const type = field.resolvedType;
  if (type instanceof protobuf.Enum) {
    if (typeof json !== 'number' && !(json in type.values)) throw new Error(`${field.fullName}: no value "${json}"`);
    return typeof json === 'number' ? json : type.values[json];
  }
  if (field.type === 'bytes') return Buffer.from(json, 'base64');
  if (!(type instanceof protobuf.Type)) return json;
  if (wellKnown[type.fullName]) return wellKnown[type.fullName](json);
  if (/^\.google\.protobuf\.(\w+)Value$/.test(type.fullName)) return { value: json };
  return readMessage(type, json);
}

function readMessage(type, json) {
  const message = {};
  for (const [key, value] of Object.entries(json)) {
    const field = type.fieldsArray.find(candidate => candidate.name === key || camel(candidate.name) === key);
    if (!field) throw new Error(`${type.fullName.slice(1)} has no field "${key}"`);
    if (field.map) {
      message[field.name] = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, read(field, item)]));
    } else {
      message[field.name] = field.repeated ? value.map(item => read(field, item)) : read(field, value);
    }
  }
  return message;
}

// JSON to wire bytes. The type by its word ("clusters"), type URL or full name.
export function encode(type, json) {
  const name = typeUrlOf(type).replace(/^.*\//, '');
  const message = lookup(name);
  const custom = wellKnown[message.fullName];
  return Buffer.from(message.encode(message.fromObject(custom ? custom(json) : readMessage(message, json))).finish());
}

// A resource of a script: JSON of the given type, or {"@type", ...} or {"@type", "base64"}. Gives name and Any.
export function resource(type, json) {
  const any = '@type' in json ? readAny(json) : { type_url: typeUrlOf(type), value: encode(type, json) };
  let name = json.name ?? json.cluster_name ?? json.clusterName ?? '';
  if ('base64' in json && !name) {
    const decoded = lookup(any.type_url.replace(/^.*\//, '')).decode(any.value);
    name = decoded.name || decoded.cluster_name || '';
  }
  return { name, any };
}

// Serializers for @grpc/grpc-js.
export const codec = name => {
  const type = lookup(name);
  return {
    serialize: message => Buffer.from(type.encode(type.fromObject(message)).finish()),
    deserialize: bytes => type.toObject(type.decode(bytes), { longs: Number, defaults: true, arrays: true, objects: true }),
  };
};

const discovery = 'envoy.service.discovery.v3';

function method(service, what, kind) {
  const prefix = kind === 'delta' ? 'Delta' : '';
  const request = codec(`${discovery}.${prefix}DiscoveryRequest`);
  const response = codec(`${discovery}.${prefix}DiscoveryResponse`);
  return {
    path: `/${service}/${prefix || 'Stream'}${what}`,
    requestStream: true,
    responseStream: true,
    requestSerialize: request.serialize,
    requestDeserialize: request.deserialize,
    responseSerialize: response.serialize,
    responseDeserialize: response.deserialize,
  };
}

// service name -> { method name -> definition }, for the aggregated service and those of single types.
export const services = Object.fromEntries([
  [`${discovery}.AggregatedDiscoveryService`, 'AggregatedResources'],
  ['envoy.service.cluster.v3.ClusterDiscoveryService', 'Clusters'],
  ['envoy.service.endpoint.v3.EndpointDiscoveryService', 'Endpoints'],
  ['envoy.service.listener.v3.ListenerDiscoveryService', 'Listeners'],
  ['envoy.service.route.v3.RouteDiscoveryService', 'Routes'],
  ['envoy.service.secret.v3.SecretDiscoveryService', 'Secrets'],
].map(([service, what]) => [service, { sotw: method(service, what, 'sotw'), delta: method(service, what, 'delta') }]));
