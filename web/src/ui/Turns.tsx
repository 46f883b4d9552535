import { Markdown } from '../lib/markdown';
import type { Part, ToolInfo, Turn } from '../lib/conversation';
import { CodeBox } from './CodeBox';
import { Icon } from './icons';
import { Tag } from './kit';

const NAMES: Record<string, string> = { user: 'User', assistant: 'Model', system: 'System', developer: 'Developer', tool: 'Tool', error: 'Error' };

/** Long system prompts and tool results begin folded. */
const FOLDED = 1200;

export function Turns({ turns }: { turns: readonly Turn[] }) {
  return (
    <ol className="plain stack" style={{ gap: 10 }}>
      {turns.map((turn, i) => (
        <li key={i} className={`turn ${turn.role}`}>
          <header>{NAMES[turn.role] ?? turn.role}</header>
          <div className="content">
            {turn.parts.length === 0 && <span className="faint small">nothing</span>}
            {turn.parts.map((part, j) => <PartView key={j} part={part} folds={turn.role === 'system' || turn.role === 'developer'} />)}
          </div>
        </li>
      ))}
    </ol>
  );
}

function PartView({ part, folds }: { part: Part; folds: boolean }) {
  switch (part.kind) {
    case 'text':
      if (folds && part.text.length > FOLDED) {
        return (
          <details className="fold">
            <summary>{part.text.slice(0, 160)}… ({part.text.length.toLocaleString('en-US')} characters)</summary>
            <Markdown text={part.text} />
          </details>
        );
      }
      return <Markdown text={part.text} />;
    case 'thinking':
      return (
        <details className="fold" open={part.text.length < FOLDED}>
          <summary>Thinking</summary>
          <div className="think"><Markdown text={part.text} /></div>
        </details>
      );
    case 'image':
      return part.src === null ? <p className="muted small row"><Icon name="image" /> Image not kept here: <code className="wrap">{part.note}</code></p> : <img src={part.src} alt="Sent with the message" loading="lazy" />;
    case 'call':
      return (
        <div className="stack tight">
          <div className="row"><Icon name="tool" size={14} /><strong>{part.name === '' ? 'tool' : part.name}</strong> <span className="faint small clip">{part.id}</span></div>
          <CodeBox text={part.input} wrapping />
        </div>
      );
    case 'result': {
      const size = JSON.stringify(part.parts).length;
      return (
        <details className="fold" open={size < FOLDED}>
          <summary>Result{part.name !== '' && ` of ${part.name}`} {part.error && <Tag tone="bad">error</Tag>} <span className="faint">{part.id}</span></summary>
          <div className="stack tight">
            {part.parts.map((inner, i) => (inner.kind === 'text' ? <CodeBox key={i} text={inner.text} wrapping /> : <PartView key={i} part={inner} folds={false} />))}
          </div>
        </details>
      );
    }
    case 'other':
      return (
        <details className="fold">
          <summary>{part.label}</summary>
          <CodeBox text={part.text} wrapping />
        </details>
      );
  }
}

export function Tools({ tools }: { tools: readonly ToolInfo[] }) {
  if (tools.length === 0) return null;
  return (
    <details className="fold">
      <summary>{tools.length === 1 ? '1 tool was offered' : `${tools.length} tools were offered`}</summary>
      <div className="stack tight">
        {tools.map((tool, i) => (
          <details key={i} className="fold">
            <summary><strong>{tool.name}</strong> {tool.description.slice(0, 120)}</summary>
            {tool.description !== '' && <p className="small muted" style={{ whiteSpace: 'pre-wrap' }}>{tool.description}</p>}
            <CodeBox text={tool.schema} />
          </details>
        ))}
      </div>
    </details>
  );
}
