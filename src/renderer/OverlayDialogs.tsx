import { ConversationDialog } from './conversation/ConversationDialog.tsx';
import { ExportDialog } from './export/ExportDialog.tsx';
import { CommandPalette } from './palette/CommandPalette.tsx';
import { CompareWith } from './palette/CompareWith.tsx';
import { KeyList } from './palette/KeyList.tsx';
import { RecordingSwitch } from './palette/RecordingSwitch.tsx';
import { ReplayDialog } from './replay/ReplayDialog.tsx';
import { RunsDialog } from './runs/RunsDialog.tsx';
import { SettingsDialog } from './settings/SettingsDialog.tsx';
import { useOverlay } from './state/overlay.ts';

/** The dialog that is open over the window, if any. */
export function OverlayDialogs() {
  switch (useOverlay()) {
    case 'palette':
      return <CommandPalette />;
    case 'recordings':
      return <RecordingSwitch />;
    case 'compare':
      return <CompareWith />;
    case 'settings':
      return <SettingsDialog />;
    case 'conversation':
      return <ConversationDialog />;
    case 'export':
      return <ExportDialog />;
    case 'keys':
      return <KeyList />;
    case 'replay':
      return <ReplayDialog />;
    case 'runs':
      return <RunsDialog />;
    case null:
      return null;
  }
}
