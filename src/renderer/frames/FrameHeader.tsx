import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { Check } from 'lucide-react';
import { ContextMenu } from 'radix-ui';
import { changeSettings, settingsNow, useSettings } from '../state/settings.ts';
import { tokensMean } from './rowCells.ts';
import {
  columnPixels,
  columns,
  shownColumns,
  toggledColumns,
  widthKey,
  type Column,
  type LongestTexts,
} from './columns.ts';

/** The headings stand above what scrolls; the grid owns them by this id. */
export const headerId = 'ss-frame-header';

const keyStep = 8;
const widest = 1_200;

interface FrameHeaderProps {
  readonly shown: readonly Column[];
  readonly timeTitle: string;
  readonly longest: LongestTexts;
}

/** The table's headings: a menu chooses the columns, their right edges set the widths. */
export function FrameHeader({ shown, timeTitle, longest }: FrameHeaderProps) {
  return (
    <ColumnsMenu>
      <div
        id={headerId}
        className="ss-frame-row ss-frame-header"
        role="row"
        aria-rowindex={1}
        tabIndex={0}
        aria-haspopup="menu"
      >
        {shown.map((column, i) => (
          <span
            key={column.id}
            role="columnheader"
            aria-colindex={i + 1}
            className={`ss-frame-cell ss-frame-${column.align}`}
            title={column.id === 'tokens' ? tokensMean : column.name}
          >
            {column.id === 'time' ? timeTitle : column.title}
            {column.id !== 'data' && <WidthHandle column={column} before={isAfterData(shown, i)} longest={longest} />}
          </span>
        ))}
      </div>
    </ColumnsMenu>
  );
}

/** Columns right of the one that takes what is left grow to the left. */
function isAfterData(shown: readonly Column[], i: number): boolean {
  const data = shown.findIndex((column) => column.id === 'data');
  return data >= 0 && i > data;
}

interface WidthHandleProps {
  readonly column: Column;
  /** The handle is at the column's left edge. */
  readonly before: boolean;
  readonly longest: LongestTexts;
}

function WidthHandle({ column, before, longest }: WidthHandleProps) {
  const { panes } = useSettings();
  const width = columnPixels(column, panes, longest);
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const direction = before ? -1 : 1;
  const setWidth = (pixels: number): void => {
    const rounded = Math.round(Math.min(widest, Math.max(column.leastPixels, pixels)));
    changeSettings({ panes: { ...settingsNow().panes, [widthKey(column.id)]: rounded } });
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (start.current !== null) setWidth(start.current.width + direction * (event.clientX - start.current.x));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    setWidth(width + direction * (event.key === 'ArrowRight' ? keyStep : -keyStep));
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${column.name}`}
      aria-valuenow={width}
      aria-valuemin={column.leastPixels}
      aria-valuemax={widest}
      tabIndex={0}
      className={`ss-frame-handle ${before ? 'ss-frame-handle-before' : 'ss-frame-handle-after'}`}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (start.current = null)}
      onPointerCancel={() => (start.current = null)}
      onDoubleClick={() => setWidth(columnPixels(column, {}, longest))}
      onKeyDown={onKeyDown}
    />
  );
}

function ColumnsMenu({ children }: { readonly children: ReactNode }) {
  const settings = useSettings();
  const shown = shownColumns(settings).map((column) => column.id);
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content className="ss-menu" aria-label="Columns of the table">
          {columns.map((column) => (
            <ContextMenu.CheckboxItem
              key={column.id}
              className="ss-menu-item"
              checked={shown.includes(column.id)}
              onSelect={(event) => event.preventDefault()}
              onCheckedChange={() => changeSettings({ frameColumns: toggledColumns(shown, column.id) })}
            >
              <span className="ss-menu-check">
                <ContextMenu.ItemIndicator asChild>
                  <Check aria-hidden size={14} />
                </ContextMenu.ItemIndicator>
              </span>
              {column.name}
            </ContextMenu.CheckboxItem>
          ))}
          <ContextMenu.Separator className="ss-menu-line" />
          <ContextMenu.RadioGroup
            value={settings.timeMode}
            onValueChange={(mode) => changeSettings({ timeMode: mode === 'absolute' ? 'absolute' : 'relative' })}
          >
            <ContextMenu.RadioItem className="ss-menu-item" value="relative">
              <span className="ss-menu-check">
                <ContextMenu.ItemIndicator asChild>
                  <Check aria-hidden size={14} />
                </ContextMenu.ItemIndicator>
              </span>
              Time since the request
            </ContextMenu.RadioItem>
            <ContextMenu.RadioItem className="ss-menu-item" value="absolute">
              <span className="ss-menu-check">
                <ContextMenu.ItemIndicator asChild>
                  <Check aria-hidden size={14} />
                </ContextMenu.ItemIndicator>
              </span>
              Time of day
            </ContextMenu.RadioItem>
          </ContextMenu.RadioGroup>
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
