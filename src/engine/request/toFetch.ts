import { toBase64 } from '../bytes/base64.ts';
import type { FormPart, RequestSpec } from '../../shared/request.ts';

/**
 * A module for Node and browsers that sends the same request with `fetch` and prints the answer as it comes. Every value
 * is a JSON string, which is JavaScript too. What `fetch` has no word for (certificates, proxies, limits) is left out.
 */
export function toFetch(request: RequestSpec): string {
  const { method, url, body, auth } = request;
  const headers = request.headers.map(([name, value]) => [name, value]);
  if (auth.kind === 'bearer') headers.push(['Authorization', `Bearer ${auth.token}`]);
  if (auth.kind === 'basic') {
    const credentials = new TextEncoder().encode(`${auth.username}:${auth.password}`);
    headers.push(['Authorization', `Basic ${toBase64(credentials)}`]);
  }
  const lines = [`  method: ${literal(method)},`];
  if (headers.length > 0) {
    lines.push('  headers: [', ...headers.map((pair) => `    [${pair.map(literal).join(', ')}],`), '  ],');
  }
  const before: string[] = [];
  switch (body.kind) {
    case 'none':
      break;
    case 'text':
      lines.push(`  body: ${literal(body.text)},`);
      break;
    case 'bytes':
      lines.push(`  body: Uint8Array.from(atob(${literal(toBase64(body.bytes))}), (letter) => letter.charCodeAt(0)),`);
      break;
    case 'file':
      before.push("import { openAsBlob } from 'node:fs';", '');
      lines.push(`  body: await openAsBlob(${literal(body.path)}),`);
      break;
    case 'multipart':
      before.push(...form(body.parts), '');
      lines.push('  body: form,');
      break;
  }
  if (!request.options.followRedirects) lines.push("  redirect: 'manual',");
  return `${[
    ...before,
    `const response = await fetch(${literal(url)}, {`,
    ...lines,
    '});',
    'console.error(response.status, response.statusText);',
    'const decoder = new TextDecoder();',
    'for await (const chunk of response.body) console.log(decoder.decode(chunk, { stream: true }));',
  ].join('\n')}\n`;
}

function form(parts: readonly FormPart[]): string[] {
  const files = parts.some(({ content }) => content.kind === 'file');
  const lines = files ? ["import { openAsBlob } from 'node:fs';", ''] : [];
  lines.push('const form = new FormData();');
  for (const { name, content, fileName, contentType } of parts) {
    const type = contentType === undefined ? '' : `, { type: ${literal(contentType)} }`;
    const file = fileName === undefined ? '' : `, ${literal(fileName)}`;
    const bytes = content.kind === 'bytes' ? literal(toBase64(content.bytes)) : '';
    const value =
      content.kind === 'file'
        ? `await openAsBlob(${literal(content.path)}${type})`
        : content.kind === 'bytes'
          ? `new Blob([Uint8Array.from(atob(${bytes}), (letter) => letter.charCodeAt(0))]${type})`
          : fileName === undefined && contentType === undefined
            ? literal(content.text)
            : `new Blob([${literal(content.text)}]${type})`;
    lines.push(`form.append(${literal(name)}, ${value}${file});`);
  }
  return lines;
}

/** A string of JavaScript; separators of lines are escaped, so that it stays on its line everywhere. */
function literal(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
