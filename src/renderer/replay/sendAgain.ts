import type { EngineClient } from '../../shared/calls.ts';
import type { RequestSpec } from '../../shared/request.ts';
import type { Framing } from '../../shared/words.ts';
import { focusUrl, sendRequest, takeRequest } from '../state/sending.ts';

/**
 * Sends the request of a recording anew. Where it lacks something that recordings never keep (a secret variable, a
 * client's key, a file's bytes) it goes to the request bar with a sentence that says what to fill in.
 */
export function sendAgain(engine: EngineClient, request: RequestSpec, framing: Framing | null): void {
  const missing = missingOf(request);
  takeRequest(request, missing);
  if (missing.length > 0) focusUrl();
  else void sendRequest(engine, request, framing);
}

/** What has to be given again before a recorded request can be sent, one sentence each. */
export function missingOf({ url, headers, body, auth, options }: RequestSpec): readonly string[] {
  const texts = [url, ...headers.flat(), body.kind === 'text' ? body.text : ''];
  if (auth.kind === 'bearer') texts.push(auth.token);
  if (auth.kind === 'basic') texts.push(auth.username, auth.password);
  if (body.kind === 'multipart') {
    for (const { content } of body.parts) if (content.kind === 'text') texts.push(content.text);
  }
  const names = new Set(
    texts.flatMap((text) => [...text.matchAll(/\{\{\s*([\w.-]+)\s*\}\}/g)].map(([, name]) => name)),
  );
  const files =
    body.kind === 'file' || (body.kind === 'multipart' && body.parts.some(({ content }) => content.kind === 'file'));
  return [
    ...[...names].map((name) => `{{${String(name)}}} was not kept with the recording: put its value in.`),
    ...(files ? ['The file that was sent is not kept with the recording: choose it again.'] : []),
    ...(options.clientCertificate?.keyPem === ''
      ? ['The key of the client certificate is not kept with the recording: choose it again.']
      : []),
  ];
}
