import { byGroup, useCommands } from '../state/commands.ts';
import { useHost } from '../state/HostContext.tsx';
import { readableKey } from '../state/keys.ts';
import { showOverlay } from '../state/overlay.ts';
import { Dialog } from '../ui/Dialog.tsx';
import './palette.css';

/** All keys, by what they do. */
export function KeyList() {
  const { platform } = useHost();
  const commands = useCommands().filter(({ keys }) => keys !== undefined && keys.length > 0);
  return (
    <Dialog title="All keys" className="ss-keys" onClose={() => showOverlay(null)}>
      <div className="ss-keys-groups">
        {byGroup(commands).map(([group, ofGroup]) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {ofGroup.map(({ id, title, keys = [] }) => (
                <div key={id}>
                  <dt>{title}</dt>
                  <dd>
                    {keys.map((key) => (
                      <kbd key={key} className="ss-key">
                        {readableKey(key, platform)}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="ss-quiet">While a text field has the focus it keeps the keys that type.</p>
    </Dialog>
  );
}
