import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ApiError } from '../../api/client';
import { models } from '../../api/control';
import { body, log, replay } from '../../api/logs';
import type { Attempt, LogDetail } from '../../api/types';
import { type Conversation, curl, plain, replyOf, requestOf } from '../../lib/conversation';
import { diffLines } from '../../lib/diff';
import { bytes, compact, count, duration, fullTime, usd } from '../../lib/format';
import { Link } from '../../router';
import { CodeBox } from '../../ui/CodeBox';
import { Button, Card, CopyButton, Dialog, Empty, ErrorNote, FormError, Note, Skeleton, Tabs, Tag } from '../../ui/kit';
import { OwnKey } from '../../ui/OwnKey';
import { Tools, Turns } from '../../ui/Turns';
import { statusTone } from '../Logs';

type Tab = 'conversation' | 'attempts' | 'request' | 'reply' | 'replay';

export function Detail({ id, onClose, onStep, onSession }: { id: string; onClose: () => void; onStep: (by: number) => void; onSession: (session: string) => void }) {
  const [tab, setTab] = useState<Tab>('conversation');
  const entry = useQuery({ queryKey: ['log', id], queryFn: ({ signal }) => log(id, signal), refetchInterval: (q) => (q.state.data?.status === 'processing' ? 1_000 : false) });
  const request = useQuery({ queryKey: ['body', id, 'request'], queryFn: ({ signal }) => body(id, 'request', signal), enabled: entry.data?.requestStored === true, retry: false, staleTime: Infinity });
  const reply = useQuery({ queryKey: ['body', id, 'response'], queryFn: ({ signal }) => body(id, 'response', signal), enabled: entry.data?.replyStored === true, retry: false, staleTime: Infinity });
  const asked = useMemo(() => requestOf(request.data?.text ?? null), [request.data]);
  const answered = useMemo(() => replyOf(reply.data?.text ?? null), [reply.data]);
  const row = entry.data;
  return (
    <Dialog shape="sheet" title={row === undefined ? 'Request' : `${row.model !== '' ? row.model : row.requestedModel}`} sub={row === undefined ? id : <Sub row={row} />} onClose={onClose} actions={
      <>
        <Button kind="quiet" icon="up" aria-label="Newer request" onClick={() => onStep(-1)} />
        <Button kind="quiet" icon="down" aria-label="Older request" onClick={() => onStep(1)} />
      </>
    }>
      <div className="dbody stack">
        <ErrorNote error={entry.error} retry={() => void entry.refetch()} />
        {row === undefined ? entry.error === null && <Skeleton lines={8} height={20} /> : (
          <>
            <Facts row={row} onSession={onSession} />
            <TimingBar row={row} />
            {row.failure !== '' && <Note tone={row.status === 'cancelled' ? 'warn' : 'bad'}><strong>{row.failure}</strong>{row.failureMessage !== '' && <>: {row.failureMessage}</>}</Note>}
            {row.dropped.length > 0 && <Note tone="warn">Left out on the way to the provider: {row.dropped.join(', ')}</Note>}
            {row.notes.map((note, i) => <Note key={`n${i}`}>{note}</Note>)}
            {row.warnings.map((warning, i) => <Note key={i} tone="warn">{warning}</Note>)}
            <div className="row wrapping">
              {request.data !== undefined && <CopyButton label="Copy as curl" text={curl(new URL('.', document.baseURI).toString(), pathOf(row), request.data.text, row.requestDialect.startsWith('anthropic'))} />}
              <CopyButton label="Copy id" text={row.id} />
              {row.session !== '' && <Button small icon="tree" onClick={() => onSession(row.session)}>Whole session</Button>}
            </div>
            <div>
              <Tabs<Tab> label="Views of the request" value={tab} onChange={setTab} options={[['conversation', 'Conversation'], ['attempts', row.trail.length > 1 ? `Attempts (${row.trail.length})` : 'Attempts'], ['request', 'Request'], ['reply', 'Answer'], ['replay', 'Replay']]} />
              {tab === 'conversation' && <Talk row={row} asked={asked} answered={answered} request={request} reply={reply} />}
              {tab === 'attempts' && <Attempts trail={row.trail} total={row.latency} />}
              {tab === 'request' && <Raw query={request} stored={row.requestStored} what="request" />}
              {tab === 'reply' && <Raw query={reply} stored={row.replyStored} what="answer" />}
              {tab === 'replay' && <Replay row={row} sent={request.data?.text ?? null} first={reply.data?.text ?? null} />}
            </div>
          </>
        )}
      </div>
    </Dialog>
  );
}

