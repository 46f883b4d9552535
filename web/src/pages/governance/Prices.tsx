import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../App';
import { changeOwner, createOwner, priceOverrides, providerKeys, providers, removeOwner, virtualKeys } from '../../api/control';
import type { PriceOverride } from '../../api/types';
import { inWords, patchOf, PER_REQUEST, PRICES, pricesOf } from '../../lib/prices';
import { Button, Card, Confirm, Empty, ErrorNote, FormDialog, SelectField, Skeleton, TextField, useToast } from '../../ui/kit';
import { EditAndRemove, OriginTag, readOnly } from '../../ui/owned';

const SCOPES = [
  ['global', 'everybody'], ['provider', 'a provider'], ['provider_key', 'a provider’s key'], ['virtual_key', 'a virtual key'],
  ['virtual_key_provider', 'a virtual key at a provider'], ['virtual_key_provider_key', 'a virtual key with a provider’s key'],
] as const;

const MATCHES = [['exact', 'exactly'], ['wildcard', 'with * for any part'], ['regex', 'as a regular expression']] as const;

export function Prices() {
  const queries = useQueryClient();
  const toast = useToast();
  const may = useMay('config.write');
  const found = useQuery({ queryKey: ['price-overrides'], queryFn: priceOverrides });
  const [form, setForm] = useState<PriceOverride | 'new' | null>(null);
  const [gone, setGone] = useState<PriceOverride | null>(null);
  const remove = useMutation({
    mutationFn: () => removeOwner('pricing-overrides', gone?.id ?? ''),
    onSuccess: async () => {
      toast(`${gone?.name ?? 'It'} was removed.`);
      setGone(null);
      await queries.invalidateQueries();
    },
  });
  return (
    <div className="stack">
      {may && <div className="row" style={{ justifyContent: 'flex-end' }}><Button kind="primary" icon="plus" onClick={() => setForm('new')}>Set a price</Button></div>}
      <ErrorNote error={found.error} retry={() => void found.refetch()} />
      <Card flush>
        {found.isPending ? <div style={{ padding: 16 }}><Skeleton lines={4} height={26} /></div> : found.data === undefined ? null : found.data.length === 0 ? (
          <Empty title="Only the catalogue’s prices hold" action={may && <Button icon="plus" onClick={() => setForm('new')}>Set a price</Button>}>Set what your contract says, or the price of a model that the catalogue does not know; requests from then on are charged by it.</Empty>
        ) : (
          <div className="scroll">
            <table className="list">
              <thead><tr><th scope="col">Name</th><th scope="col">Models</th><th scope="col">Holds for</th><th scope="col">USD per million</th><th scope="col"><span className="hidden-text">Actions</span></th></tr></thead>
              <tbody>
                {found.data.map((one) => (
                  <tr key={one.id}>
                    <td><strong>{one.name}</strong> <OriginTag entity={one} /></td>
                    <td><code className="wrap">{one.pattern}</code>{one.match_type !== undefined && one.match_type !== 'exact' && <span className="faint small"> {one.match_type}</span>}</td>
                    <td className="muted">{SCOPES.find(([key]) => key === (one.scope_kind ?? 'global'))?.[1] ?? one.scope_kind}{providerOf(one) !== '' && ` (${providerOf(one)})`}</td>
                    <td className="small">{inWords(one.pricing_patch)}</td>
                    <td className="act">
                      {may && !readOnly(one) && (
                        <span className="row">
                          <EditAndRemove of={one.name} onEdit={() => setForm(one)} onRemove={() => setGone(one)} />
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
      {form !== null && <PriceForm one={form === 'new' ? null : form} onClose={() => setForm(null)} />}
      {gone !== null && <Confirm title={`Remove ${gone.name}?`} action="Remove it" busy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={() => setGone(null)}>Requests from then on have the catalogue’s price. What was charged stays.</Confirm>}
    </div>
  );
}

function providerOf(one: PriceOverride | null): string {
  return one?.provider_id ?? one?.provider ?? '';
}

function PriceForm({ one, onClose }: { one: PriceOverride | null; onClose: () => void }) {
  const queries = useQueryClient();
  const known = useQuery({ queryKey: ['providers'], queryFn: providers });
  const keys = useQuery({ queryKey: ['virtual-keys'], queryFn: virtualKeys, retry: false });
  const [name, setName] = useState(one?.name ?? '');
  const [scope, setScope] = useState(one?.scope_kind ?? 'global');
  const [provider, setProvider] = useState(providerOf(one));
  const [providerKey, setProviderKey] = useState(one?.provider_key_id ?? '');
  const [key, setKey] = useState(one?.virtual_key_id ?? '');
  const [match, setMatch] = useState(one?.match_type ?? 'exact');
  const [pattern, setPattern] = useState(one?.pattern ?? '');
  const [types, setTypes] = useState((one?.request_types ?? []).join(', '));
  const [prices, setPrices] = useState(pricesOf(one?.pricing_patch));
  // A provider's key already says whose it is; the provider is only asked for to find it.
  const asksProvider = scope === 'provider' || scope === 'virtual_key_provider';
  const asksProviderKey = scope === 'provider_key' || scope === 'virtual_key_provider_key';
  const asksKey = scope.startsWith('virtual_key');
  const ofProvider = useQuery({ queryKey: ['provider-keys-of-all', (known.data ?? []).map((each) => each.name)], queryFn: async () => (await Promise.all((known.data ?? []).map(async (each) => (await providerKeys(each.name)).map((found) => [found.id, `${each.name}: ${found.name}`] as const)))).flat(), enabled: asksProviderKey && known.data !== undefined });
  const save = useMutation({
    mutationFn: () => {
      const field = (asked: boolean, to: string, value: string, before: unknown) => (asked ? { [to]: value } : before !== undefined ? { [to]: null } : {});
      const requests = types.split(',').map((each) => each.trim()).filter(Boolean);
      const body = {
        name, scope_kind: scope, match_type: match, pattern,
        ...field(asksProvider, 'provider_id', provider, one?.provider_id),
        ...(one?.provider !== undefined ? { provider: null } : {}),
        ...field(asksProviderKey, 'provider_key_id', providerKey, one?.provider_key_id),
        ...field(asksKey, 'virtual_key_id', key, one?.virtual_key_id),
        ...(requests.length > 0 || one?.request_types !== undefined ? { request_types: requests } : {}),
        pricing_patch: patchOf(prices, one?.pricing_patch),
      };
      return one === null ? createOwner('pricing-overrides', body) : changeOwner('pricing-overrides', one.id, body);
    },
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries();
    },
  });
  return (
    <FormDialog wide title={one === null ? 'Set a price' : `Edit ${one.name}`} submit={one === null ? 'Create' : 'Save'} busy={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="form">
        <TextField wide="half" label="Name" path="name" autoFocus value={name} onText={setName} />
        <SelectField wide="half" label="Holds for" path="scope_kind" value={scope} onText={setScope} options={SCOPES} />
        {asksKey && <SelectField wide="half" label="Virtual key" path="virtual_key_id" value={key} onText={setKey} options={[['', 'choose'], ...(keys.data ?? []).map((each) => [each.id, each.name] as const)]} />}
        {asksProvider && <SelectField wide="half" label="Provider" path="provider_id" value={provider} onText={setProvider} options={[['', 'choose'], ...(known.data ?? []).map((each) => [each.name, each.name] as const)]} />}
        {asksProviderKey && <SelectField wide="half" label="Provider’s key" path="provider_key_id" value={providerKey} onText={setProviderKey} options={[['', 'choose'], ...(ofProvider.data ?? [])]} />}
        <TextField wide="half" label="Model" path="pattern" value={pattern} onText={setPattern} hint="As the provider names it, or provider/model." />
        <SelectField wide="half" label="Compared" path="match_type" value={match} onText={setMatch} options={MATCHES} />
        <TextField label="Kinds of requests" path="request_types" placeholder="all" value={types} onText={setTypes} hint="Such as chat_completion, messages, responses, embedding; separated by commas." />
      </div>
      <fieldset className="stack tight">
        <legend className="label" style={{ marginBottom: 6 }}>USD per million tokens; what is left empty stays the catalogue’s</legend>
        <div className="form">
          {PRICES.map(([field, , label]) => <TextField key={field} wide="third" label={label} path={`pricing_patch.${field}`} type="number" min={0} step="any" value={prices[field] ?? ''} onText={(value) => setPrices({ ...prices, [field]: value })} />)}
          <TextField wide="third" label="A request (USD)" path={`pricing_patch.${PER_REQUEST}`} type="number" min={0} step="any" value={prices[PER_REQUEST] ?? ''} onText={(value) => setPrices({ ...prices, [PER_REQUEST]: value })} />
        </div>
      </fieldset>
    </FormDialog>
  );
}
