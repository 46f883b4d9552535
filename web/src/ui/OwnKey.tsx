import { useSyncExternalStore } from 'react';
import { ApiError } from '../api/client';
import { keyInUse, onKey, useKey as take } from '../api/inference';
import { Link } from '../router';
import { TextField } from './kit';

/** Asks for a virtual key where the gateway wants one, and remembers it until the page is left. */
export function OwnKey({ error, always = false }: { error?: unknown; always?: boolean }) {
  const key = useSyncExternalStore(onKey, keyInUse);
  const wanted = error instanceof ApiError && (error.status === 401 || error.faults.some((fault) => fault.path === 'virtual_key'));
  if (!always && !wanted && key === '') return null;
  return <TextField label="Ask with this virtual key" type="password" placeholder="sk-fl-…" value={key} onText={take} hint={<>Kept until this page is left. <Link to="/governance/keys">Create one</Link></>} />;
}
