// Budgets and limits, the same for keys, teams, customers and users.
import type { Budget, Owned, RateLimit } from '../../api/types';
import { compact, period, relative, usd } from '../../lib/format';
import { Button, Check, Meter, SelectField, TextField } from '../../ui/kit';

export const PERIODS = [['1h', 'hour'], ['1d', 'day'], ['1w', 'week'], ['1M', 'month'], ['1Q', 'quarter'], ['1Y', 'year']] as const;

export interface LimitDraft {
  budgets: { kept: Budget | null; limit: string; period: string; observe: boolean; strict: boolean }[];
  requests: string;
  requestPeriod: string;
  tokens: string;
  tokenPeriod: string;
  concurrent: string;
  /** What of the rate limit this form does not show. */
  rest: RateLimit | null;
}

export function draftOf(owner: Pick<Owned, 'budgets' | 'rate_limit'> | null): LimitDraft {
  const limit = owner?.rate_limit ?? null;
  const number = (value: unknown) => (typeof value === 'number' ? String(value) : '');
  return {
    budgets: (owner?.budgets ?? []).map((budget) => ({ kept: budget, limit: String(budget.max_limit), period: budget.reset_duration, observe: budget['mode'] === 'observe', strict: budget['strict'] === true })),
    requests: number(limit?.request_max_limit),
    requestPeriod: limit?.request_reset_duration ?? '1h',
    tokens: number(limit?.token_max_limit),
    tokenPeriod: limit?.token_reset_duration ?? '1h',
    concurrent: number(limit?.['concurrent_max_limit']),
    rest: limit,
  };
}

const SET = ['id', 'name', 'calendar_aligned', 'timezone', 'applies_to', 'when_unavailable', 'override', 'reset_config'];

function keep(from: Record<string, unknown> | null): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from ?? {}).filter(([field, value]) => SET.includes(field) && value !== null && value !== undefined));
}

/** What the API is sent; a budget keeps its id, so that what was used stays counted. */
export function limitsOf(draft: LimitDraft, had: boolean): Record<string, unknown> {
  // A change is merged into what there is: a field that was emptied has to be taken away by name.
  const gone = (fields: string[], empty: boolean) => (empty ? Object.fromEntries(fields.filter((field) => (draft.rest?.[field] ?? null) !== null).map((field) => [field, null])) : {});
  const limit = draft.requests === '' && draft.tokens === '' && draft.concurrent === '' ? null : {
    ...keep(draft.rest),
    ...(typeof draft.rest?.['mode'] === 'string' ? { mode: draft.rest['mode'] } : {}),
    ...gone(['request_max_limit', 'request_reset_duration'], draft.requests === ''),
    ...gone(['token_max_limit', 'token_reset_duration'], draft.tokens === ''),
    ...gone(['concurrent_max_limit'], draft.concurrent === ''),
    ...(draft.requests === '' ? {} : { request_max_limit: Number(draft.requests), request_reset_duration: draft.requestPeriod }),
    ...(draft.tokens === '' ? {} : { token_max_limit: Number(draft.tokens), token_reset_duration: draft.tokenPeriod }),
    ...(draft.concurrent === '' ? {} : { concurrent_max_limit: Number(draft.concurrent) }),
  };
  const budgets = draft.budgets.map((each) => ({
    ...keep(each.kept), max_limit: Number(each.limit), reset_duration: each.period,
    ...(each.observe ? { mode: 'observe' } : {}), ...(each.strict ? { strict: true } : {}),
  }));
  return {
    ...(budgets.length > 0 || had ? { budgets } : {}),
    ...(limit !== null ? { rate_limit: limit } : had ? { rate_limit: null } : {}),
  };
}

