// The request log: rows, bodies, what runs, and figures over a period.
import { api, apiUrl, events, type Query, raw } from './client';
import { keyInUse } from './inference';
import { type Json, list, listIn, number, object, objects, text, texts, truth } from './read';
import type { Attempt, Bucket, LogDetail, LogPage, LogRow, Ranking, Running, Stats } from './types';

const id = encodeURIComponent;

function statusOf(row: Json): LogRow['status'] {
  const status = text(row, 'status');
  const outcome = text(row, 'outcome');
  if (status === 'processing') return 'processing';
  if (outcome === 'cancelled' || outcome === 'stopped' || status === 'cancelled') return 'cancelled';
  if (status === 'success' || outcome === 'completed') return 'success';
  return 'error';
}

/** Microseconds or milliseconds, whichever the row has, in milliseconds. */
function millis(row: Json, micros: string, ms: string): number | null {
  const us = number(row, micros);
  if (us !== null) return us < 0 ? null : us / 1000;
  const value = number(row, ms);
  return value === null || value < 0 ? null : value;
}

function money(row: Json): number | null {
  const cost = number(row, 'cost', 'cost_usd');
  if (cost !== null) return cost;
  const nano = number(row, 'cost_nano_usd');
  return nano === null ? null : nano / 1e9;
}

export function rowOf(answer: Json): LogRow {
  const row: Json = { ...object(answer['detail']), ...answer };
  const usage = object(row['token_usage'] ?? row['usage']);
  const input = number(usage, 'input_uncached', 'input', 'prompt_tokens') ?? number(row, 'input_tokens') ?? 0;
  return {
    id: text(row, 'id'),
    time: text(row, 'timestamp', 'time', 'created_at'),
    status: statusOf(row),
    code: number(row, 'status_code', 'http_status', 'code') ?? (typeof row['status'] === 'number' ? row['status'] : 0),
    outcome: text(row, 'outcome') || text(row, 'status'),
    operation: text(row, 'operation', 'object'),
    provider: text(row, 'provider'),
    model: text(row, 'model'),
    requestedModel: text(row, 'alias', 'requested_model') || text(row, 'model'),
    key: text(row, 'virtual_key_name') || text(row, 'principal'),
    keyId: text(row, 'virtual_key_id'),
    user: text(row, 'user_name', 'user_id'),
    team: text(row, 'team_name', 'team_id'),
    customer: text(row, 'customer_name', 'customer_id'),
    client: text(row, 'client'),
    feature: text(row, 'client_feature', 'feature'),
    session: text(row, 'session_id', 'session'),
    stream: truth(row, 'stream') ?? false,
    cost: money(row),
    latency: millis(row, 'total_us', 'latency') ?? 0,
    firstByte: millis(row, 'first_byte_us', 'first_byte'),
    overhead: millis(row, 'overhead_us', 'overhead'),
    queued: millis(row, 'queued_us', 'queued'),
    inputTokens: input,
    outputTokens: number(usage, 'output', 'completion_tokens') ?? number(row, 'output_tokens') ?? 0,
    cacheRead: number(usage, 'cache_read') ?? number(row, 'cache_read_tokens') ?? 0,
    cacheWrite: (number(usage, 'cache_write') ?? (number(usage, 'cache_write_5m') ?? 0) + (number(usage, 'cache_write_1h') ?? 0)) || (number(row, 'cache_write_tokens') ?? 0),
    reasoning: number(usage, 'reasoning') ?? number(row, 'reasoning_tokens') ?? 0,
    attempts: number(row, 'attempts_count') ?? (Array.isArray(row['attempts']) ? row['attempts'].length : number(row, 'attempts') ?? (number(row, 'number_of_retries') ?? 0) + 1),
    failure: text(row, 'failure', 'failure_code', 'error_code'),
    failureMessage: text(row, 'failure_message') || text(object(row['error_details']), 'message'),
    summary: text(row, 'content_summary', 'summary'),
    rule: text(row, 'routing_rule_name', 'routing_rule_id'),
    repository: text(row, 'repository'),
    branch: text(row, 'branch'),
  };
}

