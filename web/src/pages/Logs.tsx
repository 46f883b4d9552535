import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { exportUrl, type Facet, FACETS, filterData, type LogFilter, stop } from '../api/logs';
import type { LogRow, Running } from '../api/types';
import { compact, count, duration, moment, usd, usdShort } from '../lib/format';
import { bounds, isRange, PERIODS } from '../lib/period';
import { hrefOf, Link, useQueryState, useRouter } from '../router';
import { Button, Confirm, Empty, ErrorNote, messageOf, Popover, Segments, Skeleton, Tag, TextField, useStored, useToast } from '../ui/kit';
import { Detail } from './logs/Detail';
import { useLogList } from './logs/live';
import { SessionTree } from './logs/SessionTree';

const BOUNDS = [
  ['min_latency', 'Latency from (ms)'], ['max_latency', 'Latency up to (ms)'], ['min_tokens', 'Tokens from'], ['max_tokens', 'Tokens up to'],
  ['min_cost', 'Cost from ($)'], ['max_cost', 'Cost up to ($)'],
] as const;

const NAMES: Record<string, string> = { ...Object.fromEntries(FACETS.map(([name, label]) => [name, label])), ...Object.fromEntries(BOUNDS), content_search: 'Text', session_id: 'Session', missing_cost_only: 'Price unknown', request_id: 'Request', http_status: 'HTTP status' };

export function statusTone(row: { status: LogRow['status'] }): 'good' | 'bad' | 'warn' | 'info' {
  return row.status === 'success' ? 'good' : row.status === 'processing' ? 'info' : row.status === 'cancelled' ? 'warn' : 'bad';
}

export default function Logs() {
  const [query, setQuery] = useQueryState();
  const { path, go } = useRouter();
  const [, area = '', which = ''] = /^\/logs(?:\/([^/]+))?(?:\/([^/]+))?/.exec(path) ?? [];
  const when = query.get('period') ?? '24h';
  const live = query.get('live') !== 'off' && !isRange(when);
  const text = query.get('content_search') ?? '';
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    setTyped(text);
  }, [text]);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => setQuery({ content_search: typed }), 350);
    return () => clearTimeout(timer);
  }, [typed, text, setQuery]);

  const chosen = useMemo(() => [...query].filter(([name]) => NAMES[name] !== undefined), [query]);
  const chosenKey = JSON.stringify(chosen);
  const filter = useMemo<LogFilter>(() => {
    const period = bounds(when);
    // A live list has no end.
    if (!isRange(when)) delete period['end_time'];
    return { ...period, ...Object.fromEntries(JSON.parse(chosenKey) as [string, string][]) };
  }, [when, chosenKey]);

  const [atTop, setAtTop] = useState(true);
  const list = useLogList(filter, live, atTop && area === '');
  const close = useCallback(() => {
    go(`/logs${location.search}`, {});
    // The row of the request looked at last, which is another than the one opened after a step, or none when the page began with it.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`.lrow[data-id="${CSS.escape(decodeURIComponent(area))}"]`)?.focus({ preventScroll: true }));
  }, [go, area]);
  const open = useCallback((id: string) => go(`/logs/${encodeURIComponent(id)}${location.search}`), [go]);
  const step = (by: number) => {
    const at = list.rows.findIndex((row) => row.id === area);
    const next = list.rows[at + by];
    if (next !== undefined) go(`/logs/${encodeURIComponent(next.id)}${location.search}`, { replace: true });
  };

  return (
    <div className="logs">
      <div className="row spread wrapping" style={{ marginBottom: 12 }}>
        <h1>Logs</h1>
        <div className="row wrapping">
          <Segments label="Period" value={when} options={PERIODS as unknown as readonly (readonly [string, string])[]} onChange={(period) => setQuery({ period })} />
          <Button icon={live ? 'pause' : 'play'} aria-pressed={live} onClick={() => setQuery({ live: live ? 'off' : null, ...(isRange(when) ? { period: '24h' } : {}) })}>{live ? 'Live' : 'Follow'}</Button>
        </div>
      </div>
      <div className="filters" role="search">
        <div className="search">
          <input className="input" type="search" aria-label="Search in prompts and answers" placeholder="Search in prompts and answers" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
        <FilterPanel query={query} set={setQuery} />
        <Views query={query} />
        <Popover right button={(shown, toggle) => <Button icon="download" aria-expanded={shown} onClick={toggle}>Export</Button>}>
          {() => (
            <div className="stack tight">
              <p className="muted small">Everything that the filters show, newest first.</p>
              <a className="btn" href={exportUrl(filter, 'csv')} download>CSV (rows)</a>
              <a className="btn" href={exportUrl(filter, 'jsonl')} download>JSON lines</a>
            </div>
          )}
        </Popover>
      </div>
      {chosen.length > 0 && (
        <div className="chips">
          {chosen.map(([name, value]) => (
            <span className="chip" key={name}>
              <span className="faint">{NAMES[name]}</span> <span className="clip" style={{ maxWidth: 260 }}>{value}</span>
              <button aria-label={`Remove ${NAMES[name] ?? name}`} onClick={() => setQuery({ [name]: null })}>×</button>
            </span>
          ))}
          {chosen.length > 1 && <Button kind="quiet" small onClick={() => setQuery(Object.fromEntries(chosen.map(([name]) => [name, null])))}>Clear all</Button>}
        </div>
      )}
      <ErrorNote error={list.error} retry={list.reload} />
      <Grid list={list} open={open} selected={area} onTop={setAtTop} filtered={chosen.length > 0} />
      {area === 'session' && which !== '' && <SessionTree session={decodeURIComponent(which)} onClose={close} onOpen={open} />}
      {area !== '' && area !== 'session' && <Detail key={area} id={decodeURIComponent(area)} onClose={close} onStep={step} onSession={(session) => go(`/logs/session/${encodeURIComponent(session)}${location.search}`)} />}
    </div>
  );
}

