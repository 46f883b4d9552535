import { useState } from 'react';
import { count } from '../lib/format';
import { CopyButton } from './kit';

const SHOWN = 40_000;

/** Text as it is, with a copy button. Of a very long one the beginning is shown until more is asked for. */
export function CodeBox({ text, title, wrapping = false }: { text: string; title?: string | undefined; wrapping?: boolean }) {
  const [limit, setLimit] = useState(SHOWN);
  return (
    <div className={wrapping ? 'codebox wrapping' : 'codebox'}>
      {title !== undefined && title !== '' && <span className="title">{title}</span>}
      <pre tabIndex={0} aria-label={title !== undefined && title !== '' ? title : 'text'}>{text.length > limit ? text.slice(0, limit) : text}</pre>
      <CopyButton text={text} className="copy" />
      {text.length > limit && (
        <button className="btn quiet small" onClick={() => setLimit(limit * 10)}>
          Show more ({count(text.length - limit)} characters are left)
        </button>
      )}
    </div>
  );
}
