import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { customers, teams, users, virtualKeys } from '../api/control';
import { histogram, type Measure, rankings, type Savings, savings, stats } from '../api/logs';
import type { Bucket, Budget, Owned, Stats } from '../api/types';
import { compact, count, duration, percent, period as periodName, relative, usd } from '../lib/format';
import { bounds, isRange, PERIODS, range } from '../lib/period';
import { Link, useQueryState, useRouter } from '../router';
import { Chart, type Series } from '../ui/Chart';
import { Button, Card, Empty, ErrorNote, Meter, Note, PageHead, Segments, Skeleton } from '../ui/kit';

export const DIMENSIONS = [
  ['model', 'Model', 'models'], ['provider', 'Provider', 'providers'], ['key', 'Key', 'virtual_key_ids'], ['team', 'Team', 'team_ids'], ['customer', 'Customer', 'customer_ids'],
  ['user', 'User', 'user_ids'], ['client', 'Client', 'clients'], ['feature', 'Client feature', 'features'], ['rule', 'Rule', 'routing_rule_ids'],
  ['repository', 'Repository', 'repositories'], ['branch', 'Branch', 'branches'],
] as const;

const MEASURES: readonly (readonly [Measure, string])[] = [['cost', 'Cost'], ['', 'Requests'], ['tokens', 'Tokens'], ['latency', 'Latency']];

export default function Overview() {
  const [query, setQuery] = useQueryState();
  const { go } = useRouter();
  const when = query.get('period') ?? '24h';
  const measure = (MEASURES.find(([key]) => key === (query.get('measure') ?? 'cost'))?.[0] ?? 'cost');
  const dimension = DIMENSIONS.find(([key]) => key === query.get('by')) ?? DIMENSIONS[0];
  const every = isRange(when) ? false : 15_000;
  const figures = useQuery({ queryKey: ['stats', when], queryFn: () => stats(bounds(when)), refetchInterval: every });
  const saved = useQuery({ queryKey: ['savings', when], queryFn: () => savings(bounds(when)), refetchInterval: every });
  const ranks = useQuery({ queryKey: ['rankings', dimension[0], when], queryFn: () => rankings(dimension[0], bounds(when)), refetchInterval: every });
  const series = useQuery({ queryKey: ['histogram', measure, dimension[0], when], queryFn: () => histogram(measure, bounds(when), measure === 'latency' ? null : dimension[0]), refetchInterval: every });

  const openLogs = (extra: Record<string, string>) => {
    const params = new URLSearchParams({ ...extra, period: when });
    go(`/logs?${params.toString()}`);
  };
  const chart = useMemo(() => toChart(series.data?.buckets ?? [], series.data?.names ?? new Map<string, string>(), measure), [series.data, measure]);
  const format = measure === 'cost' ? usd : measure === 'latency' ? duration : compact;

  return (
    <>
      <PageHead title="Overview" actions={
        <>
          {isRange(when) && <Button icon="close" onClick={() => setQuery({ period: null })}>Chosen period</Button>}
          <Segments label="Period" value={when} options={PERIODS as unknown as readonly (readonly [string, string])[]} onChange={(period) => setQuery({ period })} />
        </>
      }>
        What goes through this gateway, what it costs and how well it works.
      </PageHead>
      <div className="stack">
        <ErrorNote error={figures.error} retry={() => void figures.refetch()} />
        {figures.data === undefined ? (figures.error === null ? <Skeleton lines={2} height={60} /> : null) : <Tiles stats={figures.data} saved={saved.data} onErrors={() => openLogs({ status: 'failed,refused,cut' })} />}
        {figures.data?.requests === 0 ? <Beginning chosen={when} /> : (
          <>
            <Card title="Over time" actions={
              <>
                <Segments label="Measure" value={measure} options={MEASURES} onChange={(next) => setQuery({ measure: next === '' ? 'requests' : next })} />
                {measure !== 'latency' && <By value={dimension[0]} onChange={(by) => setQuery({ by })} />}
              </>
            }>
              <ErrorNote error={series.error} retry={() => void series.refetch()} />
              {series.isPending ? <Skeleton lines={1} height={210} /> : chart.times.length === 0 ? <p className="muted">Nothing in this period.</p> : (
                <Chart label={`${measure === '' ? 'Requests' : measure} over time`} times={chart.times} series={chart.series} stacked={measure !== 'latency'} format={format} onZoom={(from, to) => setQuery({ period: range(from, to) })} />
              )}
              <p className="faint small">Drag over the chart to look closer.</p>
            </Card>
            <div className="cols">
              <Card title={`By ${dimension[1].toLowerCase()}`} actions={<By value={dimension[0]} onChange={(by) => setQuery({ by })} />}>
                <ErrorNote error={ranks.error} retry={() => void ranks.refetch()} />
                {ranks.isPending ? <Skeleton lines={5} height={26} /> : (
                  <div className="ranks">
                    {(ranks.data ?? []).length === 0 && <p className="muted">No request in this period names a {dimension[1].toLowerCase()}.</p>}
                    {(ranks.data ?? []).map((rank) => {
                      const largest = Math.max(...(ranks.data ?? []).map((each) => (each.cost > 0 ? each.cost : 0)), 0);
                      const most = Math.max(...(ranks.data ?? []).map((each) => each.requests), 1);
                      const share = largest > 0 ? rank.cost / largest : rank.requests / most;
                      return (
                        <button key={rank.id} className="rank" onClick={() => openLogs({ [dimension[2]]: rank.id })} title="Show these requests">
                          <span className="clip">{rank.name === '' ? <span className="faint">none</span> : rank.name}</span>
                          <span className="faint small">{count(rank.requests)} {rank.requests === 1 ? 'request' : 'requests'}{rank.errors > 0 && `, ${count(rank.errors)} failed`}</span>
                          <strong className="num">{usd(rank.cost)}</strong>
                          <span className="share"><i style={{ width: `${Math.max(1, share * 100)}%` }} /></span>
                        </button>
                      );
                    })}
                  </div>
                )}
              </Card>
              <Forecast />
            </div>
            <Compare when={when} />
            <Adoption when={when} />
          </>
        )}
      </div>
    </>
  );
}

