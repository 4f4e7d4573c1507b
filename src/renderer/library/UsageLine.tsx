import { useEffect, useRef, useState } from 'react';
import type { LibraryUsage } from '../../shared/library.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { notify } from '../state/notices.ts';
import { pullCall, type Pull } from '../state/pull.ts';
import { formatBytes, formatQuantity } from '../ui/format.ts';

/** How many recordings there are, and what they take; says once what the settings let go. */
export function UsageLine({ recordings }: { readonly recordings: readonly RecordingSummary[] }) {
  const engine = useEngine();
  const [usage, setUsage] = useState<LibraryUsage | null>(null);
  const pull = useRef<Pull | null>(null);
  useEffect(() => {
    const pulling = pullCall(
      engine,
      'library.usage',
      () => ({}),
      setUsage,
      () => setUsage(null),
    );
    pull.current = pulling;
    return () => pulling.end();
  }, [engine]);
  useEffect(() => pull.current?.ask(), [engine, recordings]);

  const retention = usage?.retention ?? null;
  const told = retention?.at ?? null;
  useEffect(() => {
    if (retention === null) return;
    const what = formatQuantity(retention.recordings, 'recording');
    notify({
      tone: 'info',
      text: `${what} (${formatBytes(retention.bytes)}) went, as the settings say: too old, or too much altogether.`,
    });
    // Once for each time that recordings went.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [told]);

  if (usage === null) return null;
  const index = `Names, tags, notes and the first ${formatBytes(usage.searchedTextBytes)} of each body and message can be searched; the index takes ${formatBytes(usage.indexBytes)}.`;
  return (
    <p className="ss-library-usage ss-data" title={index}>
      {formatQuantity(usage.recordings, 'recording')} · {formatBytes(usage.bytes)}
      {usage.starred > 0 && ` · ★ ${usage.starred}`}
    </p>
  );
}
