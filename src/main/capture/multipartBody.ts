import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { FormPart } from '../../shared/request.ts';
import { bodyOfBytes, bodyOfFile, bodyOfPieces, type PlannedBody, type UnreadableFile } from './plannedBody.ts';

/** A boundary that no part can hold by chance: 144 random bits (RFC 2046 §5.1.1 allows 70 characters). */
export function randomBoundary(): string {
  return `------------------------${randomBytes(18).toString('hex')}`;
}

/**
 * A `multipart/form-data` body (RFC 7578) of the parts in their order; files are read while they are sent. Names are
 * UTF-8, and what may not stand in a quoted name is percent-encoded as the HTML standard's multipart/form-data encoding
 * algorithm says.
 * @param boundary stands in no part
 */
export function multipartBody(parts: readonly FormPart[], boundary: string): PlannedBody | UnreadableFile {
  const pieces: PlannedBody[] = [];
  for (const part of parts) {
    const content = contentOf(part);
    if ('problem' in content) return content;
    pieces.push(text(`--${boundary}\r\n${partHead(part)}\r\n`), content, text('\r\n'));
  }
  pieces.push(text(`--${boundary}--\r\n`));
  if (!pieces.every((piece) => piece.bytes !== null)) return bodyOfPieces(pieces);
  return bodyOfBytes(Buffer.concat(pieces.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]))));
}

function contentOf({ content }: FormPart): PlannedBody | UnreadableFile {
  switch (content.kind) {
    case 'text':
      return text(content.text);
    case 'bytes':
      return bodyOfBytes(content.bytes);
    case 'file':
      return bodyOfFile(content.path);
  }
}

function partHead({ name, content, fileName, contentType }: FormPart): string {
  const file = fileName ?? (content.kind === 'file' ? basename(content.path) : undefined);
  const type = contentType ?? (file === undefined || content.kind === 'text' ? undefined : 'application/octet-stream');
  return (
    `Content-Disposition: form-data; name="${quotable(name)}"` +
    `${file === undefined ? '' : `; filename="${quotable(file)}"`}\r\n` +
    (type === undefined ? '' : `Content-Type: ${type}\r\n`)
  );
}

function quotable(name: string): string {
  return name.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22');
}

function text(content: string): PlannedBody {
  return bodyOfBytes(Buffer.from(content, 'utf8'));
}
