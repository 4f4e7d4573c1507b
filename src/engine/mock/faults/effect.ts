import type { MockCoding, MockHeader } from '../answer.ts';
import type { WireChanges } from '../wireChanges.ts';
import type { BodyFault } from './bodyFault.ts';
import type { FoundFrame } from './frameFinder.ts';

/** What of an answer body faults have to know. */
export interface BodyCircumstances {
  /** For finding frames; null: none. */
  readonly contentType: string | null;
  /**
   * The body is compressed: what its frames are is known from elsewhere, in offsets of its coded bytes. A fault that
   * writes into its contents does not happen to it. Absent: the bytes are the contents.
   */
  readonly coded?: { frames(): FrameSource };
}

/** Finds frames in a body as it is sent: given its next bytes, those that are whole with them. */
export interface FrameSource {
  push(bytes: Uint8Array): readonly FoundFrame[];
}

/** Certificates that no client should accept. */
export const badCertificates = ['expired', 'wrong-name', 'self-signed'] as const;
export type BadCertificate = (typeof badCertificates)[number];

/** What a fault does to an answer. */
export type FaultEffect =
  | { readonly kind: 'wire'; readonly changes: WireChanges }
  | { readonly kind: 'body'; readonly make: (circumstances: BodyCircumstances) => BodyFault }
  /** An error is answered in place of the stream. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers: readonly MockHeader[];
      readonly message: string;
    }
  /** The client is sent to the same target again, for ever. */
  | { readonly kind: 'redirect-loop' }
  /** The client is sent to the same target, without the fault, on a port with this certificate. */
  | { readonly kind: 'certificate'; readonly certificate: BadCertificate }
  | { readonly kind: 'coding'; readonly name: MockCoding; readonly fault: WireChanges['coding'] }
  /** Content-Encoding says so; nothing is coded. */
  | { readonly kind: 'claimed-coding'; readonly value: string }
  | { readonly kind: 'trailers'; readonly trailers: readonly MockHeader[] };
