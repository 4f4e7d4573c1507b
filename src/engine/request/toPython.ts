import { toBase64 } from '../bytes/base64.ts';
import type { FormPart, PartContent, RequestSpec } from '../../shared/request.ts';

/**
 * A script for Python 3 with `httpx` that sends the same request and prints the answer as it comes. Texts are JSON
 * strings of ASCII alone, which Python reads the same (characters beyond the basic plane are written by number). What
 * `httpx` has no plain word for is left out.
 */
export function toPython(request: RequestSpec): string {
  const { method, url, auth, body, options } = request;
  const lines = [`    ${literal(method)},`, `    ${literal(url)},`];
  const headers = [...request.headers];
  if (auth.kind === 'bearer') headers.push(['Authorization', `Bearer ${auth.token}`]);
  if (headers.length > 0) {
    lines.push('    headers=[', ...headers.map((pair) => `        (${pair.map(literal).join(', ')}),`), '    ],');
  }
  if (auth.kind === 'basic') lines.push(`    auth=(${literal(auth.username)}, ${literal(auth.password)}),`);
  switch (body.kind) {
    case 'none':
      break;
    case 'text':
    case 'bytes':
    case 'file':
      lines.push(`    content=${content(body)},`);
      break;
    case 'multipart':
      lines.push('    files=[', ...body.parts.map((part) => `        ${filePart(part)},`), '    ],');
      break;
  }
  lines.push(`    timeout=httpx.Timeout(None, connect=${String(options.connectTimeoutMillis / 1000)}),`);
  if (options.followRedirects) lines.push('    follow_redirects=True,');
  const client = options.insecureTls ? 'httpx.Client(verify=False)' : 'httpx.Client()';
  const needsBase64 = lines.some((line) => line.includes('base64.b64decode('));
  return `${[
    ...(needsBase64 ? ['import base64'] : []),
    'import sys',
    '',
    'import httpx',
    '',
    `with ${client} as client, client.stream(`,
    ...lines,
    ') as response:',
    '    print(response.status_code, response.reason_phrase, file=sys.stderr)',
    '    for text in response.iter_text():',
    '        print(text, end="", flush=True)',
  ].join('\n')}\n`;
}

function content(part: PartContent): string {
  switch (part.kind) {
    case 'text':
      return `${literal(part.text)}.encode()`;
    case 'bytes':
      return `base64.b64decode(${literal(toBase64(part.bytes))})`;
    case 'file':
      return `open(${literal(part.path)}, "rb")`;
  }
}

function filePart({ name, content: part, fileName, contentType }: FormPart): string {
  const file = fileName === undefined ? 'None' : literal(fileName);
  const type = contentType === undefined ? '' : `, ${literal(contentType)}`;
  return `(${literal(name)}, (${file}, ${content(part)}${type}))`;
}

function literal(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u{10ffff}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
