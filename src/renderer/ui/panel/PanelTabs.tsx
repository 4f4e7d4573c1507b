import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';

interface PanelTabsProps<Section extends string> {
  /** Name for assistive technology. */
  readonly label: string;
  readonly sections: readonly { readonly id: Section; readonly title: string; readonly badge?: string }[];
  readonly section: Section;
  readonly onSection: (section: Section) => void;
  readonly children: ReactNode;
}

/** The sections of a panel, one of them shown. */
export function PanelTabs<Section extends string>(props: PanelTabsProps<Section>) {
  const { label, sections, section, onSection, children } = props;
  return (
    <Tabs.Root
      className="ss-panel-sections"
      value={section}
      onValueChange={(value) => {
        const chosen = sections.find(({ id }) => id === value);
        if (chosen !== undefined) onSection(chosen.id);
      }}
    >
      <div className="ss-tabs">
        <Tabs.List aria-label={label}>
          {sections.map(({ id, title, badge }) => (
            <Tabs.Trigger key={id} value={id} className="ss-tab">
              <span className="ss-tab-title" data-title={title}>
                {title}
              </span>
              {badge !== undefined && <span className="ss-badge">{badge}</span>}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      <Tabs.Content className="ss-panel-section" value={section} tabIndex={-1}>
        {children}
      </Tabs.Content>
    </Tabs.Root>
  );
}