function By({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <select className="input" style={{ width: 'auto' }} aria-label="Split by" value={value} onChange={(event) => onChange(event.target.value)}>
      {DIMENSIONS.map(([key, label]) => <option key={key} value={key}>by {label.toLowerCase()}</option>)}
    </select>
  );
}

function Tiles({ stats: s, saved, onErrors }: { stats: Stats; saved: Savings | undefined; onErrors: () => void }) {
  const before = s.previous;
  const change = (now: number, then: number | undefined) => then === undefined || then === 0 ? null : `${now >= then ? '+' : '−'}${percent(Math.abs(now / then - 1), 0)} vs. before`;
  return (
    <div className="tiles">
      <Tile name="Requests" value={count(s.requests)} detail={change(s.requests, before?.requests)} />
      <Tile name="Cost" value={usd(s.cost)} detail={s.unknownCost > 0 ? `${count(s.unknownCost)} of unknown price` : change(s.cost, before?.cost)} />
      <Tile name="Tokens" value={compact(s.tokens)} detail={s.tokens > 0 && s.inputTokens + s.outputTokens > 0 ? `${compact(s.outputTokens)} written` : null} />
      <Tile name="Failed" value={s.requests === 0 ? '–' : percent(s.errors / s.requests)} detail={s.errors > 0 ? <a href="#errors" onClick={(event) => {
        event.preventDefault();
        onErrors();
      }}>show {count(s.errors)}</a> : 'none'} />
      <Tile name="Latency" value={duration(s.p50)} detail={s.p95 === null ? 'typical' : `p95 ${duration(s.p95)}${s.p99 === null ? '' : `, p99 ${duration(s.p99)}`}`} />
      {s.firstByteP50 !== null && <Tile name="First byte" value={duration(s.firstByteP50)} detail="typical" />}
      <Tile name="From cache" value={compact(s.cacheRead)} detail={s.tokens > 0 ? `tokens, ${percent(s.cacheRead / s.tokens, 0)} of all` : 'tokens'} />
      {saved !== undefined && saved.tokens > 0 && saved.tokens > saved.unpriced && <Tile name="Cache saved" value={usd(saved.usd)} detail={saved.unpriced > 0 ? `${compact(saved.unpriced)} tokens of unknown price` : saved.usd < 0 ? 'writing cost more' : s.cost + saved.usd > 0 ? `${percent(saved.usd / (s.cost + saved.usd), 0)} of what it would cost` : null} />}
    </div>
  );
}

function Tile({ name, value, detail }: { name: string; value: string; detail: React.ReactNode }) {
  return (
    <div className="card tile">
      <div className="k">{name}</div>
      <div className="v">{value}</div>
      <div className="d">{detail ?? '\u00a0'}</div>
    </div>
  );
}

function Beginning({ chosen }: { chosen: string }) {
  return (
    <Card>
      <Empty title={chosen === '30d' ? 'No request yet' : 'No request in this period'} action={
        <div className="row wrapping" style={{ justifyContent: 'center' }}>
          <Link className="btn primary" to="/connect">Connect a client</Link>
          <Link className="btn" to="/playground">Try a model</Link>
        </div>
      }>
        Connect Cursor, Claude Code, Codex or an SDK, or ask a model in the playground; what it costs and how long it takes shows here at once.
      </Empty>
    </Card>
  );
}

