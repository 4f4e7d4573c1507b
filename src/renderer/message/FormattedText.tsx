import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';

/** Beyond this the text is shown as it is: laying out formatted text again and again would hold up the window. */
export const formattedUnitsAtMost = 200_000;

/**
 * Markdown as a stream brought it, inert: links lead nowhere and say where they would, pictures are not fetched, HTML
 * is text.
 */
const components: Components = {
  a: ({ href, children }) => (
    <span className="ss-message-link" title={href}>
      {children}
    </span>
  ),
  img: ({ alt, src }) => (
    <span className="ss-message-link" title={typeof src === 'string' ? src : undefined}>
      {`[picture: ${alt ?? ''}]`}
    </span>
  ),
  input: ({ checked }) => <span>{checked === true ? '☑ ' : '☐ '}</span>,
};

const plugins = [remarkGfm];

/** URLs are shown and never followed, so none has to be taken out. */
function asItIs(url: string): string {
  return url;
}

export function FormattedText({ text }: { readonly text: string }) {
  return (
    <div className="ss-message-formatted">
      <Markdown remarkPlugins={plugins} components={components} urlTransform={asItIs}>
        {text}
      </Markdown>
    </div>
  );
}
