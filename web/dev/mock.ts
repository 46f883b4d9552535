// A made-up gateway for `npm run dev`: enough data to look at every page. Never part of a build.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';

const MODELS = [
  ['anthropic', 'claude-sonnet-4-5', 3, 15], ['anthropic', 'claude-haiku-4-5', 1, 5], ['openai', 'gpt-5', 1.25, 10], ['gemini', 'gemini-2.5-pro', 1.25, 10], ['ollama', 'qwen3:32b', 0, 0],
] as const;
const CLIENTS = ['cursor', 'claude-code', 'codex', 'openai-sdk'];
const FEATURES: Record<string, string[]> = { cursor: ['cursor/agent', 'cursor/inline-edit', 'cursor/ask'], 'claude-code': ['claude-code/main', 'claude-code/subagent', 'claude-code/background'], codex: ['codex/agent'], 'openai-sdk': [''] };
const KEYS = [['vk-ada', 'Ada', 'team-a'], ['vk-grace', 'Grace', 'team-a'], ['vk-ci', 'Nightly checks', 'team-b']] as const;

let seed = 7;
const random = () => ((seed = (seed * 48271) % 2147483647) / 2147483647);
const pick = <T,>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

type Row = Record<string, unknown> & { id: string; timestamp: string; status: string; model: string; cost: number | null };

function row(at: number, n: number): Row {
  const [provider, model, input, output] = pick(MODELS);
  const client = pick(CLIENTS);
  const failed = random() < 0.06;
  const usage = { input_uncached: Math.round(random() * 9000), cache_read: Math.round(random() * 60000), cache_write_5m: 0, cache_write_1h: 0, output: failed ? 0 : Math.round(random() * 1800), reasoning: 0 };
  const key = pick(KEYS);
  const total = 400_000 + Math.round(random() * 9_000_000);
  return {
    id: `0198${n.toString(16).padStart(4, '0')}-0000-7000-8000-000000000000`, timestamp: new Date(at).toISOString(), status: failed ? 'error' : 'success', status_code: failed ? 529 : 200, outcome: failed ? 'failed' : 'completed',
    provider, model, requested_model: `${provider}/${model}`, virtual_key_id: key[0], virtual_key_name: key[1], team_id: key[2], team_name: key[2] === 'team-a' ? 'Compilers' : 'Platform', client, client_feature: pick(FEATURES[client] ?? ['']),
    session_id: `s-${n % 9}`, stream: true, token_usage: usage, cost: failed ? 0 : (usage.input_uncached * input + usage.cache_read * input * 0.1 + usage.output * output) / 1e6,
    total_us: total, first_byte_us: Math.round(total * 0.3), overhead_us: 420, queued_us: 0, attempts_count: failed ? 3 : 1, failure: failed ? 'overloaded' : '', failure_message: failed ? 'The provider is overloaded.' : '',
    content_summary: pick(['Rename the field', 'Why does this test fail?', 'Write a parser for the log', 'Summarise the diff']), operation: 'chat_completion', repository: 'fairlead', branch: pick(['main', 'parser', 'fix-timeouts']),
    request_lane: 'bytes', reply_lane: 'frames', request_dialect: 'openai-chat', reply_dialect: 'openai-chat', request_bytes: 18_400, reply_bytes: 6_200, finish_reason: failed ? '' : 'stop', client_address: '127.0.0.1',
    attempts: Array.from({ length: failed ? 3 : 1 }, (_, i) => ({ provider, model, key: 'main', status: failed ? 529 : 200, started_us: i * 300_000, queued_us: 0, first_byte_us: 210_000, total_us: failed ? 290_000 : total, ...(failed ? { failure: 'overloaded', detail: '{"error":{"message":"Overloaded"}}' } : {}) })),
  };
}

