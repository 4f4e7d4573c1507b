import { CircleAlert, Info, TriangleAlert, X, type LucideIcon } from 'lucide-react';
import { useEffect } from 'react';
import { dismissNotice, useNotices, type Notice } from './state/notices.ts';
import { Button } from './ui/Button.tsx';
import { IconButton } from './ui/IconButton.tsx';

const icons: Readonly<Record<Notice['tone'], LucideIcon>> = { info: Info, warning: TriangleAlert, error: CircleAlert };
const infoStaysMillis = 4_000;
/** Long enough to read what can be undone, and to do it. */
const undoStaysMillis = 12_000;

/** Passing messages at the window's lower edge. */
export function Notices() {
  const notices = useNotices();
  return (
    <div className="ss-notices" role="log" aria-label="Notices">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const { id, tone, text, code, action } = notice;
  useEffect(() => {
    if (tone !== 'info') return;
    const timer = setTimeout(() => dismissNotice(id), action === undefined ? infoStaysMillis : undoStaysMillis);
    return () => clearTimeout(timer);
  }, [id, tone, action]);
  const Icon = icons[tone];
  return (
    <div className="ss-notice" role={tone === 'info' ? undefined : 'alert'}>
      <Icon size={15} className={`ss-tone-${tone}`} aria-hidden />
      <span className="ss-notice-text">
        {text}
        {code !== undefined && <code className="ss-failure-code">{code}</code>}
      </span>
      {action !== undefined && (
        <Button
          onClick={() => {
            dismissNotice(id);
            action.run();
          }}
        >
          {action.title}
        </Button>
      )}
      <IconButton label="Dismiss" icon={X} onClick={() => dismissNotice(id)} />
    </div>
  );
}
