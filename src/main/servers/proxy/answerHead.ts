import { Buffer } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import type { HeaderList } from '../../../shared/request.ts';
import { withoutHopByHop } from './hopByHop.ts';
import { valuesOf } from './requestHead.ts';

/** An upstream's head as it is to be handed on. Values hold one byte a character. */
export interface PassingHead {
  readonly status: number;
  readonly statusText: string;
  readonly wireHeaders: HeaderList;
  /** How its body is delimited; `frames`: by HTTP/2. */
  readonly delimiter: 'none' | 'length' | 'chunks' | 'close' | 'frames';
}

export interface ToClient {
  readonly httpVersion: '1.0' | '1.1';
  readonly method: string;
  /** The connection ends with this answer, whatever the upstream's did. */
  readonly closes: boolean;
  /** The body is not handed on as it stands on the wire, but piece by piece. */
  readonly inPieces: boolean;
}

export interface AnswerHead {
  readonly bytes: Uint8Array;
  /** `wire`: the body goes on as it stands; `chunks`: each piece is a chunk; `plain`: pieces follow as they are. */
  readonly body: 'none' | 'wire' | 'chunks' | 'plain';
  /** Bytes of the body as announced; null: the end is told in another way. */
  readonly length: number | null;
  /** The connection ends with it. */
  readonly closes: boolean;
}

/** The head for the client: the upstream's, but for what belongs to one connection alone. */
export function answerHead(head: PassingHead, client: ToClient): AnswerHead {
  const { status, delimiter } = head;
  let headers = withoutHopByHop(head.wireHeaders);
  const isOld = client.httpVersion === '1.0';
  let body: AnswerHead['body'] = 'wire';
  let closes = client.closes || delimiter === 'close' || isOld;
  if (delimiter === 'none' || client.method === 'HEAD' || status === 204 || status === 304) body = 'none';
  else if (delimiter === 'frames') {
    const [length] = valuesOf(headers, 'content-length');
    const hasLength = length !== undefined;
    // HTTP/2 lets a length be said twice; to a reader of HTTP/1.1 that may be two.
    if (hasLength) headers = [...without(headers, 'content-length'), ['Content-Length', length]];
    body = hasLength || isOld ? 'plain' : 'chunks';
    if (body === 'chunks') headers = [...headers, ['Transfer-Encoding', 'chunked']];
  } else if (delimiter === 'chunks') {
    body = isOld ? 'plain' : client.inPieces ? 'chunks' : 'wire';
    if (isOld) headers = without(headers, 'transfer-encoding');
  } else if (client.inPieces) body = 'plain';
  if (delimiter === 'close') closes = true;
  const reason = delimiter === 'frames' ? (STATUS_CODES[status] ?? '') : head.statusText;
  let text = `HTTP/1.1 ${String(status)} ${reason}\r\n`;
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`;
  if (closes) text += 'Connection: close\r\n';
  const announced = Number(valuesOf(headers, 'content-length')[0] ?? NaN);
  const length = body === 'none' ? 0 : body === 'chunks' || !Number.isSafeInteger(announced) ? null : announced;
  return { bytes: Buffer.from(`${text}\r\n`, 'latin1'), body, length, closes };
}

function without(headers: HeaderList, name: string): HeaderList {
  return headers.filter(([each]) => each.toLowerCase() !== name);
}
