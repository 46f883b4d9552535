import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../App';
import { ApiError } from '../api/client';
import {
  changeProvider, changeProviderKey, type Cooldown, cooldowns, createProvider, createProviderKey, models, provider as readProvider, providerKeys, providers, refreshModels, removeProvider, removeProviderKey, testProviderKey, type Tried,
} from '../api/control';
import { inference } from '../api/inference';
import type { Provider, ProviderKey } from '../api/types';
import { duration, relative } from '../lib/format';
import { Link, useRouter } from '../router';
import { Button, Card, Check, Confirm, CopyButton, Empty, ErrorNote, FormDialog, messageOf, Note, PageHead, SelectField, Skeleton, Tag, TextField, useToast } from '../ui/kit';
import { EditAndRemove, OriginTag, readOnly } from '../ui/owned';
import { OwnKey } from '../ui/OwnKey';

/** Well-known names; any other is a provider of one's own and needs an address. */
const KNOWN = ['openai', 'anthropic', 'gemini', 'openrouter', 'ollama', 'groq', 'mistral', 'deepseek', 'xai', 'together', 'fireworks', 'cerebras', 'perplexity', 'cohere', 'vllm', 'sgl', 'lmstudio'];

export default function Providers() {
  const { path } = useRouter();
  const name = path.split('/')[2];
  return name === undefined || name === '' ? <All /> : <One key={name} name={decodeURIComponent(name)} />;
}

/** Sends requests to a provider again, or no more. */
function useFlip() {
  const queries = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (one: Provider) => changeProvider(one.name, { enabled: one.enabled === false }),
    onSuccess: (_, one) => toast(one.enabled === false ? `${one.name} takes part again.` : `${one.name} gets no more requests.`),
    onError: (failure) => toast(messageOf(failure), true),
    onSettled: () => queries.invalidateQueries(),
  });
}

function HealthTag({ of, avoided }: { of: Provider | ProviderKey; avoided: Cooldown[] }) {
  const status = typeof of.status === 'string' ? of.status : '';
  const detail = typeof of['status_detail'] === 'string' ? of['status_detail'] : '';
  const off = typeof of['disabled_because'] === 'string' ? of['disabled_because'] : '';
  if (of['provider_status'] === 'disabled') return <Tag title="Nothing is sent there">disabled</Tag>;
  if (of.enabled === false) return <Tag title={off}>switched off</Tag>;
  if (of['provider_status'] === 'off') return <Tag>not served</Tag>;
  const whole = avoided.find((each) => each.model === '');
  if (whole !== undefined) return <Tag tone="warn" title={whole.reason}>avoided, again {relative(whole.until)}</Tag>;
  const first = avoided[0];
  if (first !== undefined) return <Tag tone="warn" title={avoided.map((each) => `${each.model}: ${each.reason}`).join('\n')}>{avoided.length === 1 ? first.model : `${avoided.length} models`} avoided</Tag>;
  if (status === 'list_models_failed') return <Tag tone="bad" title={detail}>its list of models failed</Tag>;
  if (status === 'success') return <Tag tone="good">working</Tag>;
  return null;
}

/** Looked at often: a cooldown lasts seconds. */
function useCooldowns() {
  return useQuery({ queryKey: ['cooldowns'], queryFn: cooldowns, refetchInterval: 3_000 }).data ?? [];
}

