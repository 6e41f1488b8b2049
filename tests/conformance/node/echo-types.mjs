// The Echo service as @grpc/grpc-js has it.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const file = path.join(path.dirname(fileURLToPath(import.meta.url)), 'echo.proto');
const loaded = grpc.loadPackageDefinition(loader.loadSync(file, { keepCase: true, defaults: true, longs: Number }));

export const Echo = loaded.sidecar.test.Echo;