export function toChart(buckets: Bucket[], names: ReadonlyMap<string, string>, measure: Measure): { times: number[]; series: Series[] } {
  const times = buckets.map((bucket) => bucket.time);
  const totals = new Map<string, number>();
  for (const bucket of buckets) for (const [name, value] of Object.entries(bucket.values)) totals.set(name, (totals.get(name) ?? 0) + value);
  const sorted = [...totals].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  if (measure === 'latency') sorted.sort((a, b) => (a === 'typical' ? -1 : b === 'typical' ? 1 : a.localeCompare(b)));
  const shown = sorted.slice(0, sorted.length > 8 ? 7 : 8);
  const series = shown.map((name) => ({ name: names.get(name) ?? (name === '' ? 'none' : name), values: buckets.map((bucket) => bucket.values[name] ?? (measure === 'latency' ? null : 0)) }));
  if (sorted.length > shown.length) {
    const rest = sorted.slice(shown.length);
    series.push({ name: 'others', values: buckets.map((bucket) => rest.reduce((sum, name) => sum + (bucket.values[name] ?? 0), 0)) });
  }
  return { times, series };
}

/** What a budget will have used at its end when spending goes on as until now. */
export function forecast(budget: Budget, now: number): number | null {
  const begin = budget.last_reset === undefined ? NaN : new Date(budget.last_reset).getTime();
  const end = new Date(budget.resets_at ?? '').getTime();
  const used = budget.current_usage ?? 0;
  if (Number.isNaN(begin) || Number.isNaN(end) || now <= begin || end <= begin) return null;
  const gone = Math.max((now - begin) / (end - begin), 0.02);
  return used / Math.min(1, gone);
}

function Forecast() {
  const keys = useQuery({ queryKey: ['virtual-keys'], queryFn: virtualKeys, refetchInterval: 30_000 });
  const groups = useQuery({ queryKey: ['teams'], queryFn: teams });
  const people = useQuery({ queryKey: ['users'], queryFn: users, retry: false });
  const firms = useQuery({ queryKey: ['customers'], queryFn: customers });
  const rows = useMemo(() => {
    const all: { kind: string; owner: Owned; budget: Budget }[] = [];
    const add = (kind: string, owners: Owned[] | undefined) => owners?.forEach((owner) => owner.budgets?.forEach((budget) => all.push({ kind, owner, budget })));
    add('Customer', firms.data);
    add('Team', groups.data);
    add('User', people.data);
    add('Key', keys.data);
    return all.sort((a, b) => (b.budget.current_usage ?? 0) / b.budget.max_limit - (a.budget.current_usage ?? 0) / a.budget.max_limit).slice(0, 8);
  }, [keys.data, groups.data, people.data, firms.data]);
  return (
    <Card title="Budgets" actions={<Link className="btn small" to="/governance">All</Link>}>
      {keys.isPending ? <Skeleton lines={4} height={26} /> : rows.length === 0 ? (
        <Empty title="No budget is set" action={<Link className="btn" to="/governance">Set one</Link>}>A budget on a key, team or customer stops or only reports spending, and its forecast shows here.</Empty>
      ) : (
        <div className="stack">
          {rows.map(({ kind, owner, budget }, i) => {
            const used = budget.current_usage ?? 0;
            const ends = forecast(budget, Date.now());
            const until = budget.resets_at;
            return (
              <div key={`${owner.id}-${budget.id ?? i}`} className="stack tight" style={{ gap: 4 }}>
                <div className="row spread">
                  <span className="clip"><span className="faint small">{kind}</span> {owner.name}</span>
                  <span className="num">{usd(used)} <span className="faint">of {usd(budget.max_limit)} a {periodName(budget.reset_duration)}</span></span>
                </div>
                <Meter used={used} limit={budget.max_limit} label={`Budget of ${owner.name}`} />
                <div className="row spread small faint">
                  <span>{until === undefined ? '' : `resets ${relative(until)}`}</span>
                  {ends !== null && <span style={ends > budget.max_limit ? { color: 'var(--bad)' } : undefined}>about {usd(ends)} at its end</span>}
                </div>
              </div>
            );
          })}
        </div>
      )}
    </Card>
  );
}