function All() {
  const { go } = useRouter();
  const may = useMay('config.write');
  const found = useQuery({ queryKey: ['providers'], queryFn: providers, refetchInterval: 10_000 });
  const [adding, setAdding] = useState(false);
  const flip = useFlip();
  const [off, setOff] = useState<Provider | null>(null);
  const cooling = useCooldowns();
  return (
    <>
      <PageHead title="Providers" actions={may && <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>Add a provider</Button>}>
        Where models come from, with which keys, and how they are doing.
      </PageHead>
      <ErrorNote error={found.error} retry={() => void found.refetch()} />
      {found.isPending ? <Skeleton lines={4} height={70} /> : found.data?.length === 0 ? (
        <Card><Empty title="No provider yet" action={may && <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>Add a provider</Button>}>Add OpenAI, Anthropic, Gemini, a local Ollama or any server that speaks like one of them. A variable such as OPENAI_API_KEY in the gateway’s environment adds one too.</Empty></Card>
      ) : (
        <div className="cards">
          {found.data?.map((each) => (
            <div key={each.name} className="pcell">
              <Link to={`/providers/${encodeURIComponent(each.name)}`} className="card pcard">
                <div className="row spread"><strong className="clip">{each.name}</strong><HealthTag of={each} avoided={cooling.filter((one) => one.provider === each.name && one.key === '')} /></div>
                <span className="muted small clip">{each.network_config?.base_url ?? each.description ?? 'usual address'}</span>
                <div className="row wrapping" style={{ gap: 6 }}>
                  <OriginTag entity={each} />
                  {each.custom_provider_config?.base_provider_type !== undefined && <Tag>speaks {each.custom_provider_config.base_provider_type}</Tag>}
                </div>
              </Link>
              {may && !readOnly(each) && <Button small disabled={flip.isPending} aria-label={`${each.enabled === false ? 'Enable' : 'Disable'} ${each.name}`} onClick={() => (each.enabled === false ? flip.mutate(each) : setOff(each))}>{each.enabled === false ? 'Enable' : 'Disable'}</Button>}
            </div>
          ))}
        </div>
      )}
      {off !== null && <Disable one={off} flip={flip} onClose={() => setOff(null)} />}
      {adding && <AddProvider onClose={() => setAdding(false)} onDone={(name) => {
        setAdding(false);
        go(`/providers/${encodeURIComponent(name)}`);
      }} />}
    </>
  );
}

function Disable({ one, flip, onClose }: { one: Provider; flip: ReturnType<typeof useFlip>; onClose: () => void }) {
  return <Confirm title={`Disable ${one.name}?`} action="Disable it" busy={flip.isPending} error={flip.error} onConfirm={() => flip.mutate(one, { onSuccess: onClose })} onClose={onClose}>Requests go to their fallbacks, or are refused; those under way end as they are. Its keys and settings stay.</Confirm>;
}

function AddProvider({ onClose, onDone }: { onClose: () => void; onDone: (name: string) => void }) {
  const queries = useQueryClient();
  const toast = useToast();
  const [name, setName] = useState('');
  const [base, setBase] = useState('');
  const [type, setType] = useState('openai');
  const [key, setKey] = useState('');
  const custom = name !== '' && !KNOWN.includes(name);
  const add = useMutation({
    mutationFn: async () => {
      await createProvider({
        provider: name,
        ...(base === '' ? {} : { network_config: { base_url: base } }),
        ...(custom ? { custom_provider_config: { base_provider_type: type, ...(key === '' ? { is_key_less: true } : {}) } } : {}),
      });
      if (key !== '') {
        try {
          await createProviderKey(name, { name: `${name}-key`, value: key, models: ['*'], weight: 1 });
        } catch (failure) {
          toast(`The provider is there, but its key was refused: ${messageOf(failure)}`, true);
        }
      }
    },
    onSuccess: async () => {
      await queries.invalidateQueries();
      toast(`${name} was added.`);
      onDone(name);
    },
  });
  return (
    <FormDialog title="Add a provider" submit="Add" busy={add.isPending} error={add.error} onSubmit={() => add.mutate()} onClose={onClose} disabled={name === ''}>
      <div className="form">
        <div className="field">
          <label htmlFor="provider-name">Provider</label>
          <input id="provider-name" className="input" list="provider-names" autoFocus autoComplete="off" spellCheck={false} placeholder="openai, anthropic, ollama, or a name of your own" value={name} onChange={(event) => setName(event.target.value.trim())} />
          <datalist id="provider-names">{KNOWN.map((each) => <option key={each} value={each} />)}</datalist>
          <span className="hint">Models are asked for as <code>{name === '' ? 'provider' : name}/model</code>.</span>
        </div>
        {custom && <SelectField label="Speaks like" path="custom_provider_config.base_provider_type" value={type} onText={setType} options={[['openai', 'OpenAI'], ['anthropic', 'Anthropic'], ['gemini', 'Gemini']]} />}
        <TextField label="Address" path="network_config.base_url" placeholder={custom ? 'https://host' : 'the usual one'} value={base} onText={setBase} inputMode="url" hint="Without /v1." />
        <TextField label="Key" path="value" type="password" value={key} onText={setKey} autoComplete="off" hint="Stored encrypted and never shown again; env.NAME takes it from the environment. Local servers need none." />
      </div>
    </FormDialog>
  );
}

