// The request log: rows, bodies, what runs, and figures over a period.
import { api, apiUrl, type Call, events, type Query, raw } from './client';
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

export function rowOf(row: Json): LogRow {
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
    requestedModel: text(row, 'requested_model', 'alias') || text(row, 'model'),
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
  const row = outer['log'] === undefined ? outer : object(outer['log']);
  const request = row['raw_request'] ?? outer['raw_request'];
  const reply = row['raw_response'] ?? outer['raw_response'];
  return {
    ...rowOf(row),
    trail: listIn(row, 'attempt_trail', 'attempts').map(attemptOf),
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
    requestBody: typeof request === 'string' ? request : null,
    replyBody: typeof reply === 'string' ? reply : null,
    bodiesNote: text(row, 'bodies', 'content', 'content_note'),
  };
}

export const FACETS = [
  ['status', 'Status'], ['providers', 'Provider'], ['models', 'Model'], ['virtual_key_ids', 'Key'], ['user_ids', 'User'], ['team_ids', 'Team'],
  ['customer_ids', 'Customer'], ['clients', 'Client'], ['client_features', 'Client feature'], ['objects', 'Operation'], ['sessions', 'Session'],
  ['routing_rule_ids', 'Rule'], ['stop_reasons', 'Stop reason'], ['repositories', 'Repository'], ['branches', 'Branch'],
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

export interface SessionView {
  rows: LogRow[];
  parents: Map<string, string>;
}

export async function sessionLogs(session: string): Promise<LogRow[]> {
  const answer = await api<unknown>(`api/logs/sessions/${id(session)}`, { query: { limit: 500 } });
  return listIn(answer, 'logs').map(rowOf);
}

export async function filterData(): Promise<Partial<Record<Facet, [string, string][]>>> {
  const answer = object(await api<unknown>('api/logs/filterdata'));
  const found: Partial<Record<Facet, [string, string][]>> = {};
  for (const [facet] of FACETS) {
    const values = answer[facet] ?? answer[facet.replace(/_ids$/, 's')] ?? answer[facet === 'objects' ? 'operations' : facet];
    const pairs = list(values).flatMap((value): [string, string][] => {
      if (typeof value === 'string') return value === '' ? [] : [[value, value]];
      const each = object(value);
      const key = text(each, 'id', 'value', 'name');
      return key === '' ? [] : [[key, text(each, 'name', 'label') || key]];
    });
    if (pairs.length > 0) found[facet] = pairs;
  }
  return found;
}

export async function running(): Promise<Running[]> {
  return listIn(await api<unknown>('api/logs/in-flight'), 'requests', 'logs', 'in_flight').map(runningOf);
}

export function runningOf(row: Json): Running {
  const started = text(row, 'started_at', 'timestamp', 'time');
  return {
    id: text(row, 'id'),
    startedAt: started,
    ageMs: number(row, 'age_ms') ?? Math.max(0, Date.now() - new Date(started).getTime()),
    provider: text(row, 'provider'),
    model: text(row, 'model', 'requested_model'),
    key: text(row, 'virtual_key_name', 'principal'),
    client: text(row, 'client'),
    feature: text(row, 'client_feature'),
    bytes: number(row, 'reply_bytes', 'bytes') ?? 0,
    cost: money(row),
    text: text(row, 'text'),
  };
}

export const stop = (which: string) => api<unknown>(`api/logs/in-flight/${id(which)}/stop`, { method: 'POST', body: {} });

export type Live = { kind: 'row'; row: LogRow } | { kind: 'running'; running: Running } | { kind: 'gone'; id: string };

/** What happens now, until the signal ends it or the connection breaks. */
export async function* tail(filter: LogFilter, signal: AbortSignal): AsyncGenerator<Live> {
  const response = await raw('api/logs/stream', { query: filter, signal, headers: { accept: 'text/event-stream' } });
  for await (const event of events(response)) {
    let data: Json;
    try {
      data = object(JSON.parse(event.data));
    } catch {
      continue;
    }
    if (event.event === 'log' || event.event === 'row' || event.event === 'message') yield { kind: 'row', row: rowOf(data) };
    else if (event.event === 'started' || event.event === 'progress' || event.event === 'in_flight') yield { kind: 'running', running: runningOf(data) };
  }
}

export interface Replayed {
  id: string;
  body: string;
}

export async function replay(which: string, model: string): Promise<Replayed> {
  const response = await raw(`api/logs/${id(which)}/replay`, { method: 'POST', body: { model } });
  const textBody = await response.text();
  const answer = safeObject(textBody);
  return { id: response.headers.get('x-request-id') ?? text(answer, 'id', 'request_id', 'log_id'), body: textBody };
}

function safeObject(textBody: string): Json {
  try {
    return object(JSON.parse(textBody));
  } catch {
    return {};
  }
}

/* Figures */

export async function stats(filter: LogFilter): Promise<Stats> {
  const all = object(await api<unknown>('api/logs/stats', { query: { ...filter, compare_to_previous: true } }));
  const s = all['stats'] === undefined ? all : object(all['stats']);
  const latency = object(s['latency']);
  const tokens = object(s['tokens']);
  const before = object(s['previous'] ?? all['previous']);
  const requests = number(s, 'total_requests', 'requests') ?? 0;
  const errors = number(s, 'errors', 'total_errors') ?? Math.round(requests * (1 - (number(s, 'success_rate') ?? 100) / 100));
  const cacheRead = number(tokens, 'cache_read') ?? number(s, 'cache_read_tokens', 'cache_read') ?? 0;
  return {
    requests,
    errors,
    cost: money(s) ?? number(s, 'total_cost') ?? 0,
    unknownCost: number(s, 'unpriced', 'unknown_cost_requests', 'missing_cost') ?? 0,
    tokens: number(s, 'total_tokens') ?? 0,
    inputTokens: number(tokens, 'input_uncached') ?? number(s, 'input_tokens') ?? 0,
    outputTokens: number(tokens, 'output') ?? number(s, 'output_tokens') ?? 0,
    cacheRead,
    p50: number(latency, 'p50') ?? number(s, 'latency_p50', 'p50_latency', 'average_latency'),
    p95: number(latency, 'p95') ?? number(s, 'latency_p95', 'p95_latency'),
    p99: number(latency, 'p99') ?? number(s, 'latency_p99', 'p99_latency'),
    firstByteP50: number(object(s['first_byte']), 'p50') ?? number(s, 'first_byte_p50'),
    savings: number(s, 'cache_savings', 'cache_savings_usd', 'savings'),
    previous: Object.keys(before).length === 0 ? null : {
      requests: number(before, 'total_requests', 'requests') ?? 0,
      cost: number(before, 'total_cost', 'cost') ?? 0,
      tokens: number(before, 'total_tokens') ?? 0,
      errors: number(before, 'errors') ?? 0,
    },
  };
}

export type Measure = '' | 'tokens' | 'cost' | 'models' | 'latency';

export async function histogram(measure: Measure, filter: LogFilter, by: string | null): Promise<Bucket[]> {
  const path = `api/logs/histogram${measure === '' ? '' : `/${measure}`}${by === null ? '' : '/by-dimension'}`;
  const answer = await api<unknown>(path, { query: { ...filter, dimension: by } });
  return listIn(answer, 'buckets', 'histogram').map((bucket) => {
    const values: Record<string, number> = {};
    const at = text(bucket, 'timestamp', 'time', 'start');
    const nested = bucket['values'] ?? bucket['by_dimension'] ?? bucket['by'];
    for (const [name, value] of Object.entries(object(nested ?? bucket))) {
      const amount = typeof value === 'number' ? value : number(object(value), 'value', 'cost', 'count', 'total');
      if (amount !== null && name !== 'timestamp' && name !== 'time' && name !== 'start') values[name] = amount;
    }
    return { time: new Date(at).getTime(), values };
  });
}

export async function rankings(by: string, filter: LogFilter): Promise<Ranking[]> {
  const answer = await api<unknown>('api/logs/rankings/by-dimension', { query: { ...filter, dimension: by, limit: 10 } });
  return listIn(answer, 'rankings', 'items').map((each) => ({
    id: text(each, 'id', 'key', 'value', 'name'),
    name: text(each, 'name', 'label', 'id', 'value'),
    requests: number(each, 'requests', 'total_requests', 'count') ?? 0,
    errors: number(each, 'errors') ?? 0,
    cost: money(each) ?? number(each, 'total_cost') ?? 0,
    tokens: number(each, 'tokens', 'total_tokens') ?? 0,
    latency: number(each, 'latency_p50', 'average_latency', 'latency'),
  }));
}

export const exportUrl = (filter: LogFilter, format: 'jsonl' | 'csv') => apiUrl('api/logs/export', { ...filter, format });

/* Inference through the gateway itself, for the playground */

export const inference = (path: string, call: Call) => raw(path, call);

export { objects };
