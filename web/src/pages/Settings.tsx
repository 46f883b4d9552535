import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useSession } from '../App';
import { api } from '../api/client';
import { changeConfig, changePassword, config, version } from '../api/control';
import { type Json, list, object, text } from '../api/read';
import { Link, useRouter } from '../router';
import { Button, Card, CopyButton, ErrorNote, FaultsOf, Field, FormError, Note, PageHead, Skeleton, Tag, TextField, useToast } from '../ui/kit';
import { ThemeSwitch } from '../ui/theme';

interface Setting {
  name: string;
  label: string;
  hint: string;
  kind: 'flag' | 'number' | 'list';
  /** What holds while it is not set. */
  usual: boolean | string;
}

const AREAS: Record<string, { title: string; settings: Setting[] }> = {
  client: {
    title: 'Requests',
    settings: [
      { name: 'max_request_body_size_mb', label: 'Largest request (MB)', hint: 'A larger body is refused.', kind: 'number', usual: '100' },
      { name: 'allowed_origins', label: 'Web pages that may call', hint: 'Origins, one a line. Pages of this machine always may.', kind: 'list', usual: 'none' },
      { name: 'allowed_headers', label: 'Headers that web pages may send', hint: 'One a line, beside the usual ones.', kind: 'list', usual: 'none' },
      { name: 'required_headers', label: 'Required headers', hint: 'Requests without them are refused; one a line.', kind: 'list', usual: 'none' },
    ],
  },
  logging: {
    title: 'Logging and retention',
    settings: [
      { name: 'enable_logging', label: 'Keep a request log', hint: '', kind: 'flag', usual: true },
      { name: 'disable_content_logging', label: 'Without prompts and answers', hint: 'Rows are kept, what was said is not.', kind: 'flag', usual: false },
      { name: 'allow_per_request_content_storage_override', label: 'Requests may say themselves whether they are kept', hint: '', kind: 'flag', usual: false },
      { name: 'log_retention_days', label: 'Keep rows (days)', hint: 'Prompts and answers go earlier; config.json says when, under fairlead.', kind: 'number', usual: '30' },
      { name: 'logging_headers', label: 'Request headers in the log', hint: 'One a line.', kind: 'list', usual: 'none' },
    ],
  },
  security: {
    title: 'Security',
    settings: [
      { name: 'allow_anonymous', label: 'Anybody may ask without a key', hint: 'Otherwise only programs of this machine may.', kind: 'flag', usual: false },
      { name: 'allow_direct_keys', label: 'Providers’ keys are accepted', hint: 'A client’s own key goes only to the provider it belongs to.', kind: 'flag', usual: false },
    ],
  },
};

const TABS = [['client', 'Requests'], ['logging', 'Logging'], ['security', 'Security'], ['account', 'Account'], ['appearance', 'Appearance'], ['about', 'About']] as const;

export default function Settings() {
  const { path } = useRouter();
  const tab = TABS.find(([key]) => key === path.split('/')[2])?.[0] ?? 'client';
  const area = AREAS[tab];
  return (
    <>
      <PageHead title="Settings" />
      <nav className="tabs" aria-label="Settings">
        {TABS.map(([key, title]) => <Link key={key} to={`/settings/${key}`} aria-current={key === tab ? 'page' : undefined}>{title}</Link>)}
      </nav>
      {area !== undefined && <Client key={tab} title={area.title} settings={area.settings} />}
      {tab === 'account' && <Password />}
      {tab === 'appearance' && <Card title="Appearance"><div className="stack"><p className="muted">Light, dark, or as the system is set. It is kept in this browser.</p><ThemeSwitch /></div></Card>}
      {tab === 'about' && <About />}
    </>
  );
}

function shown(value: unknown): string {
  return Array.isArray(value) ? value.join('\n') : value === null || value === undefined ? '' : String(value);
}

