import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { IconButton } from './IconButton.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Leave out the visible heading and padding, for contents that bring their own. */
  readonly bare?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A modal dialog, open while it is rendered. */
export function Dialog({ title, onClose, bare = false, className, children }: DialogProps) {
  return (
    <Primitive.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Primitive.Portal>
        <Primitive.Overlay className="ss-veil" />
        <Primitive.Content
          className={className === undefined ? 'ss-dialog' : `ss-dialog ${className}`}
          aria-describedby={undefined}
        >
          {bare ? (
            <Primitive.Title className="ss-unseen">{title}</Primitive.Title>
          ) : (
            <div className="ss-dialog-head">
              <Primitive.Title asChild>
                <h2>{title}</h2>
              </Primitive.Title>
              <Primitive.Close asChild>
                <IconButton label="Close" icon={X} />
              </Primitive.Close>
            </div>
          )}
          {bare ? children : <div className="ss-dialog-body">{children}</div>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
