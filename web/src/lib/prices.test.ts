import { describe, expect, it } from 'vitest';
import { budgetsWith } from '../pages/governance/TopUp';
import { inWords, patchOf, pricesOf } from './prices';

describe('prices of an override', () => {
  it('are shown per million whichever way they were written', () => {
    const draft = pricesOf({ input_cost_per_token: 0.0000021, output_usd_per_million: 8 });
    expect(draft['input_usd_per_million']).toBe('2.1');
    expect(draft['output_usd_per_million']).toBe('8');
    expect(draft['cost_per_request']).toBe('');
    expect(inWords({ input_cost_per_token: 0.0000021, output_usd_per_million: 8 })).toBe('input $2.1, output $8');
  });

  it('are sent per million, and what was emptied is taken away', () => {
    const before = { input_cost_per_token: 0.000002, output_usd_per_million: 8 };
    expect(patchOf({ ...pricesOf(before), output_usd_per_million: '' }, before)).toEqual({ input_cost_per_token: null, output_usd_per_million: null, input_usd_per_million: 2 });
    expect(patchOf({ input_usd_per_million: '0' }, undefined)).toEqual({ input_usd_per_million: 0 });
  });
});

describe('a top-up', () => {
  const budgets = [{ id: 'a', max_limit: 5, reset_duration: '1d', current_usage: 3, effective_limit: 7, override: { amount: 2, mode: 'cycles' } }, { id: 'b', max_limit: 9, reset_duration: '1M', strict: true }];
  const now = new Date('2026-03-04T05:06:07.890Z');

  it('changes one budget and keeps the others as they are', () => {
    expect(budgetsWith(budgets, 1, { amount: 4, mode: 'cycles', cycles: 2 }, now)).toEqual([
      { id: 'a', max_limit: 5, reset_duration: '1d', override: { amount: 2, mode: 'cycles' } },
      { id: 'b', max_limit: 9, reset_duration: '1M', strict: true, override: { amount: 4, mode: 'cycles', cycles: 2, started_at: '2026-03-04T05:06:07Z' } },
    ]);
  });

  it('is taken back', () => {
    expect(budgetsWith(budgets, 0, null, now)[0]).toEqual({ id: 'a', max_limit: 5, reset_duration: '1d', override: null });
  });
});
