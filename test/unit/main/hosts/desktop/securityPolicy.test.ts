import { describe, expect, it } from 'vitest';
import {
  externalAddress,
  isWindowUrl,
  mayHavePermission,
  mayLoad,
  mayNavigate,
  trustsSender,
} from '../../../../../src/main/hosts/desktop/securityPolicy.ts';

const foreign = [
  'https://example.com/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'app://other/',
  'app://streamscope.example.com/',
  'app://streamscope@evil.example/',
  'app:streamscope/',
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
  'blob:https://example.com/1',
  '',
  'not a url',
  'APP://STREAMSCOPE/',
];

describe('the window', () => {
  it.each(['app://streamscope/', 'app://streamscope/index.html', 'app://streamscope/assets/a.js'])('is %s', (url) => {
    expect(isWindowUrl(url)).toBe(true);
    expect(mayNavigate(url)).toBe(true);
    expect(mayLoad(url)).toBe(true);
  });

  it.each(foreign)('is not %j, and goes nowhere else', (url) => {
    expect(isWindowUrl(url)).toBe(false);
    expect(mayNavigate(url)).toBe(false);
  });

  it('loads what it made itself, and nothing from elsewhere', () => {
    expect(mayLoad('blob:app://streamscope/0f')).toBe(true);
    expect(mayLoad('data:image/png;base64,AA')).toBe(true);
    expect(mayLoad('devtools://devtools/bundled/inspector.html')).toBe(true);
    for (const url of ['https://example.com/', 'http://x/', 'file:///a', 'ws://x/', 'blob:https://x/1', 'app://x/']) {
      expect(mayLoad(url), url).toBe(false);
    }
  });
});

describe('a message', () => {
  it('is taken from the top frame of the window only', () => {
    expect(trustsSender({ url: 'app://streamscope/', parent: null })).toBe(true);
    expect(trustsSender({ url: 'app://streamscope/', parent: {} })).toBe(false);
    expect(trustsSender({ url: 'https://example.com/', parent: null })).toBe(false);
    expect(trustsSender(null)).toBe(false);
  });
});

describe('a permission', () => {
  it('is granted for writing to the clipboard and nothing else', () => {
    expect(mayHavePermission('clipboard-sanitized-write', 'app://streamscope/')).toBe(true);
    expect(mayHavePermission('clipboard-sanitized-write', 'https://example.com/')).toBe(false);
    for (const permission of [
      'clipboard-read',
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'usb',
      'hid',
    ]) {
      expect(mayHavePermission(permission, 'app://streamscope/'), permission).toBe(false);
    }
  });
});

describe('an address for the browser', () => {
  it.each([
    ['https://example.com', 'https://example.com/'],
    ['http://127.0.0.1:4010/x?y#z', 'http://127.0.0.1:4010/x?y#z'],
    ['HTTPS://EXAMPLE.COM/A', 'https://example.com/A'],
    ['https://exämple.com/', 'https://xn--exmple-cua.com/'],
  ])('%s is shown as %s', (url, shown) => {
    expect(externalAddress(url)).toBe(shown);
  });

  it.each([
    ...foreign.filter((url) => !/^http/.test(url)),
    'mailto:a@example.com',
    'vscode://file/x',
    'smb://host/share',
    'https://user:password@example.com/',
    'https://user@example.com/',
    `https://example.com/${'a'.repeat(9_000)}`,
  ])('%j is not opened', (url) => {
    expect(externalAddress(url)).toBeUndefined();
  });
});
