import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../App';
import { changeOwner, createOwner, customers, removeOwner, teams, users } from '../../api/control';
import type { Owned } from '../../api/types';
import { Link } from '../../router';
import { Button, Card, Check, Confirm, Empty, ErrorNote, FormDialog, SelectField, Skeleton, Tag, TextField, useToast } from '../../ui/kit';
import { EditAndRemove, OriginTag, readOnly } from '../../ui/owned';
import { draftOf, LimitFields, limitsOf, Usage } from './limits';
import { TopUp } from './TopUp';

type Kind = 'teams' | 'customers' | 'users';

const WORDS = {
  teams: { one: 'team', add: 'Create a team', facet: 'team_ids', empty: 'A team bundles keys and people under one budget.' },
  customers: { one: 'customer', add: 'Create a customer', facet: 'customer_ids', empty: 'A customer bundles teams and keys; its budget counts everything below it.' },
  users: { one: 'user', add: 'Create a user', facet: 'user_ids', empty: 'A user’s budget counts all keys of the person together.' },
} as const;

const READ: Record<Kind, () => Promise<Owned[]>> = { teams, customers, users };

export function Owners({ kind }: { kind: Kind }) {
  const words = WORDS[kind];
  const queries = useQueryClient();
  const toast = useToast();
  const may = useMay('config.write');
  const found = useQuery({ queryKey: [kind], queryFn: READ[kind], refetchInterval: 10_000 });
  const above = useQuery({ queryKey: [kind === 'users' ? 'teams' : 'customers'], queryFn: kind === 'users' ? teams : customers, enabled: kind !== 'customers' });
  const [form, setForm] = useState<Owned | 'new' | null>(null);
  const [gone, setGone] = useState<Owned | null>(null);
  const [more, setMore] = useState<Owned | null>(null);
  const remove = useMutation({
    mutationFn: () => removeOwner(kind, gone?.id ?? ''),
    onSuccess: async () => {
      toast(`${gone?.name ?? 'It'} was removed.`);
      setGone(null);
      await queries.invalidateQueries();
    },
  });
  const parent = (owner: Owned): string => {
    const id = kind === 'users' ? owner['team_id'] : owner['customer_id'];
    return typeof id === 'string' ? (above.data?.find((each) => each.id === id)?.name ?? id) : '–';
  };
  return (
    <div className="stack">
      {may && <div className="row" style={{ justifyContent: 'flex-end' }}><Button kind="primary" icon="plus" onClick={() => setForm('new')}>{words.add}</Button></div>}
      <ErrorNote error={found.error} retry={() => void found.refetch()} />
      <Card flush>
        {found.isPending ? <div style={{ padding: 16 }}><Skeleton lines={4} height={26} /></div> : found.data === undefined ? null : found.data.length === 0 ? (
          <Empty title={`No ${words.one} yet`} action={may && <Button icon="plus" onClick={() => setForm('new')}>{words.add}</Button>}>{words.empty}</Empty>
        ) : (
          <div className="scroll">
            <table className="list">
              <thead><tr><th scope="col">Name</th>{kind !== 'customers' && <th scope="col">{kind === 'users' ? 'Team' : 'Customer'}</th>}<th scope="col">Used</th><th scope="col"><span className="hidden-text">Actions</span></th></tr></thead>
              <tbody>
                {found.data.map((owner) => (
                  <tr key={owner.id}>
                    <td><strong>{owner.name}</strong> <OriginTag entity={owner} /> {owner['active'] === false && <Tag>inactive</Tag>}{typeof owner['email'] === 'string' && <div className="small muted">{owner['email']}</div>}</td>
                    {kind !== 'customers' && <td className="muted">{parent(owner)}</td>}
                    <td><Usage owner={owner} /></td>
                    <td className="act">
                      <span className="row">
                        <Link className="btn small" to={`/logs?${words.facet}=${encodeURIComponent(owner.id)}&period=7d`}>Requests</Link>
                        {may && !readOnly(owner) && (
                          <>
                            {(owner.budgets?.length ?? 0) > 0 && <Button small aria-label={`Top up ${owner.name}`} onClick={() => setMore(owner)}>Top up</Button>}
                            <EditAndRemove of={owner.name} onEdit={() => setForm(owner)} onRemove={() => setGone(owner)} />
                          </>
                        )}
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      {form !== null && <OwnerForm kind={kind} one={form === 'new' ? null : form} above={above.data ?? []} onClose={() => setForm(null)} />}
      {more !== null && <TopUp kind={kind} owner={more} onClose={() => setMore(null)} />}
      {gone !== null && <Confirm title={`Remove ${gone.name}?`} action="Remove it" busy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={() => setGone(null)}>Keys that name this {words.one} have to be changed first.</Confirm>}
    </div>
  );
}

function OwnerForm({ kind, one, above, onClose }: { kind: Kind; one: Owned | null; above: Owned[]; onClose: () => void }) {
  const queries = useQueryClient();
  const words = WORDS[kind];
  const field = kind === 'users' ? 'team_id' : 'customer_id';
  const before = typeof one?.[field] === 'string' ? (one[field] as string) : '';
  const [name, setName] = useState(one?.name ?? '');
  const [email, setEmail] = useState(typeof one?.['email'] === 'string' ? one['email'] : '');
  const [active, setActive] = useState(one?.['active'] !== false);
  const [parent, setParent] = useState(before);
  const [limits, setLimits] = useState(draftOf(one));
  const save = useMutation({
    mutationFn: () => {
      const body = {
        name,
        ...(kind === 'users' ? { ...(email !== '' ? { email } : {}), active } : {}),
        ...(kind === 'customers' ? {} : parent !== '' ? { [field]: parent } : before !== '' ? { [field]: null } : {}),
        ...limitsOf(limits, one !== null && ((one.budgets?.length ?? 0) > 0 || (one.rate_limit ?? null) !== null)),
      };
      return one === null ? createOwner(kind, body) : changeOwner(kind, one.id, body);
    },
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries();
    },
  });
  return (
    <FormDialog wide title={one === null ? words.add : `Edit ${one.name}`} submit={one === null ? 'Create' : 'Save'} busy={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="form">
        <TextField wide="half" label="Name" path="name" autoFocus value={name} onText={setName} />
        {kind === 'users' && <TextField wide="half" label="Mail address" path="email" type="email" value={email} onText={setEmail} />}
        {kind !== 'customers' && <SelectField wide="half" label={kind === 'users' ? 'Team' : 'Customer'} path={field} value={parent} onText={setParent} options={[['', 'none'], ...above.map((each) => [each.id, each.name] as const)]} />}
        {kind === 'users' && <Check label="Active" hint="Off: the person’s keys are refused." checked={active} onChange={(event) => setActive(event.target.checked)} />}
      </div>
      <LimitFields draft={limits} onChange={setLimits} />
    </FormDialog>
  );
}
