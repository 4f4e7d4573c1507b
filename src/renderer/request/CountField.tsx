import { useState } from 'react';

interface CountFieldProps {
  readonly label: string;
  readonly value: number | null;
  /** What no number means; null where there must be one. */
  readonly none: string | null;
  readonly most: number;
  readonly onChange: (count: number | null) => void;
}

/** A whole number from 1 on, typed. */
export function CountField({ label, value, none, most, onChange }: CountFieldProps) {
  // What is being typed may be no number for a while.
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (value === null ? '' : String(value));
  const wrong = typed !== null && countOf(typed, most) === null && !(typed.trim() === '' && none !== null);
  return (
    <label>
      <span>{label}</span>
      <input
        className="ss-field ss-data ss-request-count"
        inputMode="numeric"
        placeholder={none ?? undefined}
        aria-invalid={wrong}
        title={wrong ? `A whole number from 1 to ${most.toLocaleString('en-US')}` : undefined}
        value={text}
        onChange={({ target }) => {
          setTyped(target.value);
          const count = countOf(target.value, most);
          if (count !== null || target.value.trim() === '') onChange(count);
        }}
        onBlur={() => setTyped(null)}
      />
    </label>
  );
}

function countOf(text: string, most: number): number | null {
  const count = /^\d{1,16}$/.test(text.trim()) ? Number(text.trim()) : NaN;
  return count >= 1 && count <= most ? count : null;
}
