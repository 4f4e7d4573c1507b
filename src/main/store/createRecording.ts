import { closeSync, openSync, renameSync } from 'node:fs';
import type { ExchangeFacts, RecordingSummary } from '../../shared/recording.ts';
import { factsToJson, requestBodyToJson, summaryToJson } from './factsJson.ts';
import { createRecordingSchema, pageBytes } from './recordingFormat.ts';
import { removeRecordingFiles, unsettledSuffix } from './recordingSession.ts';
import { inTransaction, openDatabase } from './sqlite.ts';

const unfinishedSuffix = '.new';

/**
 * Makes a recording's file with its facts. It appears under its name only when it is whole; the writer's first commit
 * makes it safe from a power cut, and takes away the mark that says that it is not.
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
    closeSync(openSync(file + unsettledSuffix, 'w', 0o600));
    renameSync(unfinished, file);
  } catch (error) {
    removeRecordingFiles(unfinished);
    throw error;
  }
}