type Item = { kind: 'running'; running: Running } | { kind: 'row'; row: LogRow };

function Grid({ list, open, selected, onTop, filtered }: { list: ReturnType<typeof useLogList>; open: (id: string) => void; selected: string; onTop: (top: boolean) => void; filtered: boolean }) {
  const viewport = useRef<HTMLDivElement>(null);
  const items = useMemo<Item[]>(() => [
    ...(filtered ? [] : list.running.map((running): Item => ({ kind: 'running', running }))),
    ...list.rows.map((row): Item => ({ kind: 'row', row })),
  ], [list.rows, list.running, filtered]);
  const virtual = useVirtualizer({ count: items.length, getScrollElement: () => viewport.current, estimateSize: () => 38, overscan: 12, getItemKey: (i) => {
    const item = items[i];
    return item === undefined ? i : item.kind === 'row' ? item.row.id : `r-${item.running.id}`;
  } });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (items.length > 0 && last >= items.length - 25) list.loadMore();
  }, [last, items.length, list]);
  const cost = useMemo(() => list.rows.reduce((sum, row) => sum + (row.cost ?? 0), 0), [list.rows]);
  const move = (event: React.KeyboardEvent<HTMLDivElement>) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const at = Number((document.activeElement as HTMLElement | null)?.dataset['index'] ?? NaN);
    if (Number.isNaN(at)) return;
    event.preventDefault();
    const next = at + (event.key === 'ArrowDown' ? 1 : -1);
    virtual.scrollToIndex(Math.max(0, Math.min(items.length - 1, next)));
    requestAnimationFrame(() => viewport.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
  };
  return (
    <div className="card grid">
      <div className="viewport" ref={viewport} onScroll={(event) => onTop(event.currentTarget.scrollTop < 20)} role="table" aria-label="Requests" aria-rowcount={items.length + 1} onKeyDown={move}>
        <div className="canvas" style={{ height: virtual.getTotalSize() + 34 }}>
          <div className="lrow th" role="row">
            <span role="columnheader">Time</span>
            <span role="columnheader" className="wide">Status</span>
            <span role="columnheader">Model</span>
            <span role="columnheader" className="wide">Client</span>
            <span role="columnheader" className="wide">Key</span>
            <span role="columnheader" className="num">Latency</span>
            <span role="columnheader" className="num wide">Tokens</span>
            <span role="columnheader" className="num">Cost</span>
            <span role="columnheader" className="num wide">Tries</span>
          </div>
          {shown.map((place) => {
            const item = items[place.index];
            if (item === undefined) return null;
            return item.kind === 'row'
              ? <Row key={place.key} row={item.row} index={place.index} top={place.start + 34} on={item.row.id === selected} open={open} />
              : <RunningRow key={place.key} running={item.running} index={place.index} top={place.start + 34} />;
          })}
        </div>
        {items.length === 0 && (list.loading ? <div style={{ padding: 16 }}><Skeleton lines={8} height={22} /></div> : list.error === null && (
          <Empty title={filtered ? 'No request matches' : 'No request yet'} action={filtered ? undefined : <Link className="btn primary" to="/connect">Connect a client</Link>}>
            {filtered ? 'Take a filter away, or choose a longer period.' : 'Requests show here the moment they begin. Point a client at this gateway, or try a model in the playground.'}
          </Empty>
        ))}
      </div>
      <div className="gridfoot">
        <span>{count(list.rows.length)}{list.more ? '+' : ''} requests, {usd(cost)}{list.running.length > 0 && ` · ${list.running.length} running`}</span>
        <span>{list.partial ? 'Still searching older requests; scroll for more.' : list.liveError ?? (list.loading ? 'Loading…' : '')}</span>
      </div>
    </div>
  );
}

