import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import type { AuthKind } from '../state/requestDraft.ts';
import { changeDraft, useSending } from '../state/sending.ts';
import { IconButton } from '../ui/IconButton.tsx';

const kinds: readonly (readonly [AuthKind, string])[] = [
  ['none', 'None'],
  ['basic', 'User and password'],
  ['bearer', 'Bearer token'],
];

/** Credentials of the request. They stay in this window: they are not remembered between starts. */
export function AuthPanel() {
  const { authKind, username, password, token } = useSending((state) => state.draft);
  return (
    <div className="ss-request-form">
      <div className="ss-request-line" role="radiogroup" aria-label="Kind of authorization">
        {kinds.map(([kind, title]) => (
          <label key={kind} className="ss-check">
            <input
              type="radio"
              name="auth-kind"
              checked={authKind === kind}
              onChange={() => changeDraft({ authKind: kind })}
            />
            {title}
          </label>
        ))}
      </div>
      {authKind === 'basic' && (
        <>
          <label>
            <span>User</span>
            <input
              className="ss-field ss-data"
              spellCheck={false}
              autoComplete="off"
              value={username}
              onChange={(event) => changeDraft({ username: event.target.value })}
            />
          </label>
          <SecretField label="Password" value={password} onChange={(value) => changeDraft({ password: value })} />
        </>
      )}
      {authKind === 'bearer' && (
        <SecretField label="Token" value={token} onChange={(value) => changeDraft({ token: value })} />
      )}
    </div>
  );
}

interface SecretFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function SecretField({ label, value, onChange }: SecretFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <label>
      <span>{label}</span>
      <span className="ss-request-secret">
        <input
          className="ss-field ss-data"
          type={shown ? 'text' : 'password'}
          spellCheck={false}
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
        <IconButton
          label={shown ? `Hide ${label.toLowerCase()}` : `Show ${label.toLowerCase()}`}
          icon={shown ? EyeOff : Eye}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        />
      </span>
    </label>
  );
}