function Client({ title, settings }: { title: string; settings: Setting[] }) {
  const queries = useQueryClient();
  const toast = useToast();
  const may = useMay('config.write');
  const found = useQuery({ queryKey: ['config'], queryFn: config });
  const [changes, setChanges] = useState<Record<string, string | boolean>>({});
  const client = object(found.data?.['client_config']);
  const locked = new Set(list(found.data?.['read_only_fields']).filter((each): each is string => typeof each === 'string'));
  const readOnly = !may || found.data?.['read_only'] === true || client['read_only'] === true;
  const save = useMutation({
    mutationFn: () => {
      const body: Json = {};
      for (const setting of settings) {
        const value = changes[setting.name];
        if (value === undefined) continue;
        body[setting.name] = setting.kind === 'flag' ? value : setting.kind === 'number' ? (value === '' ? null : Number(value)) : setting.kind === 'list' ? String(value).split('\n').map((each) => each.trim()).filter(Boolean) : value;
      }
      return changeConfig(body);
    },
    onSuccess: async () => {
      setChanges({});
      toast('Saved, and in force.');
      await queries.invalidateQueries();
    },
  });
  if (found.isPending) return <Card title={title}><Skeleton lines={5} height={28} /></Card>;
  return (
    <Card title={title}>
      <form className="stack" style={{ maxWidth: 640 }} onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}>
        <ErrorNote error={found.error} retry={() => void found.refetch()} />
        {readOnly && <Note>{may ? 'These settings stand in config.json and are changed there.' : 'Your role may look at these settings and not change them.'}</Note>}
        <FaultsOf error={save.error}>
          <FormError error={save.error} />
          {settings.map((setting) => {
            const value = changes[setting.name] ?? (setting.kind === 'flag' ? (client[setting.name] ?? setting.usual) === true : shown(client[setting.name]));
            const disabled = readOnly || locked.has(setting.name);
            const set = (next: string | boolean) => setChanges({ ...changes, [setting.name]: next });
            if (setting.kind === 'flag') {
              return (
                <label className="check" key={setting.name}>
                  <input type="checkbox" disabled={disabled} checked={value === true} onChange={(event) => set(event.target.checked)} />
                  <span>{setting.label}{setting.hint !== '' && <span className="faint small" style={{ display: 'block' }}>{setting.hint}</span>}</span>
                </label>
              );
            }
            return (
              <Field key={setting.name} label={setting.label} path={setting.name} hint={setting.hint === '' ? undefined : setting.hint}>
                {(props) => setting.kind === 'list'
                  ? <textarea {...props} className="input mono" rows={3} placeholder={String(setting.usual)} disabled={disabled} value={String(value)} onChange={(event) => set(event.target.value)} />
                  : <input {...props} className="input" type="number" placeholder={String(setting.usual)} disabled={disabled} value={String(value)} onChange={(event) => set(event.target.value)} />}
              </Field>
            );
          })}
        </FaultsOf>
        {!readOnly && <div><Button kind="primary" type="submit" disabled={save.isPending || Object.keys(changes).length === 0}>Save</Button></div>}
      </form>
    </Card>
  );
}

function Password() {
  const session = useSession();
  const toast = useToast();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const save = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      toast('The password is changed; your other sessions have ended.');
    },
  });
  return (
    <Card title="Account">
      <form className="stack" style={{ maxWidth: 440 }} onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}>
        {session?.user !== null && session?.user !== undefined && <p className="muted">Signed in as <strong>{session.user.username}</strong>, {session.user.role.replace('_', ' ')}.</p>}
        <FaultsOf error={save.error}>
          <FormError error={save.error} />
          <TextField label="Current password" path="current_password" type="password" autoComplete="current-password" value={current} onText={setCurrent} />
          <TextField label="New password" path="new_password" type="password" autoComplete="new-password" value={next} onText={setNext} />
        </FaultsOf>
        <div><Button kind="primary" type="submit" disabled={save.isPending || current === '' || next === ''}>Change the password</Button></div>
      </form>
    </Card>
  );
}

function About() {
  const told = useQuery({ queryKey: ['version'], queryFn: version });
  const health = useQuery({ queryKey: ['health'], queryFn: async () => object(await api<unknown>('health')), refetchInterval: 5_000, retry: false });
  const state = text(health.data ?? {}, 'status');
  const rows = Object.entries(told.data ?? {}).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return (
    <div className="stack">
      <Card title="Version" actions={rows.length > 0 && <CopyButton label="Copy" text={JSON.stringify(told.data, null, 2)} />}>
        <ErrorNote error={told.error} />
        {told.isPending ? <Skeleton /> : <dl className="kv">{rows.map(([name, value]) => [<dt key={`${name}k`}>{name.replaceAll('_', ' ')}</dt>, <dd key={`${name}v`}>{String(value)}</dd>])}</dl>}
      </Card>
      <Card title="Health" actions={state !== '' && <Tag tone={state === 'ok' || state === 'healthy' || state === 'up' ? 'good' : 'warn'}>{state}</Tag>}>
        <ErrorNote error={health.error} />
        {health.data === undefined ? health.error === null && <Skeleton /> : <Tree value={health.data} />}
      </Card>
      <p className="muted small">Fairlead is free software under the Apache licence 2.0. The dashboard calls nothing but this gateway.</p>
    </div>
  );
}

function Items({ values }: { values: unknown[] }) {
  if (values.every((each) => typeof each !== 'object')) {
    return <>{values.join(', ') || '–'}</>;
  }
  return <>{values.map((each, place) => <Tree key={place} value={object(each)} />)}</>;
}

function Tree({ value }: { value: Json }) {
  return (
    <dl className="kv">
      {Object.entries(value).map(([name, inner]) => [
        <dt key={`${name}k`}>{name.replaceAll('_', ' ')}</dt>,
        <dd key={`${name}v`}>{typeof inner === 'object' && inner !== null ? (Array.isArray(inner) ? <Items values={inner} /> : <Tree value={object(inner)} />) : String(inner)}</dd>,
      ])}
    </dl>
  );
}