export function LimitFields({ draft, onChange }: { draft: LimitDraft; onChange: (draft: LimitDraft) => void }) {
  const change = (i: number, part: Partial<LimitDraft['budgets'][number]>) => onChange({ ...draft, budgets: draft.budgets.map((each, j) => (i === j ? { ...each, ...part } : each)) });
  return (
    <fieldset className="stack tight">
      <legend className="label" style={{ marginBottom: 6 }}>Budgets and limits</legend>
      {draft.budgets.map((budget, i) => (
        <div key={i} className="card" style={{ padding: 12 }}>
          <div className="form">
            <TextField wide="third" label="At most (USD)" path={`budgets.${i}.max_limit`} type="number" min={0} step="any" value={budget.limit} onText={(limit) => change(i, { limit })} />
            <SelectField wide="third" label="Each" path={`budgets.${i}.reset_duration`} value={budget.period} onText={(chosen) => change(i, { period: chosen })} options={PERIODS.some(([key]) => key === budget.period) ? PERIODS : [...PERIODS, [budget.period, period(budget.period)]]} />
            <div className="third row" style={{ alignSelf: 'end', justifyContent: 'flex-end' }}><Button kind="quiet" icon="trash" aria-label="Remove the budget" onClick={() => onChange({ ...draft, budgets: draft.budgets.filter((_, j) => j !== i) })} /></div>
            <div className="row wrapping" style={{ gap: 16 }}>
              <Check label="Only report" checked={budget.observe} onChange={(event) => change(i, { observe: event.target.checked })} />
              <Check label="Strict" title="Reserves the most that a request can cost, so it is never passed." checked={budget.strict} onChange={(event) => change(i, { strict: event.target.checked })} />
            </div>
          </div>
        </div>
      ))}
      <div><Button small icon="plus" onClick={() => onChange({ ...draft, budgets: [...draft.budgets, { kept: null, limit: '', period: '1M', observe: false, strict: false }] })}>Add a budget</Button></div>
      <div className="form">
        <TextField wide="third" label="Requests" path="rate_limit.request_max_limit" type="number" min={0} placeholder="any number" value={draft.requests} onText={(requests) => onChange({ ...draft, requests })} />
        <SelectField wide="third" label="each" path="rate_limit.request_reset_duration" value={draft.requestPeriod} onText={(requestPeriod) => onChange({ ...draft, requestPeriod })} options={[['1m', 'minute'], ...PERIODS, ...(['1m', ...PERIODS.map(([key]) => key)].includes(draft.requestPeriod) ? [] : ([[draft.requestPeriod, period(draft.requestPeriod)]] as [string, string][]))]} />
        <TextField wide="third" label="At the same time" path="rate_limit.concurrent_max_limit" type="number" min={0} placeholder="any number" value={draft.concurrent} onText={(concurrent) => onChange({ ...draft, concurrent })} />
        <TextField wide="third" label="Tokens" path="rate_limit.token_max_limit" type="number" min={0} placeholder="any number" value={draft.tokens} onText={(tokens) => onChange({ ...draft, tokens })} />
        <SelectField wide="third" label="each" path="rate_limit.token_reset_duration" value={draft.tokenPeriod} onText={(tokenPeriod) => onChange({ ...draft, tokenPeriod })} options={[['1m', 'minute'], ...PERIODS, ...(['1m', ...PERIODS.map(([key]) => key)].includes(draft.tokenPeriod) ? [] : ([[draft.tokenPeriod, period(draft.tokenPeriod)]] as [string, string][]))]} />
      </div>
    </fieldset>
  );
}

/** A budget as the API is sent it again, without what it only tells. */
export function budgetAsSent(budget: Budget): Record<string, unknown> {
  return { ...keep(budget), max_limit: budget.max_limit, reset_duration: budget.reset_duration, ...(typeof budget['mode'] === 'string' ? { mode: budget['mode'] } : {}), ...(budget['strict'] === true ? { strict: true } : {}) };
}

/** Used, left and when it starts anew. */
export function Usage({ owner }: { owner: Owned }) {
  const budgets = owner.budgets ?? [];
  const limit = owner.rate_limit ?? null;
  if (budgets.length === 0 && limit === null) return <span className="faint small">no limit</span>;
  return (
    <div className="stack tight" style={{ gap: 6, minWidth: 230 }}>
      {budgets.map((budget, i) => {
        const used = budget.current_usage ?? 0;
        const reset = budget.resets_at;
        const most = budget.effective_limit ?? budget.max_limit;
        const left = Math.max(0, most - used);
        return (
          <div key={budget.id ?? i}>
            <div className="row spread small"><span>{usd(used)} <span className="faint">of {usd(most)} a {period(budget.reset_duration)}</span></span><span className={left === 0 ? 'tag bad' : 'faint'}>{left === 0 ? 'used up' : `${usd(left)} left`}</span></div>
            <Meter used={used} limit={most} label={`Budget of ${owner.name}`} />
            {most > budget.max_limit && <div className="small"><span className="tag info">{usd(most - budget.max_limit)} more</span></div>}
            {reset !== undefined && <div className="faint small">resets {relative(reset)}</div>}
          </div>
        );
      })}
      {limit !== null && (
        <div className="faint small">
          {typeof limit.request_max_limit === 'number' && <div>{limit.request_current_usage !== undefined && `${compact(limit.request_current_usage)} of `}{compact(limit.request_max_limit)} requests a {period(limit.request_reset_duration ?? '')}</div>}
          {typeof limit.token_max_limit === 'number' && <div>{limit.token_current_usage !== undefined && `${compact(limit.token_current_usage)} of `}{compact(limit.token_max_limit)} tokens a {period(limit.token_reset_duration ?? '')}</div>}
          {typeof limit['concurrent_max_limit'] === 'number' && <div>{String(limit['concurrent_max_limit'])} at the same time</div>}
        </div>
      )}
    </div>
  );
}