const REQUEST = JSON.stringify({
  model: 'anthropic/claude-sonnet-4-5', stream: true, temperature: 0.2,
  messages: [
    { role: 'system', content: 'You help in an editor. Be brief and exact.' },
    { role: 'user', content: [{ type: 'text', text: 'Why does `parse("")` return **null**?\n\n```ts\nexport function parse(text: string) {\n  return text ? JSON.parse(text) : null;\n}\n```' }] },
    { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'read_file', arguments: '{"path":"src/parse.ts"}' } }] },
    { role: 'tool', tool_call_id: 'call_1', content: 'export function parse(text: string) {\n  return text ? JSON.parse(text) : null;\n}' },
  ],
  tools: [{ type: 'function', function: { name: 'read_file', description: 'Reads a file of the workspace.', parameters: { type: 'object', properties: { path: { type: 'string' } } } } }],
});
const REPLY = ['Because an empty string is **falsy**, ', 'the right side of `?:` is taken.\n\n1. Check for `undefined` instead.\n', '2. Or let `JSON.parse` throw.\n\n| input | result |\n|---|---|\n| `""` | null |\n| `"{}"` | object |\n']
  .map((content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`).join('') + 'data: [DONE]\n\n';

const NOW = Date.now();
const ROWS = Array.from({ length: 2500 }, (_, i) => row(NOW - i * 34_000 - random() * 20_000, i));
const month = { last_reset: new Date(NOW - 12 * 86_400_000).toISOString(), next_reset: new Date(NOW + 18 * 86_400_000).toISOString() };
const PROVIDERS = [
  { name: 'anthropic', origin: 'environment', health: { state: 'ok' }, network_config: {} },
  { name: 'openai', origin: 'file', health: { state: 'ok' }, network_config: {} },
  { name: 'gemini', origin: 'database', health: { state: 'ok' }, network_config: { base_url: 'https://generativelanguage.googleapis.com' } },
  { name: 'ollama', origin: 'database', health: { state: 'cooling', until: new Date(NOW + 90_000).toISOString(), reason: 'connect: refused' }, network_config: { base_url: 'http://127.0.0.1:11434' }, custom_provider_config: { is_key_less: true } },
];
const VIRTUAL_KEYS = [
  { id: 'vk-ada', name: 'Ada', origin: 'database', hint: 'sk-fl-…9f2c', is_active: true, team_id: 'team-a', allow_all_providers: true, budgets: [{ id: 'b1', max_limit: 50, reset_duration: '1M', current_usage: 31.4, ...month }], rate_limit: { request_max_limit: 600, request_reset_duration: '1h', request_current_usage: 112 } },
  { id: 'vk-grace', name: 'Grace', origin: 'database', is_active: true, team_id: 'team-a', provider_configs: [{ provider: 'anthropic', allowed_models: ['*'] }], budgets: [{ id: 'b2', max_limit: 20, reset_duration: '1M', current_usage: 20.4, ...month }] },
  { id: 'vk-ci', name: 'Nightly checks', origin: 'file', is_active: true, expires_at: new Date(NOW + 4 * 86_400_000).toISOString(), description: 'Runs at three', provider_configs: [{ provider: 'ollama', allowed_models: ['qwen3:32b'] }] },
];

function answer(path: string, query: URLSearchParams): unknown {
  const since = new Date(query.get('start_time') ?? 0).getTime();
  const rows = ROWS.filter((each) => new Date(each.timestamp).getTime() >= since && (query.get('models') === null || query.get('models') === each.model) && (query.get('status') === null || each.status === query.get('status')) && (query.get('virtual_key_ids') === null || each['virtual_key_id'] === query.get('virtual_key_ids')));
  const field = ({ model: 'model', provider: 'provider', virtual_key: 'virtual_key_name', team: 'team_name', client: 'client', client_feature: 'client_feature', branch: 'branch' } as Record<string, string>)[query.get('dimension') ?? ''] ?? 'model';
  const sum = (of: Row[], value: (row: Row) => number) => of.reduce((all, each) => all + value(each), 0);
  const tokens = (each: Row) => Object.values(each['token_usage'] as Record<string, number>).reduce((all, value) => all + value, 0);
  if (path === '/api/session/is-auth-enabled') return { is_auth_enabled: true, authenticated: true, user: { id: 'a1', username: 'admin', role: 'admin' }, permissions: ['config.read', 'config.write', 'keys.write', 'usage.read', 'logs.read', 'prompts.read', 'admin'] };
  if (path === '/api/providers') return { providers: PROVIDERS };
  if (/^\/api\/providers\/[^/]+$/.test(path)) return PROVIDERS.find((each) => each.name === path.split('/')[3]);
  if (path.endsWith('/keys')) return { keys: [{ id: 'k1', name: 'main', value: 'sk-…4f1a', models: ['*'], weight: 1, enabled: true, origin: 'database', health: { state: 'ok' } }, { id: 'k2', name: 'spare', value: 'sk-…77b0', models: ['*'], weight: 0.5, enabled: true, origin: 'database', health: { state: 'cooling', until: new Date(NOW + 240_000).toISOString(), reason: '401 unauthorized' } }] };
  if (path === '/api/models') return { models: MODELS.map(([provider, model, input, output]) => ({ name: `${provider}/${model}`, provider, model, runs: provider === 'ollama' ? 'locally' : 'at the provider', context_window: 200_000, max_output_tokens: 64_000, tools: true, vision: provider !== 'ollama', reasoning: true, usd_per_mtok_input: input, usd_per_mtok_output: output, ...(provider === 'anthropic' ? { cursor: 'collides in Cursor', cursor_alias: `fl-${model}` } : {}) })) };
  if (path === '/api/governance/virtual-keys') return { virtual_keys: VIRTUAL_KEYS };
  if (path === '/api/governance/teams') return { teams: [{ id: 'team-a', name: 'Compilers', origin: 'database', customer_id: 'c1', budgets: [{ id: 'tb', max_limit: 400, reset_duration: '1M', current_usage: 212, ...month }] }, { id: 'team-b', name: 'Platform', origin: 'file' }] };
  if (path === '/api/governance/customers') return { customers: [{ id: 'c1', name: 'Harbour Ltd', origin: 'database', budgets: [{ id: 'cb', max_limit: 1000, reset_duration: '1M', current_usage: 340, ...month }] }] };
  if (path === '/api/governance/users') return { users: [{ id: 'u1', name: 'Ada Lovelace', email: 'ada@example.org', team_id: 'team-a', origin: 'database', active: true }] };
  if (path === '/api/governance/routing-rules') return { rules: [{ id: 'r1', name: 'Inline edits stay cheap', origin: 'database', enabled: true, cel_expression: 'client_feature == "cursor/inline-edit"', targets: [{ provider: 'anthropic', model: 'claude-haiku-4-5', weight: 3 }, { provider: 'gemini', model: 'gemini-2.5-pro', weight: 1 }], priority: 10, scope: 'global' }, { id: 'r2', name: 'Secrets stay here', origin: 'file', enabled: true, cel_expression: 'repository == "vault"', action: 'require_tags', require_tags: ['local'], priority: 1, scope: 'global' }] };
  if (path === '/api/governance/routing-rules/check') return { valid: true };
  if (path === '/api/accounts') return { accounts: [{ id: 'a1', username: 'admin', name: '', role: 'admin', active: true, last_login_at: new Date(NOW - 3_600_000).toISOString() }, { id: 'a2', username: 'ada', role: 'developer', active: true }] };
  if (path === '/api/tokens') return { tokens: [{ id: 't1', name: 'terraform', hint: 'fl-api-…a1', scopes: ['config.read', 'config.write'], created_at: new Date(NOW).toISOString() }] };
  if (path === '/api/audit') return { entries: [{ id: 3, time: new Date(NOW - 60_000).toISOString(), actor: 'admin', action: 'create', kind: 'virtual_key', name: 'Ada', detail: '' }, { id: 2, time: new Date(NOW - 90_000).toISOString(), actor: 'admin', action: 'read', kind: 'prompts', name: '0198…', detail: '' }] };
  if (path === '/api/config') return { client_config: { public_url: '', max_request_body_size_mb: 100, small_model: '', allowed_origins: [], enable_logging: true, disable_content_logging: false, log_retention_days: 30, allow_anonymous: false, allow_direct_keys: false, required_headers: [] } };
  if (path === '/api/version') return { version: '0.1.0', java: '25', started_at: new Date(NOW - 86_400_000).toISOString() };
  if (path === '/health') return { status: 'ok', checks: { config: 'ok', logs: 'ok' } };
  if (path === '/api/logs/stats') return { total_requests: rows.length, errors: rows.filter((each) => each.status === 'error').length, total_cost: sum(rows, (each) => each.cost ?? 0), total_tokens: sum(rows, tokens), latency: { p50: 2400, p95: 8100, p99: 9300 }, tokens: { cache_read: sum(rows, (each) => (each['token_usage'] as Record<string, number>)['cache_read'] ?? 0), output: sum(rows, (each) => (each['token_usage'] as Record<string, number>)['output'] ?? 0) }, cache_savings: 41.2, previous: { total_requests: rows.length * 0.9, total_cost: 51, total_tokens: 1 } };
  if (path.startsWith('/api/logs/histogram')) {
    const end = new Date(query.get('end_time') ?? NOW).getTime();
    const step = (end - since) / 40;
    const value = path.includes('cost') ? (each: Row) => each.cost ?? 0 : path.includes('tokens') ? tokens : () => 1;
    return { buckets: Array.from({ length: 40 }, (_, i) => {
      const inside = rows.filter((each) => Math.floor((new Date(each.timestamp).getTime() - since) / step) === i);
      const values: Record<string, number> = path.includes('latency') ? { p50: 2000 + 600 * Math.sin(i / 3), p95: 7000 + 900 * Math.cos(i / 4) } : {};
      if (!path.includes('latency')) for (const each of inside) values[String(each[field])] = (values[String(each[field])] ?? 0) + value(each);
      return { timestamp: new Date(since + i * step).toISOString(), values };
    }) };
  }
  if (path.startsWith('/api/logs/rankings')) {
    const groups = new Map<string, Row[]>();
    for (const each of rows) groups.set(String(each[field]), [...(groups.get(String(each[field])) ?? []), each]);
    return { rankings: [...groups].map(([name, of]) => ({ id: name, name, requests: of.length, errors: of.filter((each) => each.status === 'error').length, cost: sum(of, (each) => each.cost ?? 0), tokens: sum(of, tokens) })).sort((a, b) => b.cost - a.cost) };
  }
  if (path === '/api/logs/filterdata') return { providers: [...new Set(ROWS.map((each) => each['provider']))], models: [...new Set(ROWS.map((each) => each.model))], clients: CLIENTS, virtual_key_ids: KEYS.map(([id, name]) => ({ id, name })) };
  if (path === '/api/logs/in-flight') return { requests: [{ id: 'live-1', started_at: new Date(Date.now() - 4200).toISOString(), model: 'claude-sonnet-4-5', provider: 'anthropic', client: 'cursor', reply_bytes: 8200, cost: 0.012, text: 'The function returns null because' }] };
  if (path.startsWith('/api/logs/sessions/')) return { logs: ROWS.filter((each) => each['session_id'] === decodeURIComponent(path.split('/')[4] ?? '')).slice(0, 40) };
  if (path === '/api/logs') {
    const from = Number(query.get('cursor') ?? 0);
    return { logs: rows.slice(from, from + 100), next_cursor: from + 100 < rows.length ? String(from + 100) : null };
  }
  if (/^\/api\/logs\/[^/]+$/.test(path)) return ROWS.find((each) => each.id === path.split('/')[3]);
  return undefined;
}

function serve(request: IncomingMessage, response: ServerResponse): boolean {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (!url.pathname.startsWith('/api/') && !url.pathname.startsWith('/v1/') && url.pathname !== '/health') return false;
  if (url.pathname === '/api/logs/stream') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let n = 100_000;
    const timer = setInterval(() => response.write(`event: log\ndata: ${JSON.stringify(row(Date.now(), n++))}\n\n`), 1000 / Number(process.env['MOCK_RATE'] ?? 1));
    request.on('close', () => clearInterval(timer));
    return true;
  }
  if (url.pathname === '/v1/chat/completions' || url.pathname.endsWith('/response') || url.pathname.endsWith('/replay')) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': ROWS[0]?.id ?? '' });
    response.end(REPLY);
    return true;
  }
  if (url.pathname.endsWith('/request')) {
    response.end(REQUEST);
    return true;
  }
  const body = answer(url.pathname, url.searchParams);
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body ?? { error: { message: 'Nothing is served at this path.', code: 'not_found' } }));
  return true;
}

export function mockGateway(): Plugin {
  return {
    name: 'mock-gateway',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (!serve(request, response)) next();
      });
    },
  };
}
