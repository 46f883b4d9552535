import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { models } from '../api/control';
import { noticed } from '../api/connect';
import { FAULTS, progress, stepsOf } from '../lib/connect';
import { relative, time } from '../lib/format';
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
  const suggested = model !== '' ? model : ((chosen === 'cursor' ? fitting.find((each) => !each.collidesInCursor) : fitting[0])?.id ?? fitting[0]?.id ?? 'provider/model');
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

/** What has been seen of the client since the page was opened, and what is wrong in between. */
function Watch({ client, local }: { client: Client; local: boolean }) {
  const [since, setSince] = useState<string | null>(null);
  const [began, setBegan] = useState(() => Date.now());
  const seen = useQuery({ queryKey: ['connect', since], queryFn: () => noticed(since), refetchInterval: 1_000, placeholderData: (before) => before });
  const first = useQuery({ queryKey: ['connect-before'], queryFn: () => noticed(null), staleTime: Infinity, gcTime: 0 });
  const start = first.data?.now;
  useEffect(() => {
    if (since === null && start !== undefined) setSince(start);
  }, [since, start]);
  const now = Date.now();
  const mine = since === null ? undefined : seen.data?.clients.find((each) => each.client === client);
  const before = first.data?.clients.find((each) => each.client === client)?.success ?? null;
  const waited = now - began;
  const nothing = mine !== undefined && mine.preflight === null && mine.request === null && mine.fault === null;
  const name = CLIENTS.find(([id]) => id === client)?.[1] ?? '';
  const fault = mine?.fault ?? null;
  return (
    <Card title="Watch it arrive" actions={<Button small icon="refresh" onClick={() => {
      setSince(seen.data?.now ?? null);
      setBegan(Date.now());
    }}>Start anew</Button>}>
      <div className="stack">
        <ErrorNote error={seen.error} />
        <p className="muted">{progress(name, mine, waited)}</p>
        <ol className="plain watch" aria-live="polite">
          {stepsOf(client, mine).map(({ what, done }) => (
            <li key={what}>
              <span style={{ color: done === null ? 'var(--faint)' : 'var(--good)' }}><Icon name={done === null ? 'clock' : 'check'} /></span>
              <span>
                {what}<span className="hidden-text">{done === null ? ': not yet' : ': done'}</span>
                {done !== null && (done.id === '' ? <span className="faint small"> · {time(done.at)}</span> : <> · <Link to={`/logs/${done.id}`}>{time(done.at)}{done.model !== '' && `, ${done.model}`}</Link></>)}
              </span>
            </li>
          ))}
        </ol>
        {fault !== null && (
          <Note tone="bad">
            <strong>{FAULTS[fault.code] ?? 'It did not work'}</strong> ({relative(fault.at)}). {fault.message} {fault.id !== '' && <Link to={`/logs/${fault.id}`}>Show it</Link>}
          </Note>
        )}
        {nothing && waited > WAIT && (
          <Note tone="warn">
            {client === 'cursor'
              ? local
                ? 'Nothing came within a minute. The address is not public: Cursor calls from its servers, which cannot reach this machine.'
                : 'Nothing came within a minute. Is the address public, with a certificate that others trust, and is “Override OpenAI Base URL” switched on?'
              : 'Nothing came within a minute. Does the client run in the shell where the variables are set?'}
          </Note>
        )}
        {before !== null && nothing && <p className="faint small">{name} was last answered {relative(before.at)}.</p>}
      </div>
    </Card>
  );
}