function attemptOf(attempt: Json): Attempt {
  return {
    provider: text(attempt, 'provider'),
    model: text(attempt, 'model'),
    key: text(attempt, 'key', 'key_name'),
    status: number(attempt, 'status') ?? 0,
    startedMs: millis(attempt, 'started_us', 'started') ?? 0,
    queuedMs: millis(attempt, 'queued_us', 'queued') ?? 0,
    firstByteMs: millis(attempt, 'first_byte_us', 'first_byte'),
    totalMs: millis(attempt, 'total_us', 'total') ?? 0,
    failure: text(attempt, 'failure'),
    detail: text(attempt, 'detail'),
  };
}

export function detailOf(answer: unknown): LogDetail {
  const outer = object(answer);
  const row: Json = { ...object(outer['detail']), ...outer };
  return {
    ...rowOf(row),
    trail: listIn(row, 'attempts', 'attempt_trail').map(attemptOf),
    dropped: texts(row['dropped']),
    warnings: texts(row['warnings']),
    tags: Object.fromEntries(Object.entries(object(row['tags'] ?? row['metadata'])).map(([name, value]) => [name, String(value)])),
    requestLane: text(row, 'request_lane'),
    replyLane: text(row, 'reply_lane'),
    requestDialect: text(row, 'request_dialect'),
    replyDialect: text(row, 'reply_dialect'),
    requestBytes: number(row, 'request_bytes') ?? 0,
    replyBytes: number(row, 'reply_bytes') ?? 0,
    finishReason: text(row, 'finish_reason', 'stop_reason'),
    clientAddress: text(row, 'client_address'),
    requestStored: truth(row, 'request_stored') ?? true,
    replyStored: truth(row, 'response_stored') ?? true,
    notes: [
      ...(truth(row, 'reply_truncated') === true ? ['The answer was longer than what is kept; its beginning is shown.'] : []),
      ...(truth(row, 'bodies_shed') === true ? ['The bodies were not kept: the log could not write fast enough.'] : []),
      ...(truth(row, 'redacted') === true ? ['Redaction rules changed what is shown.'] : []),
      ...(truth(row, 'reply_as_text') === true ? ['Of the answer only its text is kept.'] : []),
    ],
  };
}

/** Parameter of the API, what people call it, and its name in filterdata and "by". */
export const FACETS = [
  ['status', 'Status', 'outcome'], ['providers', 'Provider', 'provider'], ['models', 'Model', 'model'], ['aliases', 'Asked for', 'alias'], ['virtual_key_ids', 'Key', 'key'],
  ['user_ids', 'User', 'user'], ['team_ids', 'Team', 'team'], ['customer_ids', 'Customer', 'customer'], ['clients', 'Client', 'client'], ['features', 'Client feature', 'feature'],
  ['objects', 'Operation', 'operation'], ['routing_rule_ids', 'Rule', 'rule'], ['selected_key_ids', 'Provider key', 'provider_key'], ['failures', 'Failure', 'failure'],
  ['stop_reasons', 'Stop reason', 'finish'], ['cache_hit_types', 'Cache', 'cache'], ['repositories', 'Repository', 'repository'], ['branches', 'Branch', 'branch'],
] as const;

export type Facet = (typeof FACETS)[number][0];

/** What is asked for: facets (several values each), bounds, text and period, all in the API's own names. */
export type LogFilter = Record<string, string>;

export async function logs(filter: LogFilter, cursor: string | null, signal?: AbortSignal): Promise<LogPage> {
  const query: Query = { ...filter, limit: 100, cursor };
  const answer = object(await api<unknown>('api/logs', { query, signal }));
  const page = object(answer['pagination']);
  return {
    logs: listIn(answer, 'logs').map(rowOf),
    next: text(answer, 'next_cursor', 'next') || text(page, 'next_cursor', 'next', 'cursor') || null,
    partial: truth(answer, 'partial') ?? truth(page, 'partial') ?? false,
    total: number(page, 'total_count'),
  };
}

export const log = async (which: string, signal?: AbortSignal) => detailOf(await api<unknown>(`api/logs/${id(which)}`, { signal }));

export interface RawBody {
  text: string;
  bytes: number;
  image: boolean;
}

