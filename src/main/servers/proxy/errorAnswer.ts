import { Buffer } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import type { HeaderList } from '../../../shared/request.ts';
import type { RequestFault } from './requestHead.ts';

/** An answer of the proxy's own, for a program and for whoever reads its log. */
export interface ProxyError {
  readonly status: number;
  /** Stable word; also in the header `X-Streamscope-Error`. */
  readonly code: string;
  /** What happened, one sentence. */
  readonly message: string;
  /** The way out, one sentence. */
  readonly wayOut?: string;
  /** More that belongs to the code. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface ErrorAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** The answer in full; in the shape of the AI providers' errors, so that their clients show its sentence. */
export function errorAnswer({ status, code, message, wayOut, details }: ProxyError): ErrorAnswer {
  const sentence = wayOut === undefined ? message : `${message} ${wayOut}`;
  const body = { error: { type: 'streamscope_proxy', code, message: sentence, ...details } };
  return {
    status,
    statusText: STATUS_CODES[status] ?? '',
    headers: [
      ['Content-Type', 'application/json; charset=utf-8'],
      ['X-Streamscope-Error', code],
      ['Cache-Control', 'no-store'],
      ['X-Content-Type-Options', 'nosniff'],
      ['Content-Security-Policy', 'sandbox'],
    ],
    body: Buffer.from(`${JSON.stringify(body, null, 1)}\n`, 'utf8'),
  };
}

/** The answer to a request that cannot be read, after which the connection ends. */
export function faultAnswer(fault: RequestFault): Uint8Array {
  const { status, statusText, headers, body } = errorAnswer(fault);
  const lines = [...headers, ['Content-Length', String(body.byteLength)] as const, ['Connection', 'close'] as const];
  const head = `HTTP/1.1 ${String(status)} ${statusText}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
