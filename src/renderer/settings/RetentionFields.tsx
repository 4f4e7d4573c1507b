import { useId } from 'react';
import { changeSettings, useSettingsState } from '../state/settings.ts';
import { formatBytes, formatQuantity } from '../ui/format.ts';

const days: readonly number[] = [7, 30, 90, 365];
const bytes: readonly number[] = [1e9, 5e9, 20e9, 100e9];

/** How long recordings are kept, and how much they may take together. */
export function RetentionFields() {
  const id = useId();
  const { keepDays, keepBytes } = useSettingsState().settings;
  return (
    <fieldset>
      <legend>Recordings are kept</legend>
      <div className="ss-settings-retention">
        <label htmlFor={`${id}days`}>Age</label>
        <select
          id={`${id}days`}
          className="ss-field"
          value={keepDays ?? ''}
          onChange={({ target }) => changeSettings({ keepDays: target.value === '' ? null : Number(target.value) })}
        >
          <option value="">Any</option>
          {withCurrent(days, keepDays).map((count) => (
            <option key={count} value={count}>
              Up to {formatQuantity(count, 'day')}
            </option>
          ))}
        </select>
        <label htmlFor={`${id}bytes`}>All together</label>
        <select
          id={`${id}bytes`}
          className="ss-field"
          value={keepBytes ?? ''}
          onChange={({ target }) => changeSettings({ keepBytes: target.value === '' ? null : Number(target.value) })}
        >
          <option value="">No limit</option>
          {withCurrent(bytes, keepBytes).map((count) => (
            <option key={count} value={count}>
              Up to {formatBytes(count)}
            </option>
          ))}
        </select>
      </div>
      <p className="ss-quiet">
        What is beyond is deleted when Streamscope starts and every hour, the oldest first. Starred recordings, samples
        and those in use stay.
      </p>
    </fieldset>
  );
}

function withCurrent(offered: readonly number[], current: number | null): readonly number[] {
  return current === null || offered.includes(current) ? offered : [...offered, current].sort((a, b) => a - b);
}
