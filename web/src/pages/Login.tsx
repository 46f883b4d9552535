import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { login, setUp } from '../api/control';
import { useRouter } from '../router';
import { Mark } from '../ui/icons';
import { Button, FaultsOf, FormError, Note, TextField } from '../ui/kit';

function Gate({ title, sub, children, submit, busy, error, onSubmit }: { title: string; sub: string; children: React.ReactNode; submit: string; busy: boolean; error: unknown; onSubmit: () => void }) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <main className="gatekeeper">
      <form className="card stack" onSubmit={send} noValidate>
        <div className="row" style={{ color: 'var(--accent)' }}><Mark size={30} /></div>
        <div>
          <h1>{title}</h1>
          <p className="muted">{sub}</p>
        </div>
        <FaultsOf error={error}>
          <FormError error={error} />
          {children}
        </FaultsOf>
        <Button kind="primary" type="submit" disabled={busy}>{busy ? 'One moment…' : submit}</Button>
      </form>
    </main>
  );
}

export function Login({ setUp: needed, onDone }: { setUp: boolean; onDone: () => void }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({ mutationFn: () => login(username, password), onSuccess: onDone });
  return (
    <Gate title="Sign in" sub="To the dashboard of this Fairlead." submit="Sign in" busy={signIn.isPending} error={signIn.error} onSubmit={() => signIn.mutate()}>
      {needed && <Note tone="info">No account exists yet. Open the one-time link that Fairlead printed when it started; it makes the first one.</Note>}
      <TextField label="User name" path="username" autoFocus autoComplete="username" autoCapitalize="none" value={username} onText={setUsername} />
      <TextField label="Password" path="password" type="password" autoComplete="current-password" value={password} onText={setPassword} />
    </Gate>
  );
}

export function SetUp({ token, onDone }: { token: string; onDone: () => void }) {
  const { go } = useRouter();
  const [username, setUsername] = useState('admin');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const differs = again !== '' && again !== password;
  const begin = useMutation({
    mutationFn: () => setUp(token, username, password),
    onSuccess: () => {
      go('/', { replace: true });
      onDone();
    },
  });
  return (
    <Gate title="Welcome" sub="Choose the first account. It may do everything; more accounts can follow." submit="Create the account" busy={begin.isPending || differs} error={begin.error} onSubmit={() => begin.mutate()}>
      <TextField label="User name" path="username" autoComplete="username" autoCapitalize="none" value={username} onText={setUsername} />
      <TextField label="Password" path="password" type="password" autoFocus autoComplete="new-password" hint="A long one; a sentence is fine." value={password} onText={setPassword} />
      <TextField label="Password again" type="password" autoComplete="new-password" value={again} onText={setAgain} error={differs ? 'The two passwords differ.' : undefined} />
    </Gate>
  );
}
