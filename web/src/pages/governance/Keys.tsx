import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../App';
import { changeVirtualKey, createVirtualKey, customers, models, providers, removeVirtualKey, rotateVirtualKey, teams, users, virtualKeys } from '../../api/control';
import type { ProviderGrant, VirtualKey } from '../../api/types';
import { relative } from '../../lib/format';
import { type Client, CLIENTS, ownAddress } from '../../lib/setup';
import { Link, useQueryState } from '../../router';
import { Button, Card, Check, Confirm, CopyButton, Dialog, Empty, ErrorNote, FormDialog, messageOf, Note, SelectField, Skeleton, Tabs, Tag, TextField, useToast } from '../../ui/kit';
import { OriginTag, readOnly } from '../../ui/owned';
import { SetUpSteps } from '../../ui/SetUpSteps';
import { draftOf, LimitFields, limitsOf, Usage } from './limits';
import { TopUp } from './TopUp';

export function stateOf(key: VirtualKey, now: number = Date.now()): [string, 'good' | 'warn' | 'bad' | ''] {
  if (key.is_active === false) return ['switched off', ''];
  if (typeof key.expires_at === 'string' && key.expires_at !== '') {
    const end = new Date(key.expires_at).getTime();
    if (end <= now) return ['expired', 'bad'];
    return [`expires ${relative(end, now)}`, end - now < 7 * 86_400_000 ? 'warn' : 'good'];
  }
  return ['active', 'good'];
}