/** Two models side by side, for one thing that a client does. */
function Compare({ when }: { when: string }) {
  const [query, setQuery] = useQueryState();
  const found = useQuery({ queryKey: ['rankings', 'model', when], queryFn: () => rankings('model', bounds(when)) });
  const features = useQuery({ queryKey: ['rankings', 'feature', when], queryFn: () => rankings('feature', bounds(when)) });
  const names = (found.data ?? []).filter((each) => each.id !== '');
  const feature = query.get('feature') ?? '';
  const chosen = [query.get('a') ?? names[0]?.id ?? '', query.get('b') ?? names[1]?.id ?? ''] as const;
  const ask = (model: string) => ({ ...bounds(when), models: model, features: feature });
  const a = useQuery({ queryKey: ['stats', when, chosen[0], feature], queryFn: () => stats(ask(chosen[0])), enabled: chosen[0] !== '' });
  const b = useQuery({ queryKey: ['stats', when, chosen[1], feature], queryFn: () => stats(ask(chosen[1])), enabled: chosen[1] !== '' });
  if (names.length < 2) return null;
  const each = (s: Stats | undefined, value: (s: Stats) => string) => (s === undefined ? '…' : s.requests === 0 ? '–' : value(s));
  const rows: [string, (s: Stats) => string][] = [
    ['Requests', (s) => count(s.requests)],
    ['Cost per request', (s) => usd(s.cost / s.requests)],
    ['Tokens per request', (s) => compact(s.tokens / s.requests)],
    ['Latency, typical', (s) => duration(s.p50)],
    ['Latency, p95', (s) => duration(s.p95)],
    ['Failed', (s) => percent(s.errors / s.requests)],
  ];
  return (
    <Card title="Two models compared" actions={
      <select className="input" style={{ width: 'auto' }} aria-label="Client feature" value={feature} onChange={(event) => setQuery({ feature: event.target.value })}>
        <option value="">for everything</option>
        {(features.data ?? []).filter((one) => one.id !== '').map((one) => <option key={one.id} value={one.id}>for {one.name}</option>)}
      </select>
    } flush>
      <div className="scroll">
        <table className="list">
          <thead>
            <tr>
              <th scope="col"><span className="hidden-text">Measure</span></th>
              {(['a', 'b'] as const).map((side, i) => (
                <th scope="col" key={side} className="num">
                  <select className="input" style={{ width: 'auto', maxWidth: 260 }} aria-label={i === 0 ? 'First model' : 'Second model'} value={chosen[i]} onChange={(event) => setQuery({ [side]: event.target.value })}>
                    {names.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
                  </select>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="num">{each(a.data, value)}</td>
                <td className="num">{each(b.data, value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {feature !== '' && a.data?.requests === 0 && b.data?.requests === 0 && <div className="body"><Note>Neither was asked for this in the period.</Note></div>}
    </Card>
  );
}

/** Who of each team has asked anything in the period. */
function Adoption({ when }: { when: string }) {
  const people = useQuery({ queryKey: ['users'], queryFn: users, retry: false });
  const groups = useQuery({ queryKey: ['teams'], queryFn: teams, retry: false });
  const active = useQuery({ queryKey: ['rankings', 'user', when, 1000], queryFn: () => rankings('user', bounds(when), 1000), enabled: (people.data?.length ?? 0) > 0 });
  if (people.data === undefined || people.data.length === 0) return null;
  const asked = new Map((active.data ?? []).map((each) => [each.id, each]));
  const rows = [...(groups.data ?? []).map((team) => ({ id: team.id, name: team.name })), { id: '', name: 'without a team' }]
    .map((team) => {
      const members = people.data.filter((user) => (user.team_id ?? '') === team.id);
      const busy = members.filter((user) => asked.has(user.id));
      return {
        ...team, members, busy, idle: members.filter((user) => !asked.has(user.id)),
        requests: busy.reduce((sum, user) => sum + (asked.get(user.id)?.requests ?? 0), 0), cost: busy.reduce((sum, user) => sum + (asked.get(user.id)?.cost ?? 0), 0),
      };
    })
    .filter((team) => team.members.length > 0);
  return (
    <Card title="Adoption" flush>
      <div className="scroll">
        <table className="list">
          <thead><tr><th scope="col">Team</th><th scope="col">Active</th><th scope="col">Idle</th><th scope="col" className="num">Requests</th><th scope="col" className="num">Cost</th></tr></thead>
          <tbody>
            {rows.map((team) => (
              <tr key={team.id}>
                <td>{team.name}</td>
                <td style={{ minWidth: 160 }}><div className="row spread small"><span>{team.busy.length} of {team.members.length}</span></div><Meter used={team.busy.length} limit={team.members.length * 1.26} label={`Active people of ${team.name}`} /></td>
                <td className="small muted">{team.idle.slice(0, 5).map((user) => user.name).join(', ')}{team.idle.length > 5 && ` and ${team.idle.length - 5} more`}</td>
                <td className="num">{count(team.requests)}</td>
                <td className="num">{usd(team.cost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
