// The least that a webhook on restify can do: reads the body, parses it, answers 202. No key, no check, no disk.

import { createServer, type Request, type Response } from 'restify';
import { readBody } from '../../src/http/read-body.ts';

const MAX_BODY_BYTES = 262_144;
const ANSWER = JSON.stringify({ id: 'ntf_00000000000000000000000000', deliveries: [], unresolved: [] });

const server = createServer({ name: '', handleUncaughtExceptions: false });
server.post('/api/v1/notifications', async (request: Request, response: Response) => {
  JSON.parse((await readBody({ request, response }, MAX_BODY_BYTES)).toString('utf8'));
  response.writeHead(202, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(ANSWER) });
  response.end(ANSWER);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ msg: 'ready', port: server.address().port })}\n`);
});
