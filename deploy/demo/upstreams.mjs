// Two upstream services, blue and green, that say who answered. Ports 18081 and 18082 unless given: upstreams.mjs BLUE GREEN
import http from 'node:http';

const ports = { blue: Number(process.argv[2] ?? 18081), green: Number(process.argv[3] ?? 18082) };

function answer(service, request, response) {
  request.resume();
  request.on('end', () => {
    const body = `${service} answered ${request.method} ${request.url}\n`;
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body), 'x-service': service });
    response.end(body);
  });
}

for (const [service, port] of Object.entries(ports)) {
  const server = http.createServer((request, response) => answer(service, request, response));
  // The sidecar decides when an idle connection ends: a server that closes first races with the next request.
  server.keepAliveTimeout = 0;
  server.on('error', error => {
    console.error(`${service}: ${error.message}`);
    process.exit(1);
  });
  server.listen(port, '127.0.0.1', () => console.log(`${service} listening on 127.0.0.1:${server.address().port}`));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => process.exit(0));
}
