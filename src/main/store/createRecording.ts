import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import type { ExchangeFacts, RecordingSummary } from '../../shared/recording.ts';
import { factsToJson, requestBodyToJson, summaryToJson } from './factsJson.ts';
import { createRecordingSchema, pageBytes } from './recordingFormat.ts';
import { removeRecordingFiles, unsettledSuffix } from './recordingFiles.ts';
import { inTransaction, openDatabase } from './sqlite.ts';

const unfinishedSuffix = '.new';

/**
 * Makes a recording's file with its facts. It appears under its name only when it is whole; the writer makes it safe from
 * a power cut soon after its first commit, and takes away the mark that says that it is not.
 * @throws the driver's or the file system's error
 */
export function createRecordingFile(
  file: string,
  facts: ExchangeFacts,
  summary: RecordingSummary,
  writer: string,
): void {
  const unfinished = file + unfinishedSuffix;
  try {
    closeSync(openSync(unfinished, 'wx', 0o600));
    const database = openDatabase(unfinished, { mode: 'write' });
    try {
      database.exec(`PRAGMA page_size=${String(pageBytes)}; PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF`);
      inTransaction(database, () => {
        createRecordingSchema(database);
        const put = database.prepare('INSERT INTO meta VALUES (?, ?)');
        put.run('facts', factsToJson(facts));
        if (facts.request !== null) put.run('request_body', requestBodyToJson(facts.request.body));
        put.run('summary', summaryToJson(summary));
        put.run('writer', writer);
      });
    } finally {
      database.close();
    }
    wantLog(unfinished);
    closeSync(openSync(file + unsettledSuffix, 'w', 0o600));
    renameSync(unfinished, file);
  } catch (error) {
    removeRecordingFiles(unfinished);
    throw error;
  }
}

/**
 * Bytes 18 and 19 of a database's head say that it is written through a log (sqlite.org/fileformat2.html, 1.3.3). Set here
 * because `PRAGMA journal_mode=WAL` would flush the file several times while the first bytes wait.
 */
function wantLog(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, Uint8Array.of(2, 2), 0, 2, 18);
  } finally {
    closeSync(handle);
  }
}
