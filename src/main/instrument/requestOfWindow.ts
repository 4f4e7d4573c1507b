import { FailureError } from '../../shared/failure.ts';
import type { RequestSpec } from '../../shared/request.ts';

/**
 * The request as a window may send it: with the bytes of files, never with their names. Whoever can make a window send
 * something could otherwise have any file of this machine sent anywhere.
 * @throws FailureError `request/file-not-allowed`
 */
export function requestOfWindow(request: RequestSpec): RequestSpec {
  const { body } = request;
  const file =
    body.kind === 'file'
      ? body.path
      : body.kind === 'multipart'
        ? body.parts.map(({ content }) => (content.kind === 'file' ? content.path : null)).find((path) => path !== null)
        : null;
  if (file === null || file === undefined) return request;
  throw new FailureError({
    code: 'request/file-not-allowed',
    message: `A window does not read “${file.slice(0, 200)}” by its name. Choose the file in the request’s body, or send this request from the command line.`,
  });
}
