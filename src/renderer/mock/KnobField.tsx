import { useId } from 'react';
import type { MockKnob } from '../../shared/mock.ts';
import { choicesOf } from './endpointForm.ts';

interface KnobFieldProps {
  readonly name: string;
  /** What it does. */
  readonly sentence: string;
  /** Absent: any text. */
  readonly knob?: MockKnob;
  /** As typed; empty: the server's own. */
  readonly value: string;
  /** Nothing can be sent without it. */
  readonly isNeeded?: boolean;
  readonly onChange: (value: string) => void;
}

/** One knob of an endpoint: a choice where there are few, else a field that shows what it is without being set. */
export function KnobField({ name, sentence, knob, value, isNeeded = false, onChange }: KnobFieldProps) {
  const id = useId();
  const choices = knob === undefined ? null : choicesOf(knob);
  const fallback = knob === undefined ? '' : String(knob.fallback);
  return (
    <div className="ss-mock-knob">
      <label htmlFor={id}>{name}</label>
      {choices === null ? (
        <input
          id={id}
          className="ss-field ss-data"
          autoComplete="off"
          spellCheck={false}
          value={value}
          placeholder={fallback}
          aria-invalid={isNeeded && value === ''}
          aria-describedby={`${id}-means`}
          title={knob === undefined ? undefined : `Takes ${knob.allowed}`}
          onChange={({ target }) => onChange(target.value)}
        />
      ) : (
        <select
          id={id}
          className="ss-field ss-data"
          value={value === '' ? fallback : value}
          aria-describedby={`${id}-means`}
          onChange={({ target }) => onChange(target.value === fallback ? '' : target.value)}
        >
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      )}
      <small id={`${id}-means`}>{sentence}</small>
    </div>
  );
}
