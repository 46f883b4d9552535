// More money for a while: on top of a budget, without changing the budget itself.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeOwner, endKeyTopUp, type OwnerKind, topUpKey } from '../../api/control';
import type { Budget, Owned } from '../../api/types';
import { period, usd } from '../../lib/format';
import { Button, FormDialog, Note, SelectField, TextField, useToast } from '../../ui/kit';
import { budgetAsSent } from './limits';

/** Whose budgets they are; keys have a route of their own for it. */
type Kind = OwnerKind | 'virtual-keys';

/** All budgets with the top-up of one set, or taken away by null, since one left out stays; the moment its first window lies in is now. */
export function budgetsWith(budgets: readonly Budget[], which: number, more: { amount: number; mode: string; cycles?: number } | null, now: Date): Record<string, unknown>[] {
  return budgets.map((budget, i) => {
    const { override: _, ...rest } = budgetAsSent(budget) as { override?: unknown } & Record<string, unknown>;
    if (i !== which) return budgetAsSent(budget);
    return more === null ? { ...rest, override: null } : { ...rest, override: { ...more, ...(more.mode === 'cycles' ? { started_at: `${now.toISOString().slice(0, 19)}Z` } : {}) } };
  });
}

export function TopUp({ kind, owner, onClose }: { kind: Kind; owner: Owned; onClose: () => void }) {
  const queries = useQueryClient();
  const toast = useToast();
  const budgets = owner.budgets ?? [];
  const [which, setWhich] = useState('0');
  const [amount, setAmount] = useState('');
  const [mode, setMode] = useState('cycles');
  const [cycles, setCycles] = useState('1');
  const budget = budgets[Number(which)];
  const done = async (said: string) => {
    toast(said);
    onClose();
    await queries.invalidateQueries();
  };
  const send = async (more: { amount: number; mode: string; cycles?: number } | null) => {
    if (budget === undefined) return;
    if (kind !== 'virtual-keys') await changeOwner(kind, owner.id, { budgets: budgetsWith(budgets, Number(which), more, new Date()) });
    else if (more === null) await endKeyTopUp(owner.id, budget.id ?? '');
    else await topUpKey(owner.id, budget.id ?? '', more);
  };
  const add = useMutation({
    mutationFn: () => send({ amount: Number(amount), mode, ...(mode === 'cycles' ? { cycles: Number(cycles) } : {}) }),
    onSuccess: () => done(`${owner.name} has more now.`),
  });
  const end = useMutation({ mutationFn: () => send(null), onSuccess: () => done('The top-up was taken back.') });
  const unit = period(budget?.reset_duration ?? '');
  return (
    <FormDialog title={`Top up ${owner.name}`} sub="On top of the budget, which stays as it is." submit="Top up" busy={add.isPending || end.isPending} error={add.error ?? end.error} onSubmit={() => add.mutate()} onClose={onClose} danger={
      budget?.override !== undefined && <Button kind="danger" disabled={end.isPending} onClick={() => end.mutate()}>Take the top-up back</Button>
    }>
      {budget?.override !== undefined && <Note>It is topped up by {usd(budget.override.amount)} {budget.override.mode === 'forever' ? 'for good' : `for ${budget.override.cycles ?? 1} × ${unit}`}. A new one replaces that.</Note>}
      <div className="form">
        {budgets.length > 1 && <SelectField label="Budget" value={which} onText={setWhich} options={budgets.map((each, i) => [String(i), `${usd(each.max_limit)} a ${period(each.reset_duration)}`] as const)} />}
        <TextField wide="half" label="USD more" path={kind === 'virtual-keys' ? 'amount' : 'override.amount'} type="number" min={0} step="any" autoFocus value={amount} onText={setAmount} hint={budget === undefined ? '' : `On top of ${usd(budget.max_limit)} a ${unit}.`} />
        <SelectField wide="half" label="For how long" path={kind === 'virtual-keys' ? 'mode' : 'override.mode'} value={mode} onText={setMode} options={[['cycles', 'a number of periods'], ['forever', 'for good']]} />
        {mode === 'cycles' && <TextField wide="half" label="Periods" path={kind === 'virtual-keys' ? 'cycles' : 'override.cycles'} type="number" min={1} max={1000} value={cycles} onText={setCycles} hint={`Each a ${unit}; the present one is the first.`} />}
      </div>
    </FormDialog>
  );
}
