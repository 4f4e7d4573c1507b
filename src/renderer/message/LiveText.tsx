import { useEffect, useLayoutEffect, useRef } from 'react';
import type { PulledText } from '../state/message.ts';

/** UTF-16 units in one element: what is laid out again when text is added at the end. */
const blockUnits = 8_192;
const highlightName = 'ss-frame';

interface LiveTextProps {
  readonly text: PulledText;
  /** Only this part of the text is shown; absent: all of it. */
  readonly from?: number;
  readonly to?: number;
  /** Grows when the text may have grown. */
  readonly version: number;
  readonly selectedFrame: number | null;
  /** Bring the selected frame's words into view. */
  readonly reveals: boolean;
  readonly label: string;
  readonly onFrame: (frame: number) => void;
}

/**
 * A text that grows. New units are added to the last text node, so nothing that is there already is drawn again; a
 * frame's words are lit up by a highlight over the text and need no element of their own.
 */
export function LiveText({ text, from = 0, to, version, selectedFrame, reveals, label, onFrame }: LiveTextProps) {
  const root = useRef<HTMLDivElement>(null);
  const blocks = useRef<Block[]>([]);
  const shown = useRef<{ readonly text: PulledText; readonly from: number; readonly to: number } | null>(null);
  const end = Math.min(to ?? Infinity, text.text.length);

  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return;
    if (shown.current?.text !== text || shown.current.from !== from || end < shown.current.to) {
      element.replaceChildren();
      blocks.current = [];
    }
    shown.current = { text, from, to: end };
    append(element, blocks.current, text.text, from, end);
  }, [text, from, end, version]);

  useEffect(() => {
    const range = selectedFrame === null ? null : text.rangeOf(selectedFrame);
    const found = range === null ? null : rangeBetween(blocks.current, range.from, range.to);
    if (found === null) return;
    const highlight = CSS.highlights.get(highlightName) ?? new Highlight();
    highlight.add(found);
    CSS.highlights.set(highlightName, highlight);
    if (reveals) reveal(found, root.current);
    return () => {
      highlight.delete(found);
    };
  }, [text, from, end, version, selectedFrame, reveals]);

  return (
    <div
      ref={root}
      className="ss-message-text"
      role="document"
      aria-label={label}
      onClick={(event) => {
        // Dragging a selection is reading, not choosing a frame.
        if (window.getSelection()?.isCollapsed === false) return;
        const position = positionAt(event.clientX, event.clientY, blocks.current);
        const frame = position === null ? null : text.frameAt(position);
        if (frame !== null) onFrame(frame);
      }}
    />
  );
}

interface Block {
  readonly node: Text;
  readonly start: number;
}

function append(element: HTMLElement, blocks: Block[], text: string, from: number, to: number): void {
  const shown = blocks.at(-1);
  let at = shown === undefined ? from : shown.start + shown.node.length;
  while (at < to) {
    const last = blocks.at(-1);
    const room = last === undefined ? 0 : blockUnits - last.node.length;
    if (last !== undefined && room > 0) {
      const end = at + room >= to ? to : wholeEnd(text, at + room);
      last.node.appendData(text.slice(at, end));
      at = Math.max(end, at + 1);
    } else {
      const span = document.createElement('span');
      const node = document.createTextNode('');
      span.append(node);
      element.append(span);
      blocks.push({ node, start: at });
    }
  }
}

/** Not between the halves of a surrogate pair, which two nodes would show as two broken characters. */
function wholeEnd(text: string, end: number): number {
  const code = text.charCodeAt(end);
  return code >= 0xdc00 && code < 0xe000 ? end + 1 : end;
}

function rangeBetween(blocks: readonly Block[], from: number, to: number): Range | null {
  const shownFrom = blocks[0]?.start ?? 0;
  if (to <= shownFrom) return null;
  const first = blocks.findLast(({ start }) => start <= Math.max(from, shownFrom));
  const last = blocks.findLast(({ start }) => start < to);
  if (first === undefined || last === undefined) return null;
  const range = document.createRange();
  range.setStart(first.node, Math.min(first.node.length, Math.max(from, shownFrom) - first.start));
  range.setEnd(last.node, Math.min(last.node.length, to - last.start));
  return range;
}

function positionAt(x: number, y: number, blocks: readonly Block[]): number | null {
  const caret = document.caretPositionFromPoint(x, y);
  if (caret === null) return null;
  const block = blocks.find(({ node }) => node === caret.offsetNode);
  return block === undefined ? null : block.start + Math.max(0, caret.offset - (isAfter(caret, x) ? 1 : 0));
}

/** A caret stands between two characters: the one under the pointer may be the one before it. */
function isAfter(caret: CaretPosition, x: number): boolean {
  const box = caret.getClientRect();
  return box !== null && x < box.left;
}

function reveal(range: Range, root: HTMLElement | null): void {
  const scroller = root?.closest('.ss-message-scroll');
  if (scroller === null || scroller === undefined) return;
  const box = range.getBoundingClientRect();
  const view = scroller.getBoundingClientRect();
  if (box.top >= view.top && box.bottom <= view.bottom) return;
  scroller.scrollTop += box.top - view.top - view.height / 3;
}
