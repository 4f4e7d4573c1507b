import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Where recordings are kept unless the user says otherwise: `$STREAMSCOPE_HOME`, else the system's place for an
 * application's data (XDG Base Directory Specification on Linux; Application Support; %APPDATA%).
 */
export function defaultRecordingsFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const own = environment['STREAMSCOPE_HOME'];
  if (own !== undefined && own !== '') return path.resolve(own);
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Streamscope');
  if (platform === 'win32') {
    const roaming = environment['APPDATA'];
    return path.join(
      roaming === undefined || roaming === '' ? path.join(home, 'AppData', 'Roaming') : roaming,
      'Streamscope',
    );
  }
  const data = environment['XDG_DATA_HOME'];
  // The specification says that a relative path there is to be ignored.
  const base = data !== undefined && path.isAbsolute(data) ? data : path.join(home, '.local', 'share');
  return path.join(base, 'streamscope');
}