const Row = memo(function Row({ row, index, top, on, open }: { row: LogRow; index: number; top: number; on: boolean; open: (id: string) => void }) {
  return (
    <div className={on ? 'lrow on' : 'lrow'} role="row" tabIndex={0} data-index={index} data-id={row.id} style={{ transform: `translateY(${top}px)` }} onClick={() => open(row.id)} onKeyDown={(event) => event.key === 'Enter' && open(row.id)}>
      <span role="cell" className="muted">{moment(row.time)}</span>
      <span role="cell" className="wide row" title={row.failureMessage !== '' ? row.failureMessage : row.outcome}><i className={`dot ${statusTone(row)}`} /> {row.code > 0 ? row.code : row.outcome}</span>
      <span role="cell" title={`${row.provider}/${row.model}`}><i className={`dot ${statusTone(row)} narrow`} /> {row.model !== '' ? row.model : row.requestedModel !== '' ? row.requestedModel : <span className="faint">{row.outcome}</span>} <span className="faint small">{row.provider}</span></span>
      <span role="cell" className="wide">{row.client === 'unknown' ? <span className="faint">unknown</span> : row.client} <span className="faint small">{row.feature.includes('/') ? row.feature.split('/')[1] : row.feature}</span></span>
      <span role="cell" className="wide muted">{row.key}</span>
      <span role="cell" className="num">{duration(row.latency)}</span>
      <span role="cell" className="num wide" title={`${count(row.inputTokens)} in, ${count(row.cacheRead)} from cache, ${count(row.outputTokens)} out`}>{compact(row.inputTokens + row.cacheRead + row.cacheWrite)} <span className="faint">→</span> {compact(row.outputTokens)}</span>
      <span role="cell" className="num" title={row.cost === null ? 'The price is unknown' : usd(row.cost)}>{row.cost === null ? <span className="faint">?</span> : usdShort(row.cost)}</span>
      <span role="cell" className="num wide">{row.attempts > 1 ? <Tag tone="warn">{row.attempts}</Tag> : <span className="faint">{row.attempts}</span>}</span>
    </div>
  );
});

function RunningRow({ running, index, top }: { running: Running; index: number; top: number }) {
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const end = async () => {
    setBusy(true);
    try {
      await stop(running.id);
      toast('The request was stopped.');
    } catch (failure) {
      toast(messageOf(failure), true);
    }
    setBusy(false);
    setAsking(false);
  };
  return (
    <div className="lrow running" role="row" tabIndex={0} data-index={index} style={{ transform: `translateY(${top}px)` }} title={running.text}>
      <span role="cell" className="row"><i className="dot info" /> running</span>
      <span role="cell" className="wide">
        <Button small kind="danger" icon="stop" onClick={(event) => {
          event.stopPropagation();
          setAsking(true);
        }}>Stop</Button>
      </span>
      <span role="cell">{running.model} <span className="faint small">{running.text !== '' ? running.text.slice(-80) : running.provider}</span></span>
      <span role="cell" className="wide">{running.client}</span>
      <span role="cell" className="wide muted">{running.key}</span>
      <span role="cell" className="num">{duration(running.ageMs)}</span>
      <span role="cell" className="num wide">{compact(running.bytes)} B</span>
      <span role="cell" className="num">{running.cost === null ? <span className="faint">?</span> : usdShort(running.cost)}</span>
      <span role="cell" className="wide" />
      {asking && <Confirm title="Stop this request?" action="Stop it" busy={busy} onClose={() => setAsking(false)} onConfirm={() => void end()}>The client is told that the operator stopped it. What was used until now is charged.</Confirm>}
    </div>
  );
}