export function Keys() {
  const queries = useQueryClient();
  const toast = useToast();
  const may = useMay('keys.write');
  const changes = useMay('config.write');
  const [query, set] = useQueryState();
  const found = useQuery({ queryKey: ['virtual-keys'], queryFn: virtualKeys, refetchInterval: 5_000 });
  const groups = useQuery({ queryKey: ['teams'], queryFn: teams });
  const firms = useQuery({ queryKey: ['customers'], queryFn: customers });
  const people = useQuery({ queryKey: ['users'], queryFn: users, retry: false });
  const [form, setForm] = useState<VirtualKey | 'new' | null>(null);
  const [shown, setShown] = useState<{ name: string; value: string } | null>(null);
  const [more, setMore] = useState<VirtualKey | null>(null);
  const [asked, setAsked] = useState<{ key: VirtualKey; what: 'rotate' | 'remove' } | null>(null);
  const act = useMutation({
    mutationFn: async () => {
      if (asked === null) return;
      if (asked.what === 'remove') {
        await removeVirtualKey(asked.key.id);
        toast(`${asked.key.name} was removed.`);
      } else {
        const made = await rotateVirtualKey(asked.key.id);
        setShown({ name: asked.key.name, value: made.value });
      }
    },
    onSuccess: async () => {
      setAsked(null);
      await queries.invalidateQueries();
    },
  });
  const flip = useMutation({
    mutationFn: (key: VirtualKey) => changeVirtualKey(key.id, { is_active: key.is_active === false }),
    onSuccess: () => queries.invalidateQueries(),
    onError: (failure) => toast(messageOf(failure), true),
  });
  const named = (list: { id: string; name: string }[] | undefined, id: string | null | undefined) => (id === null || id === undefined ? null : (list?.find((each) => each.id === id)?.name ?? id));
  const search = (query.get('q') ?? '').toLowerCase();
  const rows = (found.data ?? []).filter((key) => search === '' || `${key.name} ${key.description ?? ''}`.toLowerCase().includes(search));
  return (
    <div className="stack">
      <div className="row wrapping spread">
        <input className="input" style={{ maxWidth: 300 }} type="search" aria-label="Search keys" placeholder="Search keys" defaultValue={query.get('q') ?? ''} onChange={(event) => set({ q: event.target.value })} />
        {may && <Button kind="primary" icon="plus" onClick={() => setForm('new')}>Create a key</Button>}
      </div>
      <ErrorNote error={found.error} retry={() => void found.refetch()} />
      <Card flush>
        {found.isPending ? <div style={{ padding: 16 }}><Skeleton lines={5} height={28} /></div> : rows.length === 0 ? (
          <Empty title={search === '' ? 'No virtual key yet' : 'No key matches'} action={may && search === '' && <Button kind="primary" icon="plus" onClick={() => setForm('new')}>Create a key</Button>}>
            {search === '' && 'Give every person or program its own: then its spending shows, and can be bounded or ended without touching the others.'}
          </Empty>
        ) : (
          <div className="scroll">
            <table className="list">
              <thead><tr><th scope="col">Key</th><th scope="col">State</th><th scope="col">Belongs to</th><th scope="col">May use</th><th scope="col">Used</th><th scope="col"><span className="hidden-text">Actions</span></th></tr></thead>
              <tbody>
                {rows.map((key) => {
                  const [state, tone] = stateOf(key);
                  const owner = [named(people.data, key.user_id), named(groups.data, key.team_id), named(firms.data, key.customer_id)].filter(Boolean).join(' · ');
                  const locked = readOnly(key);
                  return (
                    <tr key={key.id}>
                      <td><strong>{key.name}</strong> <OriginTag entity={key} />{typeof key['hint'] === 'string' && <div><code className="faint">{key['hint']}</code></div>}{(key.description ?? '') !== '' && <div className="small muted">{key.description}</div>}</td>
                      <td><Tag tone={tone}>{state}</Tag></td>
                      <td className="muted">{owner === '' ? '–' : owner}</td>
                      <td className="small muted">{grantsOf(key)}</td>
                      <td><Usage owner={key} /></td>
                      <td className="act">
                        <span className="row">
                          <Link className="btn small" to={`/logs?virtual_key_ids=${encodeURIComponent(key.id)}&period=7d`}>Requests</Link>
                          {may && !locked && (
                            <>
                              {changes && (key.budgets?.length ?? 0) > 0 && <Button small aria-label={`Top up ${key.name}`} onClick={() => setMore(key)}>Top up</Button>}
                              <Button small onClick={() => flip.mutate(key)}>{key.is_active === false ? 'Switch on' : 'Switch off'}</Button>
                              <Button small icon="refresh" aria-label={`Rotate ${key.name}`} title="Rotate" onClick={() => setAsked({ key, what: 'rotate' })} />
                              <Button small icon="edit" aria-label={`Edit ${key.name}`} title="Edit" onClick={() => setForm(key)} />
                              <Button small kind="danger" icon="trash" aria-label={`Remove ${key.name}`} title="Remove" onClick={() => setAsked({ key, what: 'remove' })} />
                            </>
                          )}
                        </span>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      {form !== null && <KeyForm one={form === 'new' ? null : form} onClose={() => setForm(null)} onMade={setShown} />}
      {more !== null && <TopUp kind="virtual-keys" owner={more} onClose={() => setMore(null)} />}
      {shown !== null && <Made {...shown} onClose={() => setShown(null)} />}
      {asked !== null && (
        <Confirm title={asked.what === 'rotate' ? `Rotate ${asked.key.name}?` : `Remove ${asked.key.name}?`} action={asked.what === 'rotate' ? 'Rotate it' : 'Remove it'} busy={act.isPending} error={act.error} onConfirm={() => act.mutate()} onClose={() => setAsked(null)}>
          {asked.what === 'rotate' ? 'The key gets a new value, shown once. What it has used stays counted.' : 'Whoever uses it is refused from then on. The log keeps what it did.'}
        </Confirm>
      )}
    </div>
  );
}

function grantsOf(key: VirtualKey): string {
  if (key['allow_all_providers'] === true) return 'everything';
  const grants = key.provider_configs ?? [];
  if (grants.length === 0) return 'nothing';
  return grants.map((grant) => `${grant.provider}${grant.allowed_models === undefined || grant.allowed_models.includes('*') ? '' : ` (${grant.allowed_models.length === 0 ? 'no model' : grant.allowed_models.slice(0, 2).join(', ')}${grant.allowed_models.length > 2 ? ' …' : ''})`}`).join(', ');
}

/** The one time that a key is seen, with what to do with it. */
function Made({ name, value, onClose }: { name: string; value: string; onClose: () => void }) {
  const [client, setClient] = useState<Client>('cursor');
  const served = useQuery({ queryKey: ['models'], queryFn: models, staleTime: 60_000 });
  const able = (served.data ?? []).filter((each) => each.tools === true);
  const model = ((client === 'cursor' ? able.find((each) => !each.collidesInCursor) : able[0]) ?? served.data?.[0])?.id ?? 'provider/model';
  return (
    <Dialog title={`The key ${name}`} onClose={onClose} shape="box wide">
      <div className="dbody stack">
        <Note tone="warn">Copy it now: it is stored as a hash only and cannot be shown again.</Note>
        <div className="secret"><code data-testid="new-key">{value}</code><CopyButton text={value} label="Copy" /></div>
        <div>
          <Tabs label="Client" value={client} onChange={setClient} options={CLIENTS.map(([id, title]) => [id, title] as const)} />
          <SetUpSteps client={client} address={ownAddress()} keyValue={value} model={model} />
        </div>
      </div>
      <div className="dfoot"><Link className="btn" to="/connect" onClick={onClose}>Watch the first request</Link><Button kind="primary" onClick={onClose}>Done</Button></div>
    </Dialog>
  );
}

interface GrantDraft {
  kept: ProviderGrant | null;
  provider: string;
  models: string;
  weight: string;
}

function KeyForm({ one, onClose, onMade }: { one: VirtualKey | null; onClose: () => void; onMade: (made: { name: string; value: string }) => void }) {
  const queries = useQueryClient();
  const known = useQuery({ queryKey: ['providers'], queryFn: providers });
  const groups = useQuery({ queryKey: ['teams'], queryFn: teams });
  const firms = useQuery({ queryKey: ['customers'], queryFn: customers });
  const people = useQuery({ queryKey: ['users'], queryFn: users, retry: false });
  const [name, setName] = useState(one?.name ?? '');
  const [description, setDescription] = useState(one?.description ?? '');
  const [expires, setExpires] = useState(typeof one?.expires_at === 'string' ? one.expires_at.slice(0, 16) : '');
  const [user, setUser] = useState(one?.user_id ?? '');
  const [team, setTeam] = useState(one?.team_id ?? '');
  const [customer, setCustomer] = useState(one?.customer_id ?? '');
  const [everything, setEverything] = useState(one === null || one['allow_all_providers'] === true);
  const [quiet, setQuiet] = useState(one?.['disable_content_logging'] === true);
  const [grants, setGrants] = useState<GrantDraft[]>((one?.provider_configs ?? []).map((grant) => ({ kept: grant, provider: grant.provider, models: (grant.allowed_models ?? ['*']).join(', '), weight: grant.weight === null || grant.weight === undefined ? '' : String(grant.weight) })));
  const [limits, setLimits] = useState(draftOf(one));
  const save = useMutation({
    mutationFn: async () => {
      const body = {
        name,
        ...(description !== '' || one !== null ? { description } : {}),
        ...(expires !== '' ? { expires_at: new Date(expires).toISOString() } : one?.expires_at ? { expires_at: null } : {}),
        ...owner('user_id', user, one?.user_id), ...owner('team_id', team, one?.team_id), ...owner('customer_id', customer, one?.customer_id),
        allow_all_providers: everything,
        ...(quiet || one !== null ? { disable_content_logging: quiet } : {}),
        provider_configs: everything ? [] : grants.map((grant) => ({
          ...strip(grant.kept), provider: grant.provider, allowed_models: grant.models.split(',').map((each) => each.trim()).filter(Boolean),
          key_ids: grant.kept?.key_ids ?? ['*'], ...(grant.weight === '' ? {} : { weight: Number(grant.weight) }),
        })),
        ...limitsOf(limits, one !== null && ((one.budgets?.length ?? 0) > 0 || (one.rate_limit ?? null) !== null)),
      };
      if (one !== null) {
        await changeVirtualKey(one.id, body);
        return null;
      }
      return createVirtualKey(body);
    },
    onSuccess: async (made) => {
      onClose();
      if (made !== null) onMade({ name, value: made.value });
      await queries.invalidateQueries();
    },
  });
  const options = (list: { id: string; name: string }[] | undefined): (readonly [string, string])[] => [['', 'none'], ...(list ?? []).map((each) => [each.id, each.name] as const)];
  return (
    <FormDialog wide title={one === null ? 'Create a key' : `Edit ${one.name}`} submit={one === null ? 'Create' : 'Save'} busy={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="form">
        <TextField wide="half" label="Name" path="name" autoFocus value={name} onText={setName} />
        <TextField wide="half" label="Expires" path="expires_at" type="datetime-local" value={expires} onText={setExpires} />
        <TextField label="Description" path="description" value={description} onText={setDescription} />
        <SelectField wide="third" label="User" path="user_id" value={user} onText={setUser} options={options(people.data)} />
        <SelectField wide="third" label="Team" path="team_id" value={team} onText={setTeam} options={options(groups.data)} />
        <SelectField wide="third" label="Customer" path="customer_id" value={customer} onText={setCustomer} options={options(firms.data)} />
      </div>
      <fieldset className="stack tight">
        <legend className="label" style={{ marginBottom: 6 }}>May use</legend>
        <Check label="Every provider and model" checked={everything} onChange={(event) => setEverything(event.target.checked)} />
        {!everything && (
          <>
            {grants.length === 0 && <Note tone="warn">Without an entry it may use nothing.</Note>}
            {grants.map((grant, i) => (
              <div className="form" key={i}>
                <SelectField wide="third" label="Provider" path={`provider_configs.${i}.provider`} value={grant.provider} onText={(provider) => setGrants(grants.map((each, j) => (i === j ? { ...each, provider } : each)))} options={[['', 'choose'], ...(known.data ?? []).map((each) => [each.name, each.name] as const)]} />
                <TextField wide="half" label="Models" path={`provider_configs.${i}.allowed_models`} value={grant.models} onText={(text) => setGrants(grants.map((each, j) => (i === j ? { ...each, models: text } : each)))} hint="Separated by commas; * for all." />
                <div className="row" style={{ gridColumn: 'span 2', alignItems: 'end', paddingBottom: 22 }}><Button kind="quiet" icon="trash" aria-label="Remove" onClick={() => setGrants(grants.filter((_, j) => j !== i))} /></div>
              </div>
            ))}
            <div><Button small icon="plus" onClick={() => setGrants([...grants, { kept: null, provider: known.data?.[0]?.name ?? '', models: '*', weight: '' }])}>Add a provider</Button></div>
          </>
        )}
      </fieldset>
      <LimitFields draft={limits} onChange={setLimits} />
      <Check label="Keep prompts and answers out of the log" checked={quiet} onChange={(event) => setQuiet(event.target.checked)} />
    </FormDialog>
  );
}

function owner(field: string, value: string, before: string | null | undefined): Record<string, string | null> {
  if (value !== '') return { [field]: value };
  return before === null || before === undefined || before === '' ? {} : { [field]: null };
}

function strip(grant: ProviderGrant | null): Record<string, unknown> {
  const allowed = new Set(['id', 'blacklisted_models', 'key_ids', 'calendar_aligned']);
  return {
    ...Object.fromEntries(Object.entries(grant ?? {}).filter(([field, value]) => allowed.has(field) && value !== null)),
    ...(grant === null ? {} : limitsOf(draftOf(grant), false)),
  };
}
