import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { sessionLogs } from '../../api/logs';
import type { LogRow } from '../../api/types';
import { compact, count, duration, time, usd } from '../../lib/format';
import { Dialog, Empty, ErrorNote, Skeleton, Tag } from '../../ui/kit';
import { statusTone } from '../Logs';

export interface Branch {
  name: string;
  rows: LogRow[];
  cost: number;
  unknown: number;
}

/** An agent's run: its main line, and what it had others do, each with what it cost. */
export function branches(rows: readonly LogRow[]): Branch[] {
  const found = new Map<string, Branch>();
  for (const row of [...rows].sort((a, b) => a.time.localeCompare(b.time))) {
    const name = row.feature === '' ? (row.client === '' ? 'requests' : row.client) : row.feature;
    const branch = found.get(name) ?? { name, rows: [], cost: 0, unknown: 0 };
    branch.rows.push(row);
    branch.cost += row.cost ?? 0;
    branch.unknown += row.cost === null ? 1 : 0;
    found.set(name, branch);
  }
  return [...found.values()];
}

export function SessionTree({ session, onClose, onOpen }: { session: string; onClose: () => void; onOpen: (id: string) => void }) {
  const rows = useQuery({ queryKey: ['session', session], queryFn: () => sessionLogs(session), refetchInterval: 3_000 });
  const tree = useMemo(() => branches(rows.data ?? []), [rows.data]);
  const all = rows.data ?? [];
  const cost = all.reduce((sum, row) => sum + (row.cost ?? 0), 0);
  const tokens = all.reduce((sum, row) => sum + row.inputTokens + row.cacheRead + row.cacheWrite + row.outputTokens, 0);
  const starts = all.map((row) => new Date(row.time).getTime());
  const took = all.length === 0 ? 0 : Math.max(...all.map((row) => new Date(row.time).getTime() + row.latency)) - Math.min(...starts);
  return (
    <Dialog shape="sheet" title="Session" sub={<span className="wrap">{session}</span>} onClose={onClose}>
      <div className="dbody stack">
        <ErrorNote error={rows.error} retry={() => void rows.refetch()} />
        {rows.isPending ? <Skeleton lines={6} height={22} /> : all.length === 0 ? <Empty title="Nothing of this session is left">Its rows may be older than the log’s retention.</Empty> : (
          <>
            <div className="tiles">
              {([['Requests', count(all.length)], ['Cost', usd(cost)], ['Tokens', compact(tokens)], ['Took', duration(took)]] as const).map(([name, value]) => <div key={name} className="card tile"><div className="k">{name}</div><div className="v">{value}</div></div>)}
            </div>
            <ul className="plain tree stack tight">
              {tree.map((branch) => (
                <li key={branch.name}>
                  <div className="row spread"><h3>{branch.name}</h3><span className="num">{count(branch.rows.length)} requests, <strong>{usd(branch.cost)}</strong>{branch.unknown > 0 && <span className="faint"> + {branch.unknown} unknown</span>}</span></div>
                  <ul>
                    {branch.rows.map((row) => (
                      <li key={row.id}>
                        <button onClick={() => onOpen(row.id)}>
                          <span className="muted">{time(row.time)}</span>
                          <span className="clip"><i className={`dot ${statusTone(row)}`} /> {row.model} <span className="faint small">{row.summary}</span></span>
                          <span className="num wide muted">{duration(row.latency)}</span>
                          <span className="num wide muted">{row.attempts > 1 && <Tag tone="warn">{row.attempts} tries</Tag>} {compact(row.inputTokens + row.cacheRead)} → {compact(row.outputTokens)}</span>
                          <span className="num">{row.cost === null ? '?' : usd(row.cost)}</span>
                        </button>
                      </li>
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Dialog>
  );
}
