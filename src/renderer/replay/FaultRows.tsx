import { Plus, X } from 'lucide-react';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { faultOf, faultWords, type FaultKind, type TypedFault } from './replayForm.ts';

const kinds = Object.keys(faultWords) as readonly FaultKind[];

interface FaultRowsProps {
  readonly faults: readonly TypedFault[];
  readonly onChange: (faults: readonly TypedFault[]) => void;
}

/** What goes wrong on top of the recording, one line each. */
export function FaultRows({ faults, onChange }: FaultRowsProps) {
  const change = (key: number, patch: Partial<TypedFault>): void =>
    onChange(faults.map((fault) => (fault.key === key ? { ...fault, ...patch } : fault)));
  const add = (): void => {
    const key = 1 + Math.max(0, ...faults.map((fault) => fault.key));
    onChange([...faults, { key, kind: 'cut', value: faultWords.cut.usual, seconds: '30' }]);
  };
  return (
    <fieldset className="ss-replay-faults">
      <legend>Faults</legend>
      {faults.map((fault, n) => {
        const name = `Fault ${String(n + 1)}`;
        const { unit } = faultWords[fault.kind];
        const wrong = faultOf(fault) === null;
        return (
          <div key={fault.key} className="ss-replay-fault" role="group" aria-label={name}>
            <select
              className="ss-field"
              aria-label={`${name}: what`}
              value={fault.kind}
              onChange={({ target }) => {
                const kind = kinds.find((each) => each === target.value);
                if (kind !== undefined) change(fault.key, { kind, value: faultWords[kind].usual });
              }}
            >
              {kinds.map((kind) => (
                <option key={kind} value={kind}>
                  {faultWords[kind].title}
                </option>
              ))}
            </select>
            <label>
              <span>{unit}</span>
              <input
                className="ss-field ss-data"
                inputMode="numeric"
                aria-label={`${name}: ${unit}`}
                aria-invalid={wrong}
                value={fault.value}
                onChange={({ target }) => change(fault.key, { value: target.value })}
              />
            </label>
            {fault.kind === 'stall' && (
              <label>
                <span>for seconds</span>
                <input
                  className="ss-field ss-data"
                  inputMode="decimal"
                  aria-label={`${name}: for seconds`}
                  aria-invalid={wrong}
                  value={fault.seconds}
                  onChange={({ target }) => change(fault.key, { seconds: target.value })}
                />
              </label>
            )}
            <IconButton
              label={`Remove fault ${String(n + 1)}`}
              icon={X}
              onClick={() => onChange(faults.filter(({ key }) => key !== fault.key))}
            />
          </div>
        );
      })}
      <Button look="link" onClick={add}>
        <Plus size={13} aria-hidden /> Add a fault
      </Button>
    </fieldset>
  );
}
