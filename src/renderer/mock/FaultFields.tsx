import { useId } from 'react';
import type { MockFaultDescription } from '../../shared/mock.ts';
import { transportTitles, type Transport } from './endpointForm.ts';
import { choiceOf, faultText, noFault, type FaultChoice } from './faultChoice.ts';

interface FaultFieldsProps {
  readonly faults: readonly MockFaultDescription[];
  readonly over: Transport;
  readonly fault: FaultChoice;
  readonly onChange: (fault: FaultChoice) => void;
}

/** How the answer is to break: which fault, what of it, and where. */
export function FaultFields({ faults, over, fault, onChange }: FaultFieldsProps) {
  const id = useId();
  if (faults.length === 0) return null;
  const known = faults.find(({ name }) => name === fault.name);
  return (
    <fieldset className="ss-mock-fault">
      <legend>Fault</legend>
      <div className="ss-mock-fault-row">
        <select
          className="ss-field ss-data"
          aria-label="Fault"
          value={fault.name}
          onChange={({ target }) => {
            const chosen = faults.find(({ name }) => name === target.value);
            onChange(chosen === undefined ? noFault : choiceOf(chosen));
          }}
        >
          <option value="">none</option>
          {faults.map(({ name, protocols }) => (
            <option key={name} value={name}>
              {name}
              {protocols.includes(over) ? '' : ` (not over ${transportTitles[over]})`}
            </option>
          ))}
        </select>
        {known !== undefined && known.argument !== null && (
          <input
            className="ss-field ss-data"
            aria-label="Argument of the fault"
            aria-describedby={`${id}-argument`}
            placeholder="usual"
            title={known.argument}
            value={fault.argument}
            onChange={({ target }) => onChange({ ...fault, argument: target.value })}
          />
        )}
        {known !== undefined && known.places.length > 0 && (
          <select
            className="ss-field ss-data"
            aria-label="Place of the fault"
            value={fault.place}
            onChange={({ target }) => onChange({ ...fault, place: target.value })}
          >
            {known.places.map((place) => (
              <option key={place} value={place}>
                at {place.replace(':N', '')}
              </option>
            ))}
          </select>
        )}
        {fault.place.endsWith(':N') && (
          <input
            className="ss-field ss-data ss-mock-number"
            aria-label={`Number of the ${fault.place.slice(0, -2)}`}
            inputMode="numeric"
            value={fault.number}
            aria-invalid={faultText(fault) === null}
            onChange={({ target }) => onChange({ ...fault, number: target.value })}
          />
        )}
      </div>
      {known !== undefined && (
        <p className="ss-mock-fault-means">
          {known.sentence}
          {known.argument !== null && (
            <span id={`${id}-argument`} className="ss-quiet">
              {' '}
              Argument: {known.argument}.
            </span>
          )}
          {!known.protocols.includes(over) && (
            <b className="ss-tone-warning"> It cannot be performed over {transportTitles[over]}.</b>
          )}
        </p>
      )}
    </fieldset>
  );
}
