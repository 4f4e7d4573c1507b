import type { Settings } from '../../shared/settings.ts';
import { useEngineFacts } from '../state/engineFacts.ts';
import { showOverlay } from '../state/overlay.ts';
import { changeSettings, useSettingsState } from '../state/settings.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { RetentionFields } from './RetentionFields.tsx';
import './settings.css';

const themes: readonly (readonly [Settings['theme'], string])[] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['high-contrast', 'High contrast'],
];

type Column = Settings['frameColumns'][number];
const columns: readonly (readonly [Column, string])[] = [
  ['n', '#'],
  ['type', 'Type'],
  ['id', 'Id'],
  ['data', 'Data'],
  ['size', 'Size'],
  ['offset', 'Offset'],
  ['chunk', 'Chunk'],
  ['time', 'Time'],
  ['gap', 'Δ'],
];

/** The shown columns with one of them switched, in the order the dialog lists them. */
function withColumn(shown: readonly Column[], column: Column, on: boolean): Column[] {
  return columns.map(([name]) => name).filter((name) => (name === column ? on : shown.includes(name)));
}

export function SettingsDialog() {
  const { settings, failure } = useSettingsState();
  const facts = useEngineFacts();
  return (
    <Dialog title="Settings" className="ss-settings" onClose={() => showOverlay(null)}>
      {failure !== null && <FailureBox failure={failure} />}
      <fieldset>
        <legend>Theme</legend>
        {themes.map(([theme, title]) => (
          <label key={theme} className="ss-check">
            <input
              type="radio"
              name="theme"
              checked={settings.theme === theme}
              onChange={() => changeSettings({ theme })}
            />
            {title}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Columns of the frame table</legend>
        <div className="ss-settings-columns">
          {columns.map(([column, title]) => (
            <label key={column} className="ss-check">
              <input
                type="checkbox"
                checked={settings.frameColumns.includes(column)}
                disabled={column === 'n' || column === 'data'}
                onChange={(event) =>
                  changeSettings({ frameColumns: withColumn(settings.frameColumns, column, event.target.checked) })
                }
              />
              {title}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>Times</legend>
        <label className="ss-check">
          <input
            type="radio"
            name="time-mode"
            checked={settings.timeMode === 'relative'}
            onChange={() => changeSettings({ timeMode: 'relative' })}
          />
          Since the request began
        </label>
        <label className="ss-check">
          <input
            type="radio"
            name="time-mode"
            checked={settings.timeMode === 'absolute'}
            onChange={() => changeSettings({ timeMode: 'absolute' })}
          />
          Time of day
        </label>
      </fieldset>
      <RetentionFields />
      {facts !== null && (
        <dl className="ss-settings-facts">
          <dt>Version</dt>
          <dd>
            {facts.version}, {facts.runtime}, SQLite {facts.sqliteVersion}
          </dd>
          <dt>Decodes</dt>
          <dd>{facts.decodes.join(', ')}</dd>
          <dt>Recordings</dt>
          <dd className="ss-selectable">
            {facts.recordingsFolder} <CopyButton text={facts.recordingsFolder} label="Copy folder" />
          </dd>
        </dl>
      )}
    </Dialog>
  );
}
