import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { eventNames } from '../../../shared/events.ts';
import { encodeWire } from '../../../shared/wireCodec.ts';
import type { WindowFiles } from '../windowFiles.ts';
import { refuse, sessionHeader, tokenHeader, type GuardedHost } from './guard.ts';
import { bodyLimitBytes, readBody } from './requestBody.ts';
import type { WebSession, WireOutcome } from './webSession.ts';
import { readWire } from './wireForm.ts';

export interface WebSessions {
  find(id: string | undefined): WebSession | undefined;
  create(): WebSession;
}

const callPath = /^\/rpc\/calls\/([A-Za-z._]{1,64})$/;
const subscriptionsSchema = z.array(z.enum(eventNames)).max(64);
const subscriptionsLimitBytes = 4_096;

const wireType = 'application/vnd.msgpack';

function say(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${message}\n`);
}

function single(request: IncomingMessage, header: string): string | undefined {
  const values = request.headersDistinct[header] ?? [];
  return values.length === 1 ? values[0] : undefined;
}

async function sendFile(request: IncomingMessage, response: ServerResponse, files: WindowFiles): Promise<void> {
  const path = (request.url ?? '').replace(/[?#].*$/s, '');
  const file = files.get(path);
  if (file === undefined) {
    say(response, 404, 'The window has no such file.');
    return;
  }
  const body = await readFile(file.file);
  response.writeHead(200, { 'content-type': file.contentType, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function openEvents(request: IncomingMessage, response: ServerResponse, sessions: WebSessions): void {
  const former = sessions.find(single(request, sessionHeader));
  const session = former ?? sessions.create();
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  // The page's first line: which session its calls belong to, and whether that is the one it had before.
  response.write(`${JSON.stringify({ session: session.id, resumed: former !== undefined })}\n`);
  session.attach(response);
}

async function body(request: IncomingMessage, response: ServerResponse, limitBytes: number) {
  const bytes = await readBody(request, limitBytes);
  if (bytes === undefined) say(response, 413, `The input is larger than ${String(limitBytes)} bytes.`);
  return bytes;
}

async function setSubscriptions(request: IncomingMessage, response: ServerResponse, session: WebSession) {
  const bytes = await body(request, response, subscriptionsLimitBytes);
  if (bytes === undefined) return;
  const read = readWire(bytes);
  const events = subscriptionsSchema.safeParse('value' in read ? read.value : undefined);
  if (!events.success) {
    say(response, 400, 'The body has to be a list of event names.');
    return;
  }
  session.subscribe(new Set(events.data));
  response.writeHead(204).end();
}

async function call(request: IncomingMessage, response: ServerResponse, session: WebSession, name: string) {
  const bytes = await body(request, response, bodyLimitBytes(name));
  if (bytes === undefined) return;
  const reply = (encoded: Uint8Array) => {
    response.writeHead(200, { 'content-type': wireType, 'content-length': encoded.length });
    response.end(encoded);
  };
  const read = readWire(bytes);
  if ('problem' in read) {
    const message = `The input of ${name} is not readable: ${read.problem}.`;
    reply(encodeWire({ failure: { code: 'call/invalid-input', message } } satisfies WireOutcome));
    return;
  }
  const cancel = session.call(name, read.value, (encoded) => {
    if (encoded === null) say(response, 410, 'The session ended before this call was answered.');
    else reply(encoded);
  });
  response.on('close', cancel);
}

/** Answers one request: the guard first, then the window's files, calls and events. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { guarded, files, sessions }: { guarded: GuardedHost; files: WindowFiles; sessions: WebSessions },
): Promise<void> {
  const { method = '', url = '' } = request;
  const distinct = (name: string) => request.headersDistinct[name] ?? [];
  const refusal = refuse(
    {
      method,
      target: url,
      host: distinct('host'),
      origin: distinct('origin'),
      fetchSite: distinct('sec-fetch-site'),
      token: distinct(tokenHeader),
    },
    guarded,
  );
  if (refusal !== undefined) {
    if (refusal.status === 405) response.setHeader('allow', 'GET, HEAD');
    say(response, refusal.status, refusal.message);
    return;
  }
  if (!url.startsWith('/rpc/')) return sendFile(request, response, files);

  const route = `${method} ${url}`;
  if (route === 'GET /rpc/events') {
    openEvents(request, response, sessions);
    return;
  }
  const called = method === 'POST' ? callPath.exec(url)?.[1] : undefined;
  const isKnown = called !== undefined || route === 'PUT /rpc/subscriptions' || route === 'DELETE /rpc/session';
  if (!isKnown) {
    say(response, 404, 'There is no such call.');
    return;
  }
  const session = sessions.find(single(request, sessionHeader));
  if (session === undefined) {
    say(response, 410, 'This session has ended. Open the event stream again for a new one.');
    return;
  }
  if (called !== undefined) return call(request, response, session, called);
  if (method === 'PUT') return setSubscriptions(request, response, session);
  session.close();
  response.writeHead(204).end();
}
