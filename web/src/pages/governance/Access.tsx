import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useSession } from '../../App';
import { accounts, audit, changeAccount, createAccount, createToken, removeAccount, removeToken, teams, tokens, users } from '../../api/control';
import type { Account, Token } from '../../api/types';
import { fullTime, relative } from '../../lib/format';
import { Button, Card, Check, Confirm, CopyButton, Dialog, Empty, ErrorNote, FormDialog, Note, SelectField, Skeleton, Tag, TextField } from '../../ui/kit';
import { texts } from '../../api/read';

const ROLES = [
  ['admin', 'admin', 'everything'], ['operator', 'operator', 'providers, keys, rules; no prompts, no accounts'], ['viewer', 'viewer', 'looks, changes nothing'],
  ['developer', 'developer', 'sees the own user’s requests'], ['team_lead', 'team lead', 'sees the own team’s requests'],
] as const;

export function Accounts() {
  const queries = useQueryClient();
  const me = useSession();
  const found = useQuery({ queryKey: ['accounts'], queryFn: accounts });
  const [form, setForm] = useState<Account | 'new' | null>(null);
  const [gone, setGone] = useState<Account | null>(null);
  const remove = useMutation({
    mutationFn: () => removeAccount(gone?.id ?? ''),
    onSuccess: async () => {
      setGone(null);
      await queries.invalidateQueries();
    },
  });
  return (
    <div className="stack">
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button kind="primary" icon="plus" onClick={() => setForm('new')}>Create an account</Button></div>
      <ErrorNote error={found.error} retry={() => void found.refetch()} />
      <Card flush>
        {found.isPending ? <div style={{ padding: 16 }}><Skeleton /></div> : (found.data ?? []).length === 0 ? <Empty title="No account">The one-time link that Fairlead prints makes the first one.</Empty> : (
          <div className="scroll">
            <table className="list">
              <thead><tr><th scope="col">User name</th><th scope="col">Role</th><th scope="col">Last signed in</th><th scope="col"><span className="hidden-text">Actions</span></th></tr></thead>
              <tbody>
                {found.data?.map((account) => (
                  <tr key={account.id}>
                    <td><strong>{account.username}</strong> {account.name !== undefined && account.name !== '' && account.name !== account.username && <span className="muted">{account.name}</span>} {account.active === false && <Tag>switched off</Tag>}</td>
                    <td>{account.role.replace('_', ' ')} <span className="faint small">{ROLES.find(([role]) => role === account.role)?.[2]}</span></td>
                    <td className="muted">{account.last_login_at ? relative(account.last_login_at) : 'never'}</td>
                    <td className="act"><span className="row"><Button small icon="edit" aria-label={`Edit ${account.username}`} onClick={() => setForm(account)} />{account.id !== me?.user?.id && <Button small kind="danger" icon="trash" aria-label={`Remove ${account.username}`} onClick={() => setGone(account)} />}</span></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      {form !== null && <AccountForm one={form === 'new' ? null : form} onClose={() => setForm(null)} />}
      {gone !== null && <Confirm title={`Remove ${gone.username}?`} action="Remove it" busy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={() => setGone(null)}>Its sessions end at once.</Confirm>}
    </div>
  );
}

function AccountForm({ one, onClose }: { one: Account | null; onClose: () => void }) {
  const queries = useQueryClient();
  const people = useQuery({ queryKey: ['users'], queryFn: users, retry: false });
  const groups = useQuery({ queryKey: ['teams'], queryFn: teams });
  const [username, setUsername] = useState(one?.username ?? '');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<string>(one?.role ?? 'viewer');
  const [user, setUser] = useState(typeof one?.['user_id'] === 'string' ? one['user_id'] : '');
  const [team, setTeam] = useState(one?.team_id ?? '');
  const [active, setActive] = useState(one?.active !== false);
  const [prompts, setPrompts] = useState(texts(one?.['permissions']).includes('prompts.read'));
  const save = useMutation({
    mutationFn: () => {
      const body = {
        ...(one === null || username !== one.username ? { username } : {}), ...(password === '' ? {} : { password }), role, active,
        ...(role === 'developer' ? { user_id: user } : {}), ...(role === 'team_lead' ? { team_id: team } : {}),
        ...(role === 'admin' ? {} : { permissions: prompts ? ['prompts.read'] : [] }),
      };
      return one === null ? createAccount(body) : changeAccount(one.id, body);
    },
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries();
    },
  });
  return (
    <FormDialog title={one === null ? 'Create an account' : `Edit ${one.username}`} submit={one === null ? 'Create' : 'Save'} busy={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="form">
        <TextField label="User name" path="username" autoFocus autoComplete="off" value={username} onText={setUsername} />
        <TextField label="Password" path="password" type="password" autoComplete="new-password" placeholder={one === null ? '' : 'stays as it is'} value={password} onText={setPassword} />
        <SelectField label="Role" path="role" value={role} onText={setRole} options={ROLES.map(([key, title, about]) => [key, `${title}: ${about}`] as const)} />
        {role === 'developer' && <SelectField label="User" path="user_id" value={user} onText={setUser} options={[['', 'choose'], ...(people.data ?? []).map((each) => [each.id, each.name] as const)]} />}
        {role === 'team_lead' && <SelectField label="Team" path="team_id" value={team} onText={setTeam} options={[['', 'choose'], ...(groups.data ?? []).map((each) => [each.id, each.name] as const)]} />}
        {role !== 'admin' && <Check label="May read prompts and answers" hint="Every reading stands in the audit log." checked={prompts} onChange={(event) => setPrompts(event.target.checked)} />}
        {one !== null && <Check label="May sign in" checked={active} onChange={(event) => setActive(event.target.checked)} />}
      </div>
    </FormDialog>
  );
}

export function Tokens() {
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ['tokens'], queryFn: tokens });
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const [gone, setGone] = useState<Token | null>(null);
  const remove = useMutation({
    mutationFn: () => removeToken(gone?.id ?? ''),
    onSuccess: async () => {
      setGone(null);
      await queries.invalidateQueries();
    },
  });
  return (
    <div className="stack">
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button kind="primary" icon="plus" onClick={() => setAdding(true)}>Create a token</Button></div>
      <ErrorNote error={found.error} retry={() => void found.refetch()} />
      <Card flush>
        {found.isPending ? <div style={{ padding: 16 }}><Skeleton /></div> : (found.data ?? []).length === 0 ? <Empty title="No token">A token lets a script call the control API: <code>Authorization: Bearer …</code></Empty> : (
          <div className="scroll">
            <table className="list">
              <thead><tr><th scope="col">Name</th><th scope="col">May</th><th scope="col">Last used</th><th scope="col">Expires</th><th scope="col"><span className="hidden-text">Actions</span></th></tr></thead>
              <tbody>
                {found.data?.map((token) => (
                  <tr key={token.id}>
                    <td><strong>{token.name}</strong> <code className="faint">{typeof token['hint'] === 'string' ? token['hint'] : ''}</code></td>
                    <td className="small muted">{texts(token['scopes']).join(', ')}</td>
                    <td className="muted">{token.last_used_at ? relative(token.last_used_at) : 'never'}</td>
                    <td className="muted">{token.expires_at ? relative(token.expires_at) : 'never'}</td>
                    <td className="act"><Button small kind="danger" icon="trash" aria-label={`Revoke ${token.name}`} onClick={() => setGone(token)} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      {adding && <TokenForm onClose={() => setAdding(false)} onMade={setShown} />}
      {shown !== null && (
        <Dialog title="The token" onClose={() => setShown(null)}>
          <div className="dbody stack"><Note tone="warn">Copy it now: it cannot be shown again.</Note><div className="secret"><code>{shown}</code><CopyButton text={shown} label="Copy" /></div></div>
          <div className="dfoot"><Button kind="primary" onClick={() => setShown(null)}>Done</Button></div>
        </Dialog>
      )}
      {gone !== null && <Confirm title={`Revoke ${gone.name}?`} action="Revoke it" busy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={() => setGone(null)}>Scripts that use it are refused from then on.</Confirm>}
    </div>
  );
}

const SCOPES = ['config.read', 'config.write', 'keys.write', 'usage.read', 'logs.read', 'prompts.read', 'admin'];

function TokenForm({ onClose, onMade }: { onClose: () => void; onMade: (value: string) => void }) {
  const queries = useQueryClient();
  const session = useSession();
  const mine = session?.permissions ?? [];
  const [name, setName] = useState('');
  const [expires, setExpires] = useState('');
  const [scopes, setScopes] = useState<string[]>(['config.read', 'usage.read', 'logs.read'].filter((scope) => mine.length === 0 || mine.includes(scope)));
  const save = useMutation({
    mutationFn: () => createToken({ name, scopes, ...(expires === '' ? {} : { expires_at: new Date(expires).toISOString() }) }),
    onSuccess: async (value) => {
      onClose();
      onMade(value);
      await queries.invalidateQueries();
    },
  });
  return (
    <FormDialog title="Create a token" submit="Create" busy={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="form">
        <TextField wide="half" label="Name" path="name" autoFocus value={name} onText={setName} />
        <TextField wide="half" label="Expires" path="expires_at" type="datetime-local" value={expires} onText={setExpires} />
        <fieldset className="stack tight">
          <legend className="label" style={{ marginBottom: 6 }}>May</legend>
          {SCOPES.filter((scope) => mine.length === 0 || mine.includes(scope)).map((scope) => <Check key={scope} label={scope} checked={scopes.includes(scope)} onChange={(event) => setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))} />)}
        </fieldset>
      </div>
    </FormDialog>
  );
}

export function Audit() {
  const may = useMay('admin');
  const found = useInfiniteQuery({ queryKey: ['audit'], queryFn: ({ pageParam }) => audit(pageParam), initialPageParam: null as string | null, getNextPageParam: (page) => page.next, enabled: may });
  const rows = found.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <div className="stack">
      <ErrorNote error={found.error} retry={() => void found.refetch()} />
      <Card flush>
        {found.isPending ? <div style={{ padding: 16 }}><Skeleton lines={6} /></div> : rows.length === 0 ? <Empty title="Nothing yet">Every change made here or through the API is written down.</Empty> : (
          <div className="scroll">
            <table className="list">
              <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">Did</th><th scope="col">To</th><th scope="col">Details</th></tr></thead>
              <tbody>
                {rows.map((entry) => (
                  <tr key={String(entry.id)}>
                    <td className="muted" style={{ whiteSpace: 'nowrap' }}>{fullTime(entry.time)}</td>
                    <td>{entry.actor}</td>
                    <td>{entry.action.replaceAll('_', ' ')}</td>
                    <td><span className="faint">{entry.kind.replaceAll('_', ' ')}</span> {entry.entity}</td>
                    <td className="small muted wrap">{entry.detail.length > 400 ? <details><summary>{entry.detail.slice(0, 120)}…</summary>{entry.detail}</details> : entry.detail}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      {found.hasNextPage && <div><Button disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>Older entries</Button></div>}
    </div>
  );
}
