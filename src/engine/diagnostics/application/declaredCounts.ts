import { isObject, type JsonObject } from './payload.ts';

/** A count that a stream gives of itself. */
export interface DeclaredCount {
  readonly field: string;
  readonly declared: number;
}

const totalKeys = [
  'totalRecords',
  'total_records',
  'recordCount',
  'record_count',
  'totalRows',
  'total_rows',
  'rowCount',
];
/** What only a record about the stream calls its total. */
const plainTotalKeys = ['totalCount', 'total_count', 'total', 'count'];
const processedKeys = ['totalProcessed', 'total_processed', 'processed', 'processedCount', 'recordsProcessed', 'count'];
const errorKeys = ['errors', 'errorCount', 'error_count', 'totalErrors', 'total_errors'];
/** With one of these beside it a total is that of everything there is, and the stream is a page of it. */
const pageKeys = ['limit', 'page', 'pageSize', 'page_size', 'perPage', 'per_page', 'offset', 'cursor', 'hasMore'];
const nestingKeys = ['metadata', 'meta', 'data', 'summary', 'stats'];
/** Lists that a record brings many records in. */
const batchKeys = ['data', 'records', 'rows', 'results', 'batch', 'entries', 'values', 'items'];
const keysOfContainer = 4;

/** How many records a stream says at its beginning that it has. @param isAboutStream the record's type says so */
export function declaredTotal(record: JsonObject, isAboutStream: boolean): DeclaredCount | null {
  if (!isAboutStream) return countIn(record, totalKeys);
  const levels = nested(record);
  if (levels.some((level) => pageKeys.some((key) => key in level))) return null;
  return firstCount(levels, [...totalKeys, ...plainTotalKeys]);
}

/** What the last record of a stream says of the records before it. */
export function declaredAtEnd(record: JsonObject): {
  readonly records: DeclaredCount | null;
  readonly errors: DeclaredCount | null;
} {
  const levels = nested(record);
  return { records: firstCount(levels, [...processedKeys, ...totalKeys]), errors: firstCount(levels, errorKeys) };
}

/** A record that is a list of records, so that counting records says nothing. */
export function isBatch(record: JsonObject): boolean {
  const keys = Object.keys(record);
  return batchKeys.some((key) => Array.isArray(record[key]) && (key !== 'items' || keys.length <= keysOfContainer));
}

function nested(record: JsonObject): readonly JsonObject[] {
  return [record, ...nestingKeys.map((key) => record[key]).filter(isObject)];
}

function firstCount(levels: readonly JsonObject[], keys: readonly string[]): DeclaredCount | null {
  for (const level of levels) {
    const found = countIn(level, keys);
    if (found !== null) return found;
  }
  return null;
}

function countIn(record: JsonObject, keys: readonly string[]): DeclaredCount | null {
  for (const field of keys) {
    const declared = record[field];
    if (typeof declared === 'number' && Number.isSafeInteger(declared) && declared >= 0) return { field, declared };
  }
  return null;
}
