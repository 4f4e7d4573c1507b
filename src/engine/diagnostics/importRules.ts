import { counted, word, type CatalogueRule } from './rule.ts';

/** What is wrong with a recording's own file, or with one in the text interchange format. */
export const importRules: readonly CatalogueRule[] = [
  {
    code: 'import/malformed-line',
    severity: 'warning',
    title: 'A line of the imported file that cannot be read',
    advice: 'The line was left out; export the recording again if you can.',
    isChecked: true,
    sentence: (d) => {
      const line = d['line'] === undefined ? 'A line' : `Line ${word(d, 'line')}`;
      return `${line} of the file was left out: ${String(d['reason'] ?? 'It is not readable.')}`;
    },
  },
  {
    code: 'recording/damaged-file',
    severity: 'error',
    title: 'The file of the recording is damaged',
    advice: 'What lies before the damage is shown; if you have a copy of the file, put it in its place.',
    isChecked: true,
    sentence: (d) =>
      `Frames and figures end where the file could not be read: ${String(d['reason'] ?? 'it is damaged.')}`,
  },
  {
    code: 'import/digest-differs',
    severity: 'error',
    title: 'The imported bytes are not the recorded ones',
    advice: 'The file was changed or damaged after it was written; do not rely on its bytes.',
    isChecked: true,
    sentence: (d) => `The ${counted(d, 'bytes', 'byte')} of the file do not match the SHA-256 that it states.`,
  },
];