export function pathOf(row: LogDetail): string {
  switch (row.requestDialect) {
    case 'anthropic-messages':
      return '/v1/messages';
    case 'openai-responses':
      return '/v1/responses';
    case 'openai-embeddings':
      return '/v1/embeddings';
    case 'openai-completions':
      return '/v1/completions';
    default:
      return '/v1/chat/completions';
  }
}

function Sub({ row }: { row: LogDetail }) {
  return (
    <span className="row wrapping" style={{ gap: 6 }}>
      <Tag tone={statusTone(row)}>{row.code > 0 && `${row.code} `}{row.outcome}</Tag>
      <span>{row.provider}</span> · <span>{fullTime(row.time)}</span>
    </span>
  );
}

function Facts({ row, onSession }: { row: LogDetail; onSession: (session: string) => void }) {
  const facts: [string, React.ReactNode][] = [
    ['Cost', row.cost === null ? 'unknown: the price of something used is not known' : usd(row.cost)],
    ['Tokens', <>{count(row.inputTokens)} in · {count(row.cacheRead)} from cache · {count(row.cacheWrite)} to cache · {count(row.outputTokens)} out{row.reasoning > 0 && ` (${count(row.reasoning)} thinking)`}</>],
    ['Asked for', row.requestedModel],
    ['Client', `${row.client}${row.feature === '' ? '' : ` · ${row.feature}`}${row.clientAddress === '' ? '' : ` · ${row.clientAddress}`}`],
    ['Put down to', [row.key, row.user, row.team, row.customer].filter(Boolean).join(' · ')],
    ['Session', row.session === '' ? '' : <button className="btn quiet small" style={{ marginLeft: -8 }} onClick={() => onSession(row.session)}>{row.session}</button>],
    ['Rule', row.rule === '' ? '' : row.rule],
    ['Code', [row.repository, row.branch].filter(Boolean).join(' @ ')],
    ['Ended with', row.finishReason],
    ['Bytes', `${bytes(row.requestBytes)} in (${row.requestLane}), ${bytes(row.replyBytes)} out (${row.replyLane})`],
    ['Tags', Object.entries(row.tags).map(([name, value]) => `${name}=${value}`).join(', ')],
  ];
  return (
    <dl className="kv">
      {facts.filter(([, value]) => value !== '').map(([name, value]) => [<dt key={`${name}-k`}>{name}</dt>, <dd key={`${name}-v`}>{value}</dd>])}
    </dl>
  );
}

/** Where the time went: the gateway, a queue, the provider before and after its first byte. */
function TimingBar({ row }: { row: LogDetail }) {
  const total = Math.max(row.latency, 0.001);
  const first = row.firstByte ?? total;
  const own = Math.min(row.overhead ?? 0, first);
  const queued = Math.min(row.queued ?? 0, first - own);
  const wait = Math.max(0, first - own - queued);
  const rest = Math.max(0, total - first);
  const parts = [['c1', 'Gateway', own], ['c2', 'Queue', queued], ['c3', 'Until the first byte', wait], ['c4', 'Answering', rest]] as const;
  return (
    <div className="stack tight">
      <div className="timing" role="img" aria-label={parts.map(([, name, ms]) => `${name} ${duration(ms)}`).join(', ')}>
        {parts.map(([tone, name, ms]) => ms > 0 && <i key={name} className={tone} style={{ width: `${(ms / total) * 100}%` }} title={`${name}: ${duration(ms)}`} />)}
      </div>
      <div className="legend">
        {parts.map(([tone, name, ms]) => ms > 0 && <span key={name}><i className={tone} />{name} {duration(ms)}</span>)}
        <span>Total {duration(row.latency)}</span>
      </div>
    </div>
  );
}

