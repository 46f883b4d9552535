import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../App';
import { changeOwner, createOwner, customers, modelLimits, models, providers, removeOwner, teams, users, virtualKeys } from '../../api/control';
import type { Owned } from '../../api/types';
import { Button, Card, Confirm, Empty, ErrorNote, FormDialog, SelectField, Skeleton, TextField, useToast } from '../../ui/kit';
import { EditAndRemove, OriginTag, readOnly } from '../../ui/owned';
import { draftOf, LimitFields, limitsOf, Usage } from './limits';
import { TopUp } from './TopUp';

const SCOPES = [['global', 'everybody'], ['customer', 'a customer'], ['team', 'a team'], ['user', 'a user'], ['virtual_key', 'a key']] as const;

const said = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Everything a limit can be bound to, by the name of its scope. */
function useHolders() {
  const of = {
    customer: useQuery({ queryKey: ['customers'], queryFn: customers, retry: false }).data,
    team: useQuery({ queryKey: ['teams'], queryFn: teams, retry: false }).data,
    user: useQuery({ queryKey: ['users'], queryFn: users, retry: false }).data,
    virtual_key: useQuery({ queryKey: ['virtual-keys'], queryFn: virtualKeys, retry: false }).data,
  };
  return (scope: string): { id: string; name: string }[] => of[scope as keyof typeof of] ?? [];
}

export function ModelLimits() {
  const queries = useQueryClient();
  const toast = useToast();
  const may = useMay('config.write');
  const holders = useHolders();
  const found = useQuery({ queryKey: ['model-limits'], queryFn: modelLimits, refetchInterval: 10_000 });
  const [form, setForm] = useState<Owned | 'new' | null>(null);
  const [gone, setGone] = useState<Owned | null>(null);
  const [more, setMore] = useState<Owned | null>(null);
  const remove = useMutation({
    mutationFn: () => removeOwner('model-configs', gone?.id ?? ''),
    onSuccess: async () => {
      toast('The limit was removed.');
      setGone(null);
      await queries.invalidateQueries();
    },
  });
  const whose = (limit: Owned): string => {
    const scope = said(limit['scope']) || 'global';
    const id = said(limit['scope_id']);
    if (scope === 'global') return 'everybody';
    return `${SCOPES.find(([key]) => key === scope)?.[1].replace(/^a /, '') ?? scope} ${holders(scope).find((each) => each.id === id)?.name ?? id}`;
  };
  const nameOf = (limit: Owned) => said(limit['model_name']) || limit.name;
  return (
    <div className="stack">
      {may && <div className="row" style={{ justifyContent: 'flex-end' }}><Button kind="primary" icon="plus" onClick={() => setForm('new')}>Limit a model</Button></div>}
      <ErrorNote error={found.error} retry={() => void found.refetch()} />
      <Card flush>
        {found.isPending ? <div style={{ padding: 16 }}><Skeleton lines={4} height={26} /></div> : found.data === undefined ? null : found.data.length === 0 ? (
          <Empty title="No model is limited" action={may && <Button icon="plus" onClick={() => setForm('new')}>Limit a model</Button>}>A budget or limit on a model bounds what a dear one may cost, for everybody or for one team, user or key.</Empty>
        ) : (
          <div className="scroll">
            <table className="list">
              <thead><tr><th scope="col">Model</th><th scope="col">Provider</th><th scope="col">For</th><th scope="col">Used</th><th scope="col"><span className="hidden-text">Actions</span></th></tr></thead>
              <tbody>
                {found.data.map((limit) => (
                  <tr key={limit.id}>
                    <td><code className="wrap">{nameOf(limit)}</code> <OriginTag entity={limit} /></td>
                    <td className="muted">{said(limit['provider']) || 'every'}</td>
                    <td className="muted">{whose(limit)}</td>
                    <td><Usage owner={limit} /></td>
                    <td className="act">
                      {may && !readOnly(limit) && (
                        <span className="row">
                          {(limit.budgets?.length ?? 0) > 0 && <Button small onClick={() => setMore({ ...limit, name: nameOf(limit) })}>Top up</Button>}
                          <EditAndRemove of={`the limit of ${nameOf(limit)}`} onEdit={() => setForm(limit)} onRemove={() => setGone(limit)} />
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
      {form !== null && <LimitForm one={form === 'new' ? null : form} onClose={() => setForm(null)} />}
      {more !== null && <TopUp kind="model-configs" owner={more} onClose={() => setMore(null)} />}
      {gone !== null && <Confirm title={`Remove the limit of ${nameOf(gone)}?`} action="Remove it" busy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={() => setGone(null)}>The model may be used without this bound from then on.</Confirm>}
    </div>
  );
}

function LimitForm({ one, onClose }: { one: Owned | null; onClose: () => void }) {
  const queries = useQueryClient();
  const holders = useHolders();
  const served = useQuery({ queryKey: ['models'], queryFn: models, staleTime: 60_000 });
  const known = useQuery({ queryKey: ['providers'], queryFn: providers });
  const [model, setModel] = useState(said(one?.['model_name']));
  const [provider, setProvider] = useState(said(one?.['provider']));
  const [scope, setScope] = useState(said(one?.['scope']) || 'global');
  const [holder, setHolder] = useState(said(one?.['scope_id']));
  const [limits, setLimits] = useState(draftOf(one));
  const save = useMutation({
    mutationFn: () => {
      const body = {
        model_name: model, scope,
        ...(provider !== '' ? { provider } : said(one?.['provider']) !== '' ? { provider: null } : {}),
        ...(scope !== 'global' ? { scope_id: holder } : said(one?.['scope_id']) !== '' ? { scope_id: null } : {}),
        ...limitsOf(limits, one !== null && ((one.budgets?.length ?? 0) > 0 || (one.rate_limit ?? null) !== null)),
      };
      return one === null ? createOwner('model-configs', body) : changeOwner('model-configs', one.id, body);
    },
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries();
    },
  });
  return (
    <FormDialog wide title={one === null ? 'Limit a model' : `Edit the limit of ${said(one['model_name'])}`} submit={one === null ? 'Create' : 'Save'} busy={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="form">
        <TextField wide="half" label="Model" path="model_name" autoFocus list="limit-models" value={model} onText={setModel} hint="As the provider names it; * stands for any part." />
        <datalist id="limit-models">{[...new Set((served.data ?? []).map((each) => each.name.replace(/^[^/]*\//, '')))].slice(0, 300).map((each) => <option key={each} value={each} />)}</datalist>
        <SelectField wide="half" label="Provider" path="provider" value={provider} onText={setProvider} options={[['', 'every'], ...(known.data ?? []).map((each) => [each.name, each.name] as const)]} />
        <SelectField wide="half" label="For" path="scope" value={scope} onText={(next) => {
          setScope(next);
          setHolder('');
        }} options={SCOPES} />
        {scope !== 'global' && <SelectField wide="half" label="Which" path="scope_id" value={holder} onText={setHolder} options={[['', 'choose'], ...holders(scope).map((each) => [each.id, each.name] as const)]} />}
      </div>
      <LimitFields draft={limits} onChange={setLimits} />
    </FormDialog>
  );
}
