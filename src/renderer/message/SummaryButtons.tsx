import { FileText, Image } from 'lucide-react';
import type { MessageView } from '../../shared/message.ts';
import { openRecordingNow } from '../state/recording.ts';
import { notify } from '../state/notices.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { summaryCard, summaryMarkdown, summaryPicture } from './summaryCard.ts';

/** Puts the numbers of a run on the clipboard, as a table or as a picture. */
export function SummaryButtons({ view }: { readonly view: MessageView }) {
  return (
    <>
      <IconButton label="Copy the summary as Markdown" icon={FileText} onClick={() => void copy(view, 'markdown')} />
      <IconButton label="Copy the summary as a picture" icon={Image} onClick={() => void copy(view, 'picture')} />
    </>
  );
}

async function copy(view: MessageView, form: 'markdown' | 'picture'): Promise<void> {
  const { detail } = openRecordingNow();
  if (detail === null) return;
  const card = summaryCard(view, detail);
  try {
    if (form === 'markdown') await navigator.clipboard.writeText(summaryMarkdown(card));
    else {
      const style = getComputedStyle(document.documentElement);
      const picture = await summaryPicture(card, (token) => style.getPropertyValue(token).trim());
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    }
    notify({ tone: 'info', text: `Copied the summary as ${form === 'markdown' ? 'Markdown' : 'a picture'}.` });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    notify({ tone: 'warning', text: `The clipboard did not take the summary: ${reason}` });
  }
}
