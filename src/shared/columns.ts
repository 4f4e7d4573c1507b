/**
 * Packed columns: what the window pulls instead of one object per frame. All arrays of one answer have the same
 * length; the receiver owns the buffers (they were copied or transferred to it).
 */

/** Rows of the frame table. `NaN` in a time column means unknown. */
export interface FrameRows {
  /** Row number of the first row in the (filtered) table. */
  readonly from: number;
  /** Rows in the whole (filtered) table when this answer was made. */
  readonly total: number;
  /** Frame number, from 0. */
  readonly n: Float64Array;
  readonly offset: Float64Array;
  readonly length: Float64Array;
  readonly micros: Float64Array;
  readonly gapMicros: Float64Array;
  /** Codes of `frameKinds`. */
  readonly kind: Uint8Array;
  /** Bits of `frameFlag`. */
  readonly flags: Uint8Array;
  /** Chunk that completed the frame, from 0. */
  readonly chunk: Float64Array;
  /** From 1, within the frames that this chunk completed. */
  readonly indexInChunk: Uint32Array;
  readonly framesInChunk: Uint32Array;
  /** Event name or record type, empty for none. */
  readonly type: readonly string[];
  /** The block's own event id (SSE); empty for none. */
  readonly id: readonly string[];
  /** One line of payload, control characters made visible. */
  readonly preview: readonly string[];
  /** 1 when the gap before this frame is a stall. */
  readonly stall: Uint8Array;
  /** What the frames say in their dialect; null for no token stream, and until a stored one was read (`messageRead`). */
  readonly deltas: DeltaRows | null;
}

/** What the frames of a token stream say. */
export interface DeltaRows {
  /** Codes of `deltaKinds`. */
  readonly kind: Uint8Array;
  /**
   * What the frame adds, at most 200 UTF-16 units: text, name and arguments of a tool call, the finish reason, numbers
   * of the usage, an error's message; empty where there are no words for it.
   */
  readonly text: readonly string[];
  /** UTF-16 units of content that the frame adds; its share of `tokensPerUnit` is the frame's tokens. */
  readonly units: Float64Array;
  readonly tokensPerUnit: TokensPerUnit | null;
}

/** How many tokens a UTF-16 unit of content stands for, over the whole message; null where nothing came yet. */
export interface TokensPerUnit {
  readonly ratio: number;
  /** `usage`: from the provider's count; `assumed`: four units a token, as long as there is no usage. */
  readonly source: 'usage' | 'assumed';
}

/**
 * The timeline between two times, aggregated to `columns` equal columns. An element of a column array belongs to the
 * time `[from + i·w, from + (i+1)·w)` with `w = (to − from) / columns`.
 */
export interface TimelineColumns {
  readonly fromMicros: number;
  readonly toMicros: number;
  readonly columns: number;
  readonly chunkCount: Uint32Array;
  readonly chunkBytes: Float64Array;
  /** Largest single chunk that arrived in the column. */
  readonly chunkMaxBytes: Float64Array;
  readonly frameCount: Uint32Array;
  /** Code of the kind most frames of the column have; 255 where there is none. */
  readonly frameKind: Uint8Array;
  /** Frames of kind `invalid` or `incomplete`, and those that a diagnostic of severity error points at. */
  readonly frameFaults: Uint32Array;
  /** Longest gap before a frame that arrived in the column; 0 where none arrived. */
  readonly gapMicros: Float64Array;
  /** First frame that arrived in the column; −1 where none arrived. */
  readonly firstFrame: Float64Array;
  /** When the gap between two frames begins and ends that lies across `toMicros`; both NaN where there is none. */
  readonly gapAcrossFromMicros: number;
  readonly gapAcrossToMicros: number;
  /** Stalls that touch the span, at most 1,000, as pairs (from, to). */
  readonly stallMicros: Float64Array;
  /**
   * Flags in the span: at most 1,000 listed diagnostics, and for faults beyond those the first one of each column.
   * Time of their frame, ascending, and severity (0 error, 1 warning, 2 info).
   */
  readonly flagMicros: Float64Array;
  readonly flagSeverity: Uint8Array;
  readonly flagFrame: Float64Array;
  /** Null for no token stream, and until a stored one was read (`recording.messageRead`). */
  readonly tokens: TokenColumns | null;
}

/** A token stream's columns of the timeline. */
export interface TokenColumns {
  /**
   * Code of the kind of delta most frames of the column bring, as far as up to 16 of them, evenly spaced, tell; 0 for
   * none.
   */
  readonly deltaKind: Uint8Array;
  /** UTF-16 units of content (text, reasoning, refusal, tool calls) that arrived in the column. */
  readonly contentUnits: Float64Array;
  readonly tokensPerUnit: TokensPerUnit | null;
  /** Arrival of the first content; NaN while there is none. */
  readonly firstTokenMicros: number;
}

/** Statistics of a selected span of time. */
export interface SpanStatistics {
  readonly fromMicros: number;
  readonly toMicros: number;
  readonly chunks: number;
  readonly frames: number;
  readonly wireBytes: number;
  readonly firstFrame: number | null;
  readonly lastFrame: number | null;
  readonly longestGapMicros: number | null;
  readonly framesPerSecond: number | null;
  readonly bytesPerSecond: number | null;
}

/** Chunks that overlap a range of the wire, for drawing borders. Chunk `first + i` begins at wire `offset[i]`. */
export interface ChunkSpan {
  readonly first: number;
  readonly offset: Float64Array;
  readonly micros: Float64Array;
  /** 1 where a chunk goes on with the HTTP chunk or DATA frame of the one before: its border is only that of a read. */
  readonly continues: Uint8Array;
}
