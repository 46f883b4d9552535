// A small safe reader of Markdown: text in, React nodes out. It never makes HTML from a string, so whatever a model or
// a client wrote stays text. Addresses become links only with http or https; images only from data: addresses.

import { Fragment, type ReactNode } from 'react';
import { CodeBox } from '../ui/CodeBox';

export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'list'; ordered: boolean; items: string[] }
  | { kind: 'quote'; text: string }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'rule' };

/** Longer texts are shown as they are: reading them as Markdown would hold the page. */
export const MOST_CHARACTERS = 200_000;

export function blocks(source: string): Block[] {
  const lines = source.replace(/\r\n?/g, '\n').split('\n');
  const found: Block[] = [];
  let paragraph: string[] = [];
  const end = () => {
    if (paragraph.length > 0) found.push({ kind: 'paragraph', text: paragraph.join('\n') });
    paragraph = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const fence = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)[^`]*$/.exec(line);
    if (fence !== null) {
      end();
      const mark = fence[1] ?? '```';
      const text: string[] = [];
      i++;
      while (i < lines.length && !((lines[i] ?? '').trim().startsWith(mark) && /^[`~]+$/.test((lines[i] ?? '').trim()))) text.push(lines[i++] ?? '');
      found.push({ kind: 'code', language: fence[2] ?? '', text: text.join('\n') });
      continue;
    }
    if (line.trim() === '') {
      end();
      continue;
    }
    const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (heading !== null) {
      end();
      found.push({ kind: 'heading', level: (heading[1] ?? '#').length, text: heading[2] ?? '' });
      continue;
    }
    if (/^ {0,3}([-*_])( *\1){2,}\s*$/.test(line)) {
      end();
      found.push({ kind: 'rule' });
      continue;
    }
    if (line.startsWith('>')) {
      end();
      const text: string[] = [];
      while (i < lines.length && (lines[i] ?? '').startsWith('>')) text.push((lines[i++] ?? '').replace(/^> ?/, ''));
      i--;
      found.push({ kind: 'quote', text: text.join('\n') });
      continue;
    }
    const item = /^ {0,3}(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/.exec(line);
    if (item !== null) {
      end();
      const ordered = item[1] !== undefined;
      const items: string[] = [item[2] ?? ''];
      for (i++; i < lines.length; i++) {
        const next = lines[i] ?? '';
        const another = /^ {0,3}(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/.exec(next);
        if (another !== null && (another[1] !== undefined) === ordered) items.push(another[2] ?? '');
        else if (/^\s+\S/.test(next)) items[items.length - 1] += `\n${next.trim()}`;
        else break;
      }
      i--;
      found.push({ kind: 'list', ordered, items });
      continue;
    }
    if (line.includes('|') && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[i + 1] ?? '') && (lines[i + 1] ?? '').includes('|')) {
      end();
      const head = cells(line);
      const rows: string[][] = [];
      for (i += 2; i < lines.length && (lines[i] ?? '').includes('|'); i++) rows.push(cells(lines[i] ?? ''));
      i--;
      found.push({ kind: 'table', head, rows });
      continue;
    }
    paragraph.push(line);
  }
  end();
  return found;
}

function cells(line: string): string[] {
  return line.trim().replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim());
}

export type Span =
  | { kind: 'text' | 'code' | 'strong' | 'em' | 'strike'; text: string }
  | { kind: 'link'; text: string; href: string };

const SPAN =
  /(`+)([^`](?:[\s\S]*?[^`])?)\1(?!`)|\*\*(\S(?:[^*]*\S)?)\*\*|__(\S(?:[^_]*\S)?)__|~~(\S(?:[^~]*\S)?)~~|\*(\S(?:[^*\n]*\S)?)\*|(?<![\w])_(\S(?:[^_\n]*\S)?)_(?![\w])|\[([^\]\n]{1,500})\]\(([^)\s]{1,2000})\)|(https?:\/\/[^\s<>()"'`]{1,2000})/g;

export function spans(text: string): Span[] {
  const found: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(SPAN)) {
    if (match.index > from) found.push({ kind: 'text', text: text.slice(from, match.index) });
    const [whole, , code, strong, strong2, strike, em, em2, label, href, bare] = match;
    if (code !== undefined) found.push({ kind: 'code', text: code });
    else if (strong !== undefined || strong2 !== undefined) found.push({ kind: 'strong', text: strong ?? strong2 ?? '' });
    else if (strike !== undefined) found.push({ kind: 'strike', text: strike });
    else if (em !== undefined || em2 !== undefined) found.push({ kind: 'em', text: em ?? em2 ?? '' });
    else if (label !== undefined && href !== undefined) {
      if (/^https?:\/\//i.test(href)) found.push({ kind: 'link', text: label, href });
      else found.push({ kind: 'text', text: whole });
    } else if (bare !== undefined) found.push({ kind: 'link', text: bare, href: bare });
    from = match.index + whole.length;
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) });
  return found;
}

function Inline({ text }: { text: string }): ReactNode {
  return spans(text).map((span, i) => {
    switch (span.kind) {
      case 'text':
        return <Fragment key={i}>{span.text}</Fragment>;
      case 'code':
        return <code key={i}>{span.text}</code>;
      case 'strong':
        return <strong key={i}>{span.text}</strong>;
      case 'em':
        return <em key={i}>{span.text}</em>;
      case 'strike':
        return <s key={i}>{span.text}</s>;
      case 'link':
        return (
          <a key={i} href={span.href} target="_blank" rel="noopener noreferrer nofollow">
            {span.text}
          </a>
        );
    }
  });
}

export function Markdown({ text }: { text: string }) {
  if (text.length > MOST_CHARACTERS) return <LongText text={text} />;
  return (
    <div className="md">
      {blocks(text).map((block, i) => {
        switch (block.kind) {
          case 'paragraph':
            return (
              <p key={i} style={{ whiteSpace: 'pre-wrap' }}>
                <Inline text={block.text} />
              </p>
            );
          case 'heading':
            return (
              <h4 key={i}>
                <Inline text={block.text} />
              </h4>
            );
          case 'code':
            return <CodeBox key={i} text={block.text} title={block.language} />;
          case 'list': {
            const items = block.items.map((item, j) => (
              <li key={j} style={{ whiteSpace: 'pre-wrap' }}>
                <Inline text={item} />
              </li>
            ));
            return block.ordered ? <ol key={i}>{items}</ol> : <ul key={i}>{items}</ul>;
          }
          case 'quote':
            return (
              <blockquote key={i} style={{ whiteSpace: 'pre-wrap' }}>
                <Inline text={block.text} />
              </blockquote>
            );
          case 'table':
            return (
              <table key={i}>
                <thead>
                  <tr>{block.head.map((cell, j) => <th key={j}><Inline text={cell} /></th>)}</tr>
                </thead>
                <tbody>
                  {block.rows.map((row, j) => (
                    <tr key={j}>{row.map((cell, k) => <td key={k}><Inline text={cell} /></td>)}</tr>
                  ))}
                </tbody>
              </table>
            );
          case 'rule':
            return <hr key={i} />;
        }
      })}
    </div>
  );
}

/** Text of any size: its first part, and the rest on request. */
export function LongText({ text }: { text: string }) {
  return <CodeBox text={text} wrapping />;
}
