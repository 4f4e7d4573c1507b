import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { errorCode } from './connectFault.ts';
import { excerpt, type EndingFacts } from './endings.ts';
import type { Proxy } from './proxy.ts';

/** Longer answers to CONNECT are none. */
const longestAnswerBytes = 64 * 1024;

/**
 * Asks a proxy to connect through to a host (CONNECT, RFC 9110 §9.3.6). Resolves with null when it has, or with why it
 * has not; bytes that came after its answer are back in the socket then. Never rejects; the socket stays the caller's.
 * @param authority host and port of the server
 */
export function openTunnel(socket: Socket, proxy: Proxy, authority: string): Promise<EndingFacts | null> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);

    const settle = (fault: EndingFacts | null): void => {
      socket.off('readable', onReadable);
      socket.off('error', onError);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      resolve(fault);
    };
    const onError = (error: Error): void => settle(brokenOff(`broke (${errorCode(error) || error.message})`));
    const onEnd = (): void => settle(brokenOff('was closed by the proxy'));
    const brokenOff = (how: string): EndingFacts => {
      const what = received.byteLength === 0 ? 'before an answer' : 'in the middle of its answer';
      return refused(
        'end/proxy-connect',
        `The proxy ${proxy.name} did not connect through to ${authority}: the connection to it ${how} ${what}.`,
      );
    };
    const onReadable = (): void => {
      for (let piece = readPiece(socket); piece !== null; piece = readPiece(socket)) {
        received = Buffer.concat([received, piece]);
      }
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) {
        if (!looksLikeHttp(received) || received.byteLength > longestAnswerBytes) settle(noHttp(received));
        return;
      }
      const head = received.subarray(0, end).toString('latin1');
      const status = /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]*))?(?:\r\n|$)/.exec(head);
      if (status === null) {
        settle(noHttp(received));
        return;
      }
      const code = Number(status[1]);
      received = received.subarray(end + 4);
      if (code >= 100 && code < 200) {
        onReadable();
        return;
      }
      if (code >= 200 && code < 300) {
        if (received.byteLength > 0) socket.unshift(received);
        settle(null);
      } else settle(refusedWith(code, (status[2] ?? '').trim(), head));
    };
    const refusedWith = (code: number, reason: string, head: string): EndingFacts => {
      if (code === 407) return authenticationFault(proxy, head);
      const said = reason === '' ? String(code) : `${String(code)} ${excerpt(Buffer.from(reason, 'latin1'), 80)}`;
      return refused(
        'end/proxy-connect',
        `The proxy ${proxy.name} did not connect through to ${authority}: it answered ${said}. Check that it may reach this server, or go without it.`,
      );
    };
    const noHttp = (bytes: Uint8Array): EndingFacts =>
      refused(
        'end/proxy-connect',
        `What answers at ${proxy.name} is no HTTP proxy: it began with “${excerpt(bytes)}”. Check the proxy’s address and port.`,
      );

    socket.on('readable', onReadable);
    socket.on('error', onError);
    socket.on('end', onEnd);
    socket.on('close', onEnd);
    const authorization = proxy.authorization === null ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`;
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  });
}

function authenticationFault(proxy: Proxy, head: string): EndingFacts {
  const offered = [...head.matchAll(/^proxy-authenticate:\s*([!#$%&'*+\-.^_`|~\w]+)/gim)].map(
    ([, scheme = '']) => scheme,
  );
  const onlyOthers = offered.length > 0 && !offered.some((scheme) => scheme.toLowerCase() === 'basic');
  if (onlyOthers) {
    return refused(
      'end/proxy-auth',
      `The proxy ${proxy.name} wants ${offered.slice(0, 4).join(' or ')} authentication; only Basic is spoken here. Use another proxy, or go without one.`,
    );
  }
  return refused(
    'end/proxy-auth',
    proxy.authorization === null
      ? `The proxy ${proxy.name} asks who you are (407). Write user and password into its address: http://user:password@….`
      : `The proxy ${proxy.name} does not take the user and password in its address (407). Check them.`,
  );
}

/** So far it may become a status line. */
function looksLikeHttp(bytes: Uint8Array): boolean {
  const beginning = Buffer.from(bytes.subarray(0, 7)).toString('latin1');
  return 'HTTP/1.'.startsWith(beginning);
}

function readPiece(socket: Socket): Buffer | null {
  const piece: unknown = socket.read();
  return Buffer.isBuffer(piece) ? piece : null;
}

function refused(code: 'end/proxy-connect' | 'end/proxy-auth', message: string): EndingFacts {
  return { code, message, offset: null };
}
