import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { models } from '../api/control';
import { logs } from '../api/logs';
import type { LogRow } from '../api/types';
import { duration, relative, time } from '../lib/format';
import { type Client, CLIENTS, isLocal, ownAddress } from '../lib/setup';
import { Link, useQueryState } from '../router';
import { Icon } from '../ui/icons';
import { Button, Card, ErrorNote, Note, PageHead, TextField, useStored } from '../ui/kit';
import { SetUpSteps } from '../ui/SetUpSteps';

const WAIT = 60_000;

export default function Connect() {
  const [query, set] = useQueryState();
  const chosen = (CLIENTS.find(([key]) => key === query.get('client'))?.[0] ?? 'cursor') as Client;
  const [address, setAddress] = useStored('address', ownAddress());
  const [key, setKey] = useState('');
  const [model, setModel] = useState('');
  const served = useQuery({ queryKey: ['models'], queryFn: models, staleTime: 60_000 });
  const able = (served.data ?? []).filter((each) => each.tools === true);
  const fitting = able.length > 0 ? able : (served.data ?? []);
  const suggested = model !== '' ? model : ((chosen === 'cursor' ? fitting.find((each) => !each.collidesInCursor) : fitting[0])?.id ?? fitting[0]?.cursorName ?? 'provider/model');
  const local = isLocal(address);
  return (
    <>
      <PageHead title="Connect">Point a client at this gateway, and watch its first request arrive.</PageHead>
      <div className="stack">
        <div className="clients" role="group" aria-label="Client">
          {CLIENTS.map(([id, name, about]) => (
            <button key={id} className="card pcard" aria-pressed={id === chosen} onClick={() => set({ client: id })} style={id === chosen ? { borderColor: 'var(--accent)', background: 'var(--accent-soft)' } : undefined}>
              <strong>{name}</strong>
              <span className="muted small">{about}</span>
            </button>
          ))}
        </div>
        <div className="cols side-by-side">
          <Card title="Set it up">
            <div className="stack">
              <div className="form">
                <TextField label="Address of the gateway" value={address} onText={setAddress} inputMode="url" hint="As the client reaches it." />
                <TextField wide="half" label="Virtual key" placeholder="sk-fl-…" value={key} onText={setKey} hint={<Link to="/governance/keys">Create one</Link>} />
                <div className="field half">
                  <label htmlFor="connect-model">Model</label>
                  <input id="connect-model" className="input" list="connect-models" placeholder={suggested} value={model} onChange={(event) => setModel(event.target.value)} />
                  <datalist id="connect-models">{(served.data ?? []).map((each) => <option key={each.id} value={each.id} />)}</datalist>
                </div>
              </div>
              {chosen === 'cursor' && local && <Note tone="warn">Cursor’s servers cannot reach <code>{address}</code>. Give the gateway a public address (a tunnel or a reverse proxy with https), and put it above.</Note>}
              {served.data?.length === 0 && <Note tone="warn">No model is served yet. <Link to="/providers">Add a provider</Link> first.</Note>}
              <SetUpSteps client={chosen} address={address} keyValue={key === '' ? 'sk-fl-…' : key} model={suggested} />
            </div>
          </Card>
          <Watch key={chosen} client={chosen} local={local} />
        </div>
      </div>
    </>
  );
}

const OF: Record<Client, string> = { cursor: 'cursor', 'claude-code': 'claude-code', codex: 'codex', sdk: '' };

/** What has been seen of the client since the page was opened, and what is wrong in between. */
function Watch({ client, local }: { client: Client; local: boolean }) {
  const [since, setSince] = useState(() => Date.now());
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seen = useQuery({
    queryKey: ['connect', client, since],
    queryFn: () => logs({ start_time: new Date(since).toISOString(), ...(OF[client] === '' ? {} : { clients: OF[client] }) }, null),
    refetchInterval: 1_500,
  });
  const rows = [...(seen.data?.logs ?? [])].reverse();
  const asked = rows.filter((row) => row.operation !== 'list_models');
  const listed = rows.some((row) => row.operation === 'list_models');
  const first = asked[0];
  const good = asked.find((row) => row.status === 'success');
  const tool = asked.find((row) => /tool/.test(row.outcome) || row.summary.startsWith('tool:'));
  const bad = [...asked].reverse().find((row) => row.status === 'error');
  const waited = now - since;
  const name = CLIENTS.find(([id]) => id === client)?.[1] ?? '';
  const wanted: [string, LogRow | true | undefined][] = [
    ...(listed || client === 'sdk' ? ([['The list of models was asked for', listed ? (true as const) : undefined]] as [string, LogRow | true | undefined][]) : []),
    [client === 'cursor' ? 'First request from Cursor’s servers' : 'First request', first],
    ['First whole answer', good],
    ...(tool === undefined ? [] : ([['Turn with a tool done', tool]] as [string, LogRow | true | undefined][])),
  ];
  return (
    <Card title="Watch it arrive" actions={<Button small icon="refresh" onClick={() => setSince(Date.now())}>Start anew</Button>}>
      <div className="stack">
        <ErrorNote error={seen.error} />
        <p className="muted" role="status">{good !== undefined ? `${name} works.` : first !== undefined ? 'Requests arrive.' : `Waiting for ${name}, ${Math.floor(waited / 1000)} s. Ask it something.`}</p>
        <ol className="plain watch">
          {wanted.map(([what, row]) => (
            <li key={what}>
              <span style={{ color: row === undefined ? 'var(--faint)' : 'var(--good)' }}><Icon name={row === undefined ? 'clock' : 'check'} /></span>
              <span>
                {what}
                {row !== undefined && row !== true && <> · <Link to={`/logs/${row.id}`}>{time(row.time)}, {row.model !== '' ? row.model : row.requestedModel}</Link></>}
              </span>
            </li>
          ))}
        </ol>
        {bad !== undefined && (good === undefined || bad.time > good.time) && (
          <Note tone="bad">
            The last request failed ({relative(bad.time)}): {bad.failureMessage !== '' ? bad.failureMessage : bad.failure}. <Link to={`/logs/${bad.id}`}>Show it</Link>
          </Note>
        )}
        {first === undefined && waited > WAIT && (
          <Note tone="warn">
            {client === 'cursor'
              ? local
                ? 'Nothing came within a minute. The address is not public: Cursor calls from its servers, which cannot reach this machine.'
                : 'Nothing came within a minute. Is the address public, with a certificate that others trust, and is “Override OpenAI Base URL” switched on?'
              : 'Nothing came within a minute. Does the client run in the shell where the variables are set?'}
          </Note>
        )}
        {asked.length > 0 && (
          <div className="ranks">
            {[...asked].reverse().slice(0, 6).map((row) => (
              <Link key={row.id} className="rank" to={`/logs/${row.id}`}>
                <span className="clip"><i className={`dot ${row.status === 'success' ? 'good' : row.status === 'error' ? 'bad' : 'warn'}`} /> {row.model !== '' ? row.model : row.requestedModel} <span className="faint small">{row.feature}</span></span>
                <span className="faint small">{time(row.time)}</span>
                <span className="num">{duration(row.latency)}</span>
              </Link>
            ))}
          </div>
        )}
      </div>
    </Card>
  );
}