/** The bytes of one side as text; what is not UTF-8 shows as replacement characters. */
export async function body(which: string, side: 'request' | 'response', signal?: AbortSignal): Promise<RawBody> {
  const response = await raw(`api/logs/${id(which)}/${side}`, { signal, headers: { accept: '*/*' } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { text: new TextDecoder().decode(bytes), bytes: bytes.length, image: false };
}

export interface Replayed {
  id: string;
  code: number;
  /** The answer as a client got it. */
  body: string;
  /** The new request's row; null where it was not written in time. */
  row: LogDetail | null;
}

export function replayedOf(answer: unknown): Replayed {
  const made = object(object(answer)['replay']);
  return { id: text(made, 'id'), code: number(made, 'http_status') ?? 0, body: text(made, 'body'), row: made['detail'] === undefined ? null : detailOf(made) };
}

/** The same request once more, to another model, with the key in use if there is one. */
export async function replay(which: string, model: string): Promise<Replayed> {
  const key = keyInUse();
  return replayedOf(await api<unknown>(`api/logs/${id(which)}/replay`, { method: 'POST', body: { model, ...(key === '' ? {} : { virtual_key: key }) } }));
}

export async function filterData(): Promise<Partial<Record<Facet, [string, string][]>>> {
  const answer = object(await api<unknown>('api/logs/filterdata'));
  const found: Partial<Record<Facet, [string, string][]>> = {};
  for (const [facet, , name] of FACETS) {
    const values = answer[name];
    const pairs = list(values).flatMap((value): [string, string][] => {
      if (typeof value === 'string') return value === '' ? [] : [[value, value]];
      const each = object(value);
      const key = text(each, 'value', 'id', 'name');
      return key === '' ? [] : [[key, text(each, 'name', 'label') || key]];
    });
    if (pairs.length > 0) found[facet] = pairs;
  }
  return found;
}

export async function running(): Promise<Running[]> {
  return listIn(await api<unknown>('api/inflight'), 'requests', 'logs', 'in_flight').map(runningOf);
}

export function runningOf(row: Json): Running {
  const started = text(row, 'started_at', 'timestamp', 'time');
  return {
    id: text(row, 'id'),
    startedAt: started,
    ageMs: number(row, 'age_ms') ?? Math.max(0, Date.now() - new Date(started).getTime()),
    provider: text(row, 'provider'),
    model: text(row, 'target_model', 'model'),
    key: text(row, 'virtual_key_name', 'principal'),
    client: text(row, 'client'),
    feature: text(row, 'client_feature'),
    bytes: number(row, 'reply_bytes', 'bytes') ?? 0,
    cost: number(row, 'cost_estimated'),
    text: text(row, 'text'),
  };
}

export const stop = (which: string) => api<unknown>(`api/inflight/${id(which)}/stop`, { method: 'POST', body: {} });

/** Requests that fit the filter as they end, until the signal ends it or the connection breaks. */
export async function* tail(filter: LogFilter, signal: AbortSignal): AsyncGenerator<LogRow> {
  const response = await raw('api/logs/live', { signal, query: filter, headers: { accept: 'text/event-stream' } });
  for await (const event of events(response)) {
    try {
      if (event.event === 'log') yield rowOf(object(JSON.parse(event.data)));
    } catch {
      // An event that is not JSON is not one of ours.
    }
  }
}

export interface Thread {
  feature: string;
  model: string;
  requests: number;
  tokens: number;
  cost: number;
  rows: LogRow[];
  children: Thread[];
}

function threadOf(thread: Json): Thread {
  return {
    feature: text(thread, 'client_feature'),
    model: text(thread, 'model'),
    requests: number(thread, 'requests') ?? 0,
    tokens: number(thread, 'tokens') ?? 0,
    cost: money(thread) ?? 0,
    rows: objects(thread['logs']).map(rowOf),
    children: objects(thread['children']).map(threadOf),
  };
}

/** The conversations of a session, each with those it began. */
export async function sessionTree(session: string): Promise<Thread[]> {
  return listIn(await api<unknown>(`api/logs/sessions/${id(session)}/tree`), 'threads').map(threadOf);
}

/* Figures */

export async function stats(filter: LogFilter): Promise<Stats> {
  const [now, before] = await Promise.all([one(filter), previous(filter)]);
  return { ...now, previous: before };
}

export interface Savings {
  usd: number;
  /** Read from caches in all. */
  tokens: number;
  /** Those of them whose price nobody knows. */
  unpriced: number;
}

export async function savings(filter: LogFilter): Promise<Savings> {
  const answer = object(await api<unknown>('api/logs/savings', { query: filter }));
  return { usd: number(answer, 'saved_usd') ?? 0, tokens: number(answer, 'cache_read_tokens') ?? 0, unpriced: number(answer, 'cache_read_tokens_unpriced') ?? 0 };
}

async function one(filter: LogFilter): Promise<Stats> {
  const s = object(await api<unknown>('api/logs/stats', { query: filter }));
  const latency = object(s['latency_ms']);
  return {
    requests: number(s, 'requests', 'total_requests') ?? 0,
    errors: (number(s, 'failed') ?? 0) + (number(s, 'refused') ?? 0),
    cost: money(s) ?? 0,
    unknownCost: number(s, 'unpriced') ?? 0,
    tokens: number(s, 'tokens', 'total_tokens') ?? 0,
    inputTokens: number(s, 'input_uncached') ?? 0,
    outputTokens: number(s, 'output') ?? 0,
    cacheRead: number(s, 'cache_read') ?? 0,
    p50: number(latency, 'p50'),
    p95: number(latency, 'p95'),
    p99: number(latency, 'p99'),
    firstByteP50: number(object(s['first_byte_ms']), 'p50'),
    previous: null,
  };
}

/** The same for as long a time before. */
async function previous(filter: LogFilter): Promise<Stats | null> {
  const from = new Date(filter['start_time'] ?? '').getTime();
  const to = new Date(filter['end_time'] ?? '').getTime();
  if (Number.isNaN(from) || Number.isNaN(to)) return null;
  return one({ ...filter, start_time: new Date(2 * from - to).toISOString(), end_time: new Date(from).toISOString() });
}

export type Measure = '' | 'tokens' | 'cost' | 'latency';

export interface Histogram {
  buckets: Bucket[];
  names: Map<string, string>;
}

function measured(slot: Json, measure: Measure): number | null {
  return measure === 'cost' ? money(slot) : measure === 'tokens' ? number(slot, 'tokens') : number(slot, 'requests');
}

/** Slots of time, empty ones included, each with an amount for every value of the dimension. */
export async function histogram(measure: Measure, filter: LogFilter, by: string | null): Promise<Histogram> {
  const from = new Date(filter['start_time'] ?? '').getTime();
  const to = new Date(filter['end_time'] ?? '').getTime();
  const seconds = slotSeconds(to - from);
  const answer = object(await api<unknown>('api/logs/histogram', { query: { ...filter, bucket: seconds, by } }));
  const slots = new Map<number, Record<string, number>>();
  const names = new Map<string, string>();
  for (const slot of listIn(answer, 'buckets')) {
    const at = new Date(text(slot, 'timestamp')).getTime();
    const values = slots.get(at) ?? {};
    slots.set(at, values);
    if (measure === 'latency') {
      const latency = object(slot['latency_ms']);
      for (const [field, name] of [['p50', 'typical'], ['p95', 'p95'], ['p99', 'p99']] as const) {
        const value = number(latency, field);
        if (value !== null) values[name] = value;
      }
    } else {
      const value = by === null ? 'requests' : text(slot, 'value');
      names.set(value, text(slot, 'name') || (value === '' ? 'none' : value));
      values[value] = measured(slot, measure) ?? 0;
    }
  }
  const step = (number(answer, 'bucket_seconds') ?? seconds) * 1000;
  const first = Math.floor(from / step) * step;
  for (let at = first, i = 0; at < to && i < 2000; at += step, i++) if (!slots.has(at)) slots.set(at, {});
  return { buckets: [...slots].sort((a, b) => a[0] - b[0]).map(([time, values]) => ({ time, values })), names };
}

/** So that about fifty slots are seen, in lengths that people count in. */
export function slotSeconds(span: number): number {
  const wanted = span / 1000 / 50;
  return [10, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400].find((step) => step >= wanted * 0.9) ?? 7 * 86_400;
}

export async function rankings(by: string, filter: LogFilter, limit = 10): Promise<Ranking[]> {
  const answer = await api<unknown>('api/logs/rankings', { query: { ...filter, by, limit } });
  return listIn(answer, 'rankings').map((each) => ({
    id: text(each, 'value'),
    name: text(each, 'name', 'value'),
    requests: number(each, 'requests') ?? 0,
    errors: (number(each, 'failed') ?? 0) + (number(each, 'refused') ?? 0),
    cost: money(each) ?? 0,
    tokens: number(each, 'tokens') ?? 0,
    latency: number(object(each['latency_ms']), 'p50'),
  }));
}

export const exportUrl = (filter: LogFilter, format: 'jsonl' | 'csv') => apiUrl('api/logs/export', { ...filter, format });