type BodyQuery = ReturnType<typeof useQuery<{ text: string; bytes: number; image: boolean }>>;

function bodyGone(error: unknown, what: string): string {
  if (error instanceof ApiError && error.status === 404) return `The ${what} was not kept: content logging is off for it, or its retention is over.`;
  if (error instanceof ApiError && error.status === 403) return error.message;
  return error instanceof Error ? error.message : String(error);
}

function Talk({ row, asked, answered, request, reply }: { row: LogDetail; asked: Conversation; answered: ReturnType<typeof replyOf>; request: BodyQuery; reply: BodyQuery }) {
  if (row.requestStored && request.isPending) return <Skeleton lines={6} height={20} />;
  return (
    <div className="stack">
      {!row.requestStored && <Note>The request was not kept: content logging is off for it, or its retention is over.</Note>}
      {!row.replyStored && <Note>The answer was not kept.</Note>}
      {request.error !== null && <Note>{bodyGone(request.error, 'request')}</Note>}
      {Object.keys(asked.settings).length > 0 && (
        <details className="fold"><summary>Parameters</summary><CodeBox text={JSON.stringify(asked.settings, null, 2)} /></details>
      )}
      <Tools tools={asked.tools} />
      <Turns turns={asked.turns} />
      {request.data !== undefined && !asked.understood && request.data.text !== '' && <CodeBox text={request.data.text} title="The request, as text" wrapping />}
      {reply.error !== null && <Note>{bodyGone(reply.error, 'answer')}</Note>}
      {reply.data !== undefined && (answered.understood ? <Turns turns={answered.turns} /> : reply.data.text !== '' && <CodeBox text={reply.data.text} title="The answer, as text" wrapping />)}
    </div>
  );
}

function Raw({ query, what, stored }: { query: BodyQuery; what: string; stored: boolean }) {
  if (!stored) return <Empty title="Not kept">Content logging is off for it, or its retention is over.</Empty>;
  if (query.error !== null) return <Note>{bodyGone(query.error, what)}</Note>;
  if (query.data === undefined) return <Skeleton lines={8} />;
  if (query.data.bytes === 0) return <Empty title="Empty" />;
  return (
    <div className="stack tight">
      <p className="faint small">{bytes(query.data.bytes)}, byte for byte as it was; what is not UTF-8 shows as �.</p>
      <CodeBox text={query.data.text} wrapping />
    </div>
  );
}

