import type { Serve } from '../wire/answerWire.ts';
import type { Line } from '../wire/line.ts';
import { Http1Wire } from './http1Wire.ts';
import { RequestReader, type Http1Request } from './requestReader.ts';

/** A connection on which nothing is asked is let go of after this long. */
const idleMillis = 60_000;
/** Requests that wait for their turn, before no more are read. */
const mostWaiting = 32;

/** Serves HTTP/1.x on a connection: one answer after another, in the order of the requests. */
export function serveHttp1(line: Line, serve: Serve): void {
  const { socket } = line;
  const reader = new RequestReader();
  const waiting: Http1Request[] = [];
  let refusal: { readonly status: number; readonly message: string } | null = null;
  let isServing = false;
  let isOver = false;

  const isKept = ({ version, headers }: Http1Request): boolean => {
    const connection = headers['connection']?.toLowerCase() ?? '';
    return version === '1.1' ? !/\bclose\b/.test(connection) : /\bkeep-alive\b/.test(connection);
  };

  async function serveWaiting(): Promise<void> {
    isServing = true;
    socket.setTimeout(0);
    for (let request = waiting.shift(); request !== undefined && !isOver; request = waiting.shift()) {
      const { version, ...rest } = request;
      const circumstances = { isHeadRequest: request.method === 'HEAD', version, isKept: isKept(request) };
      const wire = new Http1Wire(line, circumstances);
      await serve({ ...rest, protocol: 'HTTP/1.1', isSecure: line.isSecure }, wire);
      isOver = !wire.isKept;
      if (socket.isPaused() && waiting.length < mostWaiting) socket.resume();
    }
    isServing = false;
    if (isOver) return;
    if (refusal !== null) refuse(refusal);
    else socket.setTimeout(idleMillis);
  }

  function refuse({ status, message }: NonNullable<typeof refusal>): void {
    isOver = true;
    const body = `${message}\n`;
    socket.write(
      `HTTP/1.1 ${String(status)} Bad Request\r\nContent-Type: text/plain\r\nContent-Length: ${String(body.length)}\r\nConnection: close\r\n\r\n${body}`,
    );
    line.close();
  }

  socket.setTimeout(idleMillis, () => line.destroy());
  socket.on('data', (bytes: Buffer) => {
    if (isOver) return;
    for (const read of reader.push(bytes)) {
      if (read.kind === 'request') waiting.push(read.request);
      else if (read.kind === 'bad') refusal = read;
      else if (!isServing && waiting.length === 0) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    }
    if (waiting.length >= mostWaiting) socket.pause();
    // A client that left in the middle is the end of the connection; anything else was said where it happened.
    if (!isServing && (waiting.length > 0 || refusal !== null)) serveWaiting().catch(() => line.destroy());
  });
  socket.once('end', () => line.leave());
}
