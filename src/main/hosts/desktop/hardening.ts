import { app, protocol, session, type Session, type WebContents } from 'electron';
import type { WindowFiles } from '../windowFiles.ts';
import { answerAppRequest } from './appFiles.ts';
import { mayHavePermission, mayLoad, mayNavigate, windowScheme } from './securityPolicy.ts';

/** Has to run before the app is ready. */
export function declareWindowScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: windowScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

function hardenSession(target: Session): void {
  target.setPermissionRequestHandler((_, permission, decide, { requestingUrl }) => {
    decide(mayHavePermission(permission, requestingUrl));
  });
  target.setPermissionCheckHandler((_, permission, requestingOrigin) =>
    mayHavePermission(permission, requestingOrigin.replace(/\/?$/, '/')),
  );
  target.setDevicePermissionHandler(() => false);
  // It would fetch dictionaries from the network.
  target.setSpellCheckerEnabled(false);
  target.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !mayLoad(details.url) });
  });
}

function hardenContents(contents: WebContents, openExternal: (url: string) => void): void {
  const stay = (event: { readonly url: string; preventDefault(): void }) => {
    if (!mayNavigate(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    openExternal(url);
    return { action: 'deny' };
  });
}

/** Serves the window's files and applies the security policy to every page there will be. Once the app is ready. */
export function harden(files: WindowFiles, openExternal: (url: string) => void): void {
  hardenSession(session.defaultSession);
  protocol.handle(windowScheme, (request) => answerAppRequest(request, files));
  app.on('web-contents-created', (_, contents) => {
    hardenContents(contents, openExternal);
  });
}
