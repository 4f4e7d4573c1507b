import { useMock } from '../state/mock.ts';
import { showMockPanel, useMockPanel } from '../state/mockPanel.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import './mock.css';

/** The mock server in the footer: whether it runs and where; opens its panel. */
export function MockStatus() {
  const { mock, failure } = useMock();
  const section = useMockPanel((state) => state.section);
  const url = mock?.url ?? null;
  const address = url === null ? null : new URL(url).host;
  const words = mock === null ? (failure === null ? '…' : 'unknown') : mock.running ? (address ?? 'running') : 'off';
  return (
    <span className="ss-server">
      <button
        type="button"
        className="ss-server-status"
        data-running={mock?.running === true}
        title="Show the mock server"
        onClick={() => showMockPanel(section)}
      >
        <span aria-hidden>{mock?.running === true ? '●' : '○'}</span> Mock {words}
      </button>
      {url !== null && <CopyButton text={url} label="Copy the mock server's address" />}
    </span>
  );
}