function FilterPanel({ query, set }: { query: URLSearchParams; set: (change: Record<string, string | null>) => void }) {
  const data = useQuery({ queryKey: ['filterdata'], queryFn: filterData, staleTime: 30_000 });
  const value = (facet: Facet) => query.get(facet) ?? '';
  return (
    <Popover button={(shown, toggle) => <Button icon="filter" aria-expanded={shown} onClick={toggle}>Filter</Button>}>
      {() => (
        <div className="stack">
          <ErrorNote error={data.error} />
          {data.isPending && <Skeleton />}
          <div className="form" style={{ gap: 10 }}>
            <div className="field half">
              <label htmlFor="filter-status">Status</label>
              <select id="filter-status" className="input" value={value('status')} onChange={(event) => set({ status: event.target.value })}>
                <option value="">any</option>
                <option value="success">success</option>
                <option value="error">any error</option>
                <option value="failed,refused,cut">failed or refused</option>
                <option value="refused">refused</option>
                <option value="cancelled,stopped">cancelled or stopped</option>
              </select>
            </div>
            {FACETS.filter(([facet]) => facet !== 'status' && (data.data?.[facet]?.length ?? 0) > 0).map(([facet, label]) => (
              <div className="field half" key={facet}>
                <label htmlFor={`filter-${facet}`}>{label}</label>
                <select id={`filter-${facet}`} className="input" value={value(facet)} onChange={(event) => set({ [facet]: event.target.value })}>
                  <option value="">any</option>
                  {(data.data?.[facet] ?? []).map(([id, name]) => <option key={id} value={id}>{name}</option>)}
                </select>
              </div>
            ))}
            {BOUNDS.map(([name, label]) => (
              <TextField key={name} wide="half" label={label} type="number" min={0} step="any" defaultValue={query.get(name) ?? ''} onText={() => undefined} onBlur={(event) => set({ [name]: event.target.value })} onKeyDown={(event) => event.key === 'Enter' && set({ [name]: event.currentTarget.value })} />
            ))}
          </div>
        </div>
      )}
    </Popover>
  );
}

interface View {
  name: string;
  query: string;
}

function Views({ query }: { query: URLSearchParams }) {
  const { go } = useRouter();
  const [views, setViews] = useStored<View[]>('views', []);
  const [name, setName] = useState('');
  return (
    <Popover button={(shown, toggle) => <Button icon="star" aria-expanded={shown} onClick={toggle}>Views</Button>}>
      {(close) => (
        <div className="stack tight">
          {views.length === 0 && <p className="muted small">A view keeps the filters under a name, in this browser. The address of the page holds them too, so it can be sent to others.</p>}
          {views.map((view) => (
            <div className="row" key={view.name}>
              <a className="grow clip" href={hrefOf(`/logs?${view.query}`)} onClick={(event) => {
                event.preventDefault();
                go(`/logs?${view.query}`);
                close();
              }}>{view.name}</a>
              <Button kind="quiet" small icon="trash" aria-label={`Remove ${view.name}`} onClick={() => setViews(views.filter((each) => each !== view))} />
            </div>
          ))}
          <form className="row" onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === '') return;
            setViews([...views.filter((view) => view.name !== name.trim()), { name: name.trim(), query: query.toString() }]);
            setName('');
          }}>
            <input className="input" aria-label="Name of the view" placeholder="Name of this view" value={name} onChange={(event) => setName(event.target.value)} />
            <Button type="submit" icon="check">Save</Button>
          </form>
        </div>
      )}
    </Popover>
  );
}

