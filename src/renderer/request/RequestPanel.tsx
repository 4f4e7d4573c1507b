import { X } from 'lucide-react';
import { togglePanel, useSending, type RequestPanel as PanelName } from '../state/sending.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { AuthPanel } from './AuthPanel.tsx';
import { BodyPanel } from './BodyPanel.tsx';
import { HeadersPanel } from './HeadersPanel.tsx';
import { OptionsPanel } from './OptionsPanel.tsx';

const titles: Readonly<Record<PanelName, string>> = {
  headers: 'Request headers',
  body: 'Request body',
  auth: 'Authorization',
  options: 'Request options',
};

const contents: Readonly<Record<PanelName, () => React.JSX.Element>> = {
  headers: HeadersPanel,
  body: BodyPanel,
  auth: AuthPanel,
  options: OptionsPanel,
};

/** The part of the request that is open for editing, under the request bar. */
export function RequestPanel() {
  const panel = useSending((state) => state.panel);
  if (panel === null) return null;
  const Contents = contents[panel];
  return (
    <section
      id="request-panel"
      className="ss-request-panel"
      aria-label={titles[panel]}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) togglePanel(panel);
      }}
    >
      <div className="ss-request-panel-head">
        <h2>{titles[panel]}</h2>
        <IconButton label={`Close ${titles[panel].toLowerCase()}`} icon={X} onClick={() => togglePanel(panel)} />
      </div>
      <div className="ss-request-panel-body">
        <Contents />
      </div>
    </section>
  );
}
