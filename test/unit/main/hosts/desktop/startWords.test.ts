import { describe, expect, it } from 'vitest';
import { endOfLifeNotice } from '../../../../../src/main/hosts/desktop/endOfLife.ts';
import { fileArguments } from '../../../../../src/main/hosts/desktop/fileArguments.ts';

describe('files on the command line', () => {
  it('follow the app itself where Electron was given it', () => {
    const words = ['electron', '--no-sandbox', '/app', 'a.ndjson', '/tmp/b.har'];
    expect(fileArguments(words, '/home/me', true)).toEqual(['/home/me/a.ndjson', '/tmp/b.har']);
  });
  it('are all words of a packaged app that are no switches', () => {
    const words = ['/opt/streamscope', 'a', '--disable-gpu', '', '-psn_0_1', '../b'];
    expect(fileArguments(words, '/home/me', false)).toEqual(['/home/me/a', '/home/b']);
  });
  it('may be none', () => {
    expect(fileArguments(['electron', '/app'], '/', true)).toEqual([]);
    expect(fileArguments(['electron'], '/', true)).toEqual([]);
  });
});

describe('the notice about an old Electron', () => {
  it('names the version and the way out', () => {
    expect(endOfLifeNotice('33.2.1')).toMatch(/Electron 33\.2\.1.*no longer gets security fixes.*packaged/);
    expect(endOfLifeNotice('42.9.0')).toBeDefined();
  });
  it.each(['43.0.0', '45.4.1', '100.0.0-beta.1'])('is not given for %s', (version) => {
    expect(endOfLifeNotice(version)).toBeUndefined();
  });
});
