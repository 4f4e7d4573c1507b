import { useState } from 'react';

interface MillisFieldProps {
  readonly label: string;
  readonly value: number | null;
  /** What no number means; null where there must be one. */
  readonly none: string | null;
  readonly onChange: (millis: number | null) => void;
}

const longestSeconds = 86_400;

/** Seconds as typed, to milliseconds; null where that is no length of time between 1 ms and a day. */
export function millisOf(text: string): number | null {
  const seconds = Number(text.trim().replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0.001 || seconds > longestSeconds) return null;
  return Math.round(seconds * 1_000);
}

/** A length of time, typed in seconds. */
export function MillisField({ label, value, none, onChange }: MillisFieldProps) {
  // What is being typed may be no number for a while.
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (value === null ? '' : String(value / 1_000));
  const wrong = typed !== null && millisOf(typed) === null && !(typed.trim() === '' && none !== null);
  return (
    <label>
      <span>{label}</span>
      <span className="ss-request-millis">
        <input
          className="ss-field ss-data"
          inputMode="decimal"
          placeholder={none ?? undefined}
          aria-invalid={wrong}
          title={wrong ? `Seconds, from 0.001 to ${String(longestSeconds)}` : undefined}
          value={text}
          onChange={(event) => {
            setTyped(event.target.value);
            const millis = millisOf(event.target.value);
            if (millis !== null || event.target.value.trim() === '') onChange(millis);
          }}
          onBlur={() => setTyped(null)}
        />
        <span className="ss-quiet">s</span>
      </span>
    </label>
  );
}
