import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { sessionTree, type Thread } from '../../api/logs';
import type { LogRow } from '../../api/types';
import { compact, count, duration, time, usd } from '../../lib/format';
import { Dialog, Empty, ErrorNote, Skeleton, Tag } from '../../ui/kit';
import { statusTone } from '../Logs';

export function rowsOf(threads: readonly Thread[]): LogRow[] {
  return threads.flatMap((thread) => [...thread.rows, ...rowsOf(thread.children)]);
}

/** What a conversation and all it began cost together. */
export function costOf(thread: Thread): number {
  return thread.cost + thread.children.reduce((sum, child) => sum + costOf(child), 0);
}

export function SessionTree({ session, onClose, onOpen }: { session: string; onClose: () => void; onOpen: (id: string) => void }) {
  const tree = useQuery({ queryKey: ['session-tree', session], queryFn: () => sessionTree(session), refetchInterval: 3_000, retry: false });
  const all = useMemo(() => rowsOf(tree.data ?? []), [tree.data]);
  const tokens = all.reduce((sum, row) => sum + row.inputTokens + row.cacheRead + row.cacheWrite + row.outputTokens, 0);
  const starts = all.map((row) => new Date(row.time).getTime());
  const took = all.length === 0 ? 0 : Math.max(...all.map((row) => new Date(row.time).getTime() + row.latency)) - Math.min(...starts);
  return (
    <Dialog shape="sheet" title="Session" sub={<span className="wrap">{session}</span>} onClose={onClose}>
      <div className="dbody stack">
        <ErrorNote error={tree.error} retry={() => void tree.refetch()} />
        {tree.isPending ? <Skeleton lines={6} height={22} /> : all.length === 0 ? tree.error === null && <Empty title="Nothing of this session is left">Its rows may be older than the log’s retention.</Empty> : (
          <>
            <div className="tiles">
              {([['Requests', count(all.length)], ['Cost', usd((tree.data ?? []).reduce((sum, thread) => sum + costOf(thread), 0))], ['Tokens', compact(tokens)], ['Took', duration(took)]] as const).map(([name, value]) => <div key={name} className="card tile"><div className="k">{name}</div><div className="v">{value}</div></div>)}
            </div>
            <ul className="plain tree stack tight">{(tree.data ?? []).map((thread, i) => <Branch key={i} thread={thread} onOpen={onOpen} />)}</ul>
          </>
        )}
      </div>
    </Dialog>
  );
}

function Branch({ thread, onOpen }: { thread: Thread; onOpen: (id: string) => void }) {
  const own = thread.cost;
  const together = costOf(thread);
  const title = thread.rows.find((row) => row.summary !== '')?.summary ?? '';
  return (
    <li>
      <details open>
        <summary style={{ cursor: 'pointer' }}>
          <strong>{thread.feature === '' ? 'Conversation' : thread.feature}</strong> <span className="faint small">{title}</span>{' '}
          <span className="small muted">{count(thread.requests)} requests, {usd(own)}{together > own && `, ${usd(together)} with what it began`}</span>
        </summary>
        <ul>
          {thread.rows.map((row) => (
            <li key={row.id}>
              <button onClick={() => onOpen(row.id)}>
                <span className="muted">{time(row.time)}</span>
                <span className="clip"><i className={`dot ${statusTone(row)}`} /> {row.model !== '' ? row.model : row.requestedModel}</span>
                <span className="num wide muted">{duration(row.latency)}</span>
                <span className="num wide muted">{row.attempts > 1 && <Tag tone="warn">{row.attempts} tries</Tag>} {compact(row.inputTokens + row.cacheRead + row.cacheWrite)} → {compact(row.outputTokens)}</span>
                <span className="num">{row.cost === null ? '?' : usd(row.cost)}</span>
              </button>
            </li>
          ))}
          {thread.children.map((child, i) => <Branch key={`c${i}`} thread={child} onOpen={onOpen} />)}
        </ul>
      </details>
    </li>
  );
}