function One({ name }: { name: string }) {
  const queries = useQueryClient();
  const { go } = useRouter();
  const toast = useToast();
  const may = useMay('config.write');
  const found = useQuery({ queryKey: ['provider', name], queryFn: () => readProvider(name), refetchInterval: 10_000 });
  const keys = useQuery({ queryKey: ['provider-keys', name], queryFn: () => providerKeys(name), refetchInterval: 5_000 });
  const served = useQuery({ queryKey: ['models'], queryFn: models, staleTime: 30_000 });
  const [open, setOpen] = useState<'edit' | 'remove' | 'key' | 'off' | null>(null);
  const [key, setKey] = useState<ProviderKey | null>(null);
  const [gone, setGone] = useState<ProviderKey | null>(null);
  const cooling = useCooldowns().filter((each) => each.provider === name);
  const remove = useMutation({
    mutationFn: () => removeProvider(name),
    onSuccess: async () => {
      toast(`${name} was removed.`);
      go('/providers');
      await queries.invalidateQueries();
    },
  });
  const removeKey = useMutation({
    mutationFn: () => removeProviderKey(name, gone?.id ?? ''),
    onSuccess: async () => {
      setGone(null);
      await queries.invalidateQueries();
    },
  });
  const flip = useMutation({
    mutationFn: (each: ProviderKey) => changeProviderKey(name, each.id, { enabled: each.enabled === false }),
    onSuccess: () => queries.invalidateQueries(),
    onError: (failure) => toast(messageOf(failure), true),
  });
  const flipWhole = useFlip();
  const [tried, setTried] = useState<Record<string, Tried>>({});
  const check = useMutation({
    mutationFn: (each: ProviderKey) => testProviderKey(name, each.id),
    onSuccess: (result, each) => setTried((all) => ({ ...all, [each.id]: result })),
    onError: (failure) => toast(messageOf(failure), true),
  });
  const refresh = useMutation({
    mutationFn: () => refreshModels(name),
    onSuccess: async (result) => {
      toast(result.message, !result.ok);
      await queries.invalidateQueries();
    },
    onError: (failure) => toast(messageOf(failure), true),
  });
  const mine = (served.data ?? []).filter((model) => model.provider === name);
  const one = found.data;
  const locked = one !== undefined && readOnly(one);
  const disabled = one?.enabled === false;
  return (
    <>
      <PageHead title={<span className="row wrapping"><Link to="/providers" className="muted">Providers</Link> <span className="faint">/</span> {name}</span>} actions={
        one !== undefined && may && !locked && (
          <>
            <Button disabled={flipWhole.isPending} onClick={() => (disabled ? flipWhole.mutate(one) : setOpen('off'))}>{disabled ? 'Enable' : 'Disable'}</Button>
            <Button icon="edit" onClick={() => setOpen('edit')}>Edit</Button>
            <Button kind="danger" icon="trash" onClick={() => setOpen('remove')}>Remove</Button>
          </>
        )
      }>
        {one !== undefined && <span className="row wrapping"><HealthTag of={one} avoided={cooling.filter((each) => each.key === '')} /><OriginTag entity={one} /><span className="wrap">{one.network_config?.base_url ?? ''}</span></span>}
      </PageHead>
      <div className="stack">
        <ErrorNote error={found.error} retry={() => void found.refetch()} />
        {locked && <Note>This provider stands in the {String(typeof one.origin === 'string' ? one.origin : 'configuration')} and is changed there.</Note>}
        {disabled ? <Note>This provider is disabled: nothing is sent there, and its models are not listed. Its keys stay as they are.</Note> : <Test name={name} models={mine.map((model) => model.id)} />}
        <Card title="Keys" flush actions={may && !(one?.custom_provider_config?.is_key_less === true) && !locked && <Button small icon="plus" onClick={() => setOpen('key')}>Add a key</Button>}>
          <ErrorNote error={keys.error} />
          {keys.isPending ? <div style={{ padding: 16 }}><Skeleton /></div> : keys.data?.length === 0 ? (
            <Empty title="No key">{one?.custom_provider_config?.is_key_less === true ? 'This provider takes none.' : 'Without a key requests go there unauthenticated; local servers are fine with that.'}</Empty>
          ) : (
            <div className="scroll">
              <table className="list">
                <thead><tr><th scope="col">Name</th><th scope="col">Health</th><th scope="col">Models</th><th scope="col" className="num">Weight</th><th scope="col">From</th><th scope="col"><span className="hidden-text">Actions</span></th></tr></thead>
                <tbody>
                  {keys.data?.map((each) => (
                    <tr key={each.id}>
                      <td><strong>{each.name}</strong> <code className="faint">{masked(each)}</code></td>
                      <td><HealthTag of={each} avoided={cooling.filter((one) => one.key === each.name)} />{cooling.filter((one) => one.key === each.name).map((one) => <div key={one.model} className="small muted wrap">{one.model === '' ? '' : `${one.model}: `}{one.reason}, {relative(one.until)}</div>)}{tried[each.id] !== undefined && <div className="small wrap" role="status" style={{ color: tried[each.id]?.ok === true ? 'var(--good)' : 'var(--bad)' }}>{tried[each.id]?.message}</div>}</td>
                      <td className="small muted">{(each.models ?? []).length === 0 || each.models?.[0] === '*' ? 'all' : each.models?.slice(0, 3).join(', ')}{(each.models ?? []).length > 3 && ' …'}</td>
                      <td className="num">{each.weight ?? 1}</td>
                      <td><OriginTag entity={each} /></td>
                      <td className="act">
                        {may && <Button small disabled={disabled || check.isPending} onClick={() => check.mutate(each)}>Test</Button>}{' '}
                        {may && !readOnly(each) && (
                          <span className="row" style={{ display: 'inline-flex' }}>
                            <Button small onClick={() => flip.mutate(each)}>{each.enabled === false ? 'Switch on' : 'Switch off'}</Button>
                            <EditAndRemove of={each.name} onEdit={() => setKey(each)} onRemove={() => setGone(each)} />
                          </span>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Card>
        <Card title={`Models${mine.length > 0 ? ` (${mine.length})` : ''}`} flush actions={<>{may && <Button small icon="refresh" disabled={disabled || refresh.isPending} onClick={() => refresh.mutate()}>Read the list anew</Button>}<Link className="btn small" to={`/catalogue?provider=${encodeURIComponent(name)}`}>All details</Link></>}>
          {served.isPending ? <div style={{ padding: 16 }}><Skeleton /></div> : mine.length === 0 ? disabled ? <Empty title="None listed">Enable the provider to see its models.</Empty> : <Empty title="None known">The provider lists none, or its list could not be read. A model can still be asked for by its exact name.</Empty> : (
            <div className="scroll" style={{ maxHeight: 420, overflow: 'auto' }}>
              <table className="list">
                <thead><tr><th scope="col">Name to type</th><th scope="col" className="num">Window</th><th scope="col" className="num">In / M</th><th scope="col" className="num">Out / M</th></tr></thead>
                <tbody>
                  {mine.slice(0, 200).map((model) => (
                    <tr key={model.id}>
                      <td><span className="row"><code className="wrap">{model.id}</code><CopyButton text={model.id} /></span></td>
                      <td className="num">{model.window?.toLocaleString('en-US') ?? '–'}</td>
                      <td className="num">{model.inputPrice === null ? '–' : `$${model.inputPrice}`}</td>
                      <td className="num">{model.outputPrice === null ? '–' : `$${model.outputPrice}`}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Card>
      </div>
      {open === 'edit' && one !== undefined && <EditProvider one={one} onClose={() => setOpen(null)} />}
      {open === 'key' && <KeyForm provider={name} one={null} onClose={() => setOpen(null)} />}
      {key !== null && <KeyForm provider={name} one={key} onClose={() => setKey(null)} />}
      {open === 'off' && one !== undefined && <Disable one={one} flip={flipWhole} onClose={() => setOpen(null)} />}
      {open === 'remove' && <Confirm title={`Remove ${name}?`} action="Remove it" busy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={() => setOpen(null)}>Its keys are removed with it. Requests for its models are refused from then on; the log keeps what was.</Confirm>}
      {gone !== null && <Confirm title={`Remove the key ${gone.name}?`} action="Remove it" busy={removeKey.isPending} error={removeKey.error} onConfirm={() => removeKey.mutate()} onClose={() => setGone(null)}>It cannot be shown again; switching it off keeps it.</Confirm>}
    </>
  );
}

function masked(key: ProviderKey): string {
  if (typeof key.value === 'string') return key.value;
  return key.value?.env_var !== undefined && key.value.env_var !== '' ? key.value.env_var : (key.value?.ref ?? key.value?.value ?? '');
}

/** One small question to a model, so that key, address and model are seen to work. */
function Test({ name, models: names }: { name: string; models: string[] }) {
  const [model, setModel] = useState('');
  const chosen = model !== '' ? model : (names[0] ?? '');
  const ask = useMutation({
    mutationFn: async () => {
      const began = performance.now();
      const response = await inference('v1/chat/completions', { method: 'POST', body: { model: chosen, max_tokens: 16, messages: [{ role: 'user', content: 'Answer with the word ok.' }] } });
      await response.text();
      return { id: response.headers.get('x-request-id') ?? '', took: performance.now() - began };
    },
  });
  return (
    <Card title="Test">
      <form className="row wrapping" onSubmit={(event) => {
        event.preventDefault();
        ask.mutate();
      }}>
        <input className="input grow" style={{ maxWidth: 380 }} list={`models-of-${name}`} aria-label="Model to ask" placeholder={names[0] ?? `${name}/model`} value={model} onChange={(event) => setModel(event.target.value)} />
        <datalist id={`models-of-${name}`}>{names.slice(0, 300).map((each) => <option key={each} value={each} />)}</datalist>
        <Button type="submit" icon="play" disabled={chosen === '' || ask.isPending}>{ask.isPending ? 'Asking…' : 'Ask it'}</Button>
        <span role="status">
          {ask.data !== undefined && <span className="row"><Tag tone="good">answered in {duration(ask.data.took)}</Tag>{ask.data.id !== '' && <Link to={`/logs/${ask.data.id}`}>show</Link>}</span>}
        </span>
      </form>
      {ask.error !== null && <div style={{ marginTop: 10 }} className="stack tight"><OwnKey error={ask.error} /><Note tone="bad">{ask.error instanceof ApiError && ask.error.status > 0 ? `${ask.error.status}: ` : ''}{messageOf(ask.error)}</Note></div>}
    </Card>
  );
}

function EditProvider({ one, onClose }: { one: Provider; onClose: () => void }) {
  const queries = useQueryClient();
  const network = one.network_config ?? {};
  const [base, setBase] = useState(network.base_url ?? '');
  const [timeout, setTimeout] = useState(String(network.default_request_timeout_in_seconds ?? ''));
  const [idle, setIdle] = useState(String(network.stream_idle_timeout_in_seconds ?? ''));
  const [retries, setRetries] = useState(String(network.max_retries ?? ''));
  const [concurrency, setConcurrency] = useState(String(one.concurrency_and_buffer_size?.concurrency ?? ''));
  const [privately, setPrivately] = useState(network.allow_private_network === true);
  const [enabled, setEnabled] = useState(one.enabled !== false);
  const save = useMutation({
    mutationFn: () => {
      const number = (value: string, before: unknown) => (value === '' ? (before === undefined ? {} : null) : Number(value));
      const net = Object.entries({
        base_url: base === '' ? (network.base_url === undefined ? {} : null) : base,
        default_request_timeout_in_seconds: number(timeout, network.default_request_timeout_in_seconds),
        stream_idle_timeout_in_seconds: number(idle, network.stream_idle_timeout_in_seconds),
        max_retries: number(retries, network.max_retries),
        allow_private_network: privately ? true : network.allow_private_network === undefined ? {} : null,
      }).filter(([, value]) => value === null || typeof value !== 'object');
      return changeProvider(one.name, {
        ...(enabled === (one.enabled !== false) ? {} : { enabled }),
        network_config: Object.fromEntries(net),
        ...(concurrency === '' ? {} : { concurrency_and_buffer_size: { ...one.concurrency_and_buffer_size, concurrency: Number(concurrency) } }),
      });
    },
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog title={`Edit ${one.name}`} submit="Save" busy={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="form">
        <TextField label="Address" path="network_config.base_url" placeholder="the usual one" value={base} onText={setBase} />
        <TextField wide="half" type="number" label="Time to the first byte (s)" path="network_config.default_request_timeout_in_seconds" placeholder="300" value={timeout} onText={setTimeout} />
        <TextField wide="half" type="number" label="Silence within a stream (s)" path="network_config.stream_idle_timeout_in_seconds" placeholder="300" value={idle} onText={setIdle} />
        <TextField wide="half" type="number" label="Retries" path="network_config.max_retries" placeholder="usual" value={retries} onText={setRetries} />
        <TextField wide="half" type="number" label="Requests at once" path="concurrency_and_buffer_size.concurrency" placeholder="1000" value={concurrency} onText={setConcurrency} />
        <Check label="May be in a private network" hint="Needed for addresses such as 10.x or 192.168.x." checked={privately} onChange={(event) => setPrivately(event.target.checked)} />
        <Check label="Enabled" hint="Otherwise nothing is sent there." checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
      </div>
    </FormDialog>
  );
}

function KeyForm({ provider, one, onClose }: { provider: string; one: ProviderKey | null; onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(one?.name ?? '');
  const [value, setValue] = useState('');
  const [allowed, setAllowed] = useState((one?.models ?? ['*']).join(', '));
  const [denied, setDenied] = useState((one?.blacklisted_models ?? []).join(', '));
  const [weight, setWeight] = useState(String(one?.weight ?? 1));
  const names = (text: string) => text.split(',').map((each) => each.trim()).filter(Boolean);
  const save = useMutation({
    mutationFn: () => {
      const body = {
        name, models: names(allowed), weight: Number(weight),
        ...(names(denied).length > 0 || one?.blacklisted_models !== undefined ? { blacklisted_models: names(denied) } : {}),
        ...(value === '' ? {} : { value }),
      };
      return one === null ? createProviderKey(provider, body) : changeProviderKey(provider, one.id, body);
    },
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog title={one === null ? `Add a key to ${provider}` : `Edit ${one.name}`} submit={one === null ? 'Add' : 'Save'} busy={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="form">
        <TextField label="Name" path="name" autoFocus value={name} onText={setName} hint="For people; it stands in the log." />
        <TextField label="Key" path="value" type="password" autoComplete="off" value={value} onText={setValue} placeholder={one === null ? '' : 'stays as it is'} hint="Stored encrypted and never shown again. env.NAME takes it from the gateway’s environment." />
        <TextField label="Models" path="models" value={allowed} onText={setAllowed} hint="Names separated by commas; * for all." />
        <TextField wide="half" label="Except" path="blacklisted_models" value={denied} onText={setDenied} />
        <TextField wide="half" label="Weight" path="weight" type="number" min={0} step="any" value={weight} onText={setWeight} hint="Its share among this provider’s keys." />
      </div>
    </FormDialog>
  );
}