function Attempts({ trail, total }: { trail: Attempt[]; total: number }) {
  if (trail.length === 0) return <Empty title="No provider was called">The request ended before.</Empty>;
  return (
    <ol className="plain stack">
      {trail.map((attempt, i) => (
        <li key={i} className="card">
          <div className="body stack tight">
            <div className="row spread wrapping">
              <span><strong>{i + 1}.</strong> {attempt.provider} · {attempt.model} {attempt.key !== '' && <span className="faint">key {attempt.key}</span>}</span>
              {attempt.failure === '' ? <Tag tone="good">{attempt.status > 0 ? attempt.status : 'ok'} delivered</Tag> : <Tag tone="bad">{attempt.status > 0 && `${attempt.status} `}{attempt.failure}</Tag>}
            </div>
            <div className="timing" role="img" aria-label={`from ${duration(attempt.startedMs)} for ${duration(attempt.totalMs)}`}>
              <i style={{ width: `${(attempt.startedMs / Math.max(total, 0.001)) * 100}%` }} />
              <i className={attempt.failure === '' ? 'c4' : 'c2'} style={{ width: `${Math.min(100, (attempt.totalMs / Math.max(total, 0.001)) * 100)}%` }} />
            </div>
            <div className="small muted">begun after {duration(attempt.startedMs)}, {attempt.queuedMs > 0.5 && `waited ${duration(attempt.queuedMs)} for a place, `}first byte after {duration(attempt.firstByteMs)}, {duration(attempt.totalMs)} in all</div>
            {attempt.detail !== '' && <CodeBox text={attempt.detail} wrapping />}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** The same request to another model, and both answers side by side. */
function Replay({ row, sent, first }: { row: LogDetail; sent: string | null; first: string | null }) {
  const served = useQuery({ queryKey: ['models'], queryFn: models, staleTime: 60_000 });
  const [model, setModel] = useState('');
  const again = useMutation({
    mutationFn: async () => {
      const began = performance.now();
      const made = await replay(row.id, model);
      return { ...made, took: performance.now() - began };
    },
  });
  if (sent === null) return <Empty title="Cannot be sent again">The request’s body was not kept, or you may not read it.</Empty>;
  const before = replyOf(first).turns;
  const after = replyOf(again.data?.body ?? null);
  const now = again.data?.row;
  const rows: [string, string, string][] = again.data === undefined ? [] : [
    ['Model', `${row.provider}/${row.model}`, now === null || now === undefined ? model : `${now.provider}/${now.model}`],
    ['Latency', duration(row.latency), duration(now?.latency ?? again.data.took)],
    ['First byte', duration(row.firstByte), duration(now?.firstByte)],
    ['Tokens', `${compact(row.inputTokens + row.cacheRead + row.cacheWrite)} → ${compact(row.outputTokens)}`, now === null || now === undefined ? '…' : `${compact(now.inputTokens + now.cacheRead + now.cacheWrite)} → ${compact(now.outputTokens)}`],
    ['Cost', usd(row.cost), now === null || now === undefined ? '…' : usd(now.cost)],
  ];
  return (
    <div className="stack">
      <p className="muted">Sends the same request to another model, as any client would: it is charged and logged.</p>
      <form className="row wrapping" onSubmit={(event) => {
        event.preventDefault();
        if (model !== '') again.mutate();
      }}>
        <input className="input grow" style={{ maxWidth: 380 }} list="replay-models" aria-label="Model" placeholder="provider/model" value={model} onChange={(event) => setModel(event.target.value)} />
        <datalist id="replay-models">{(served.data ?? []).map((each) => <option key={each.id} value={each.id} />)}</datalist>
        <Button kind="primary" type="submit" icon="play" disabled={model === '' || again.isPending}>{again.isPending ? 'Waiting for the answer…' : 'Replay'}</Button>
      </form>
      <OwnKey error={again.error} />
      <FormError error={again.error} />
      {again.data !== undefined && (
        <>
          {again.data.code >= 400 && <Note tone="bad">The gateway answered {again.data.code}{now !== null && now !== undefined && now.failureMessage !== '' && <>: {now.failureMessage}</>}</Note>}
          <Card flush>
            <div className="scroll">
              <table className="list">
                <thead><tr><th scope="col"><span className="hidden-text">Measure</span></th><th scope="col">Then</th><th scope="col">Now {again.data.id !== '' && <Link to={`/logs/${again.data.id}`}>open</Link>}</th></tr></thead>
                <tbody>{rows.map(([name, then, next]) => <tr key={name}><th scope="row">{name}</th><td>{then}</td><td>{next}</td></tr>)}</tbody>
              </table>
            </div>
          </Card>
          <h3>Text</h3>
          <Diff left={plain(before, 'text')} right={after.understood ? plain(after.turns, 'text') : again.data.body} />
          {(plain(before, 'call') !== '' || plain(after.turns, 'call') !== '') && (
            <>
              <h3>Tool calls</h3>
              <Diff left={plain(before, 'call')} right={plain(after.turns, 'call')} />
            </>
          )}
        </>
      )}
    </div>
  );
}

function Diff({ left, right }: { left: string; right: string }) {
  const rows = useMemo(() => diffLines(left, right), [left, right]);
  const [limit, setLimit] = useState(400);
  if (left === right) return <Note tone="good">{left === '' ? 'Neither has any.' : 'The same.'}</Note>;
  return (
    <>
      <div className="diff">
        {rows.slice(0, limit).flatMap((row, i) => [
          <div key={`l${i}`} className={row.left === null ? 'none' : row.left === row.right ? '' : 'del'}>{row.left ?? ''}</div>,
          <div key={`r${i}`} className={row.right === null ? 'none' : row.left === row.right ? '' : 'add'}>{row.right ?? ''}</div>,
        ])}
      </div>
      {rows.length > limit && <Button onClick={() => setLimit(limit * 5)}>Show more of {count(rows.length)} lines</Button>}
    </>
  );
}
