// Configuration, governance, accounts: everything under /api that is not the request log.
import { api, ApiError, markCalls } from './client';
import { listIn, number, object, text, texts, truth } from './read';
import type {
  Account, AuditEntry, Customer, ModelEntry, Owned, PriceOverride, Provider, ProviderKey, RoutingRule, Session, Team, Token, User, VirtualKey,
} from './types';

const id = encodeURIComponent;

/* Session */

export async function session(): Promise<Session> {
  const state = object(await api<unknown>('api/session/is-auth-enabled'));
  const user = object(state['user'] ?? state['account']);
  markCalls(text(state, 'csrf_token'));
  const authenticated = truth(state, 'authenticated', 'has_valid_token', 'signed_in') ?? false;
  return {
    auth_enabled: truth(state, 'is_auth_enabled', 'auth_enabled') ?? true,
    authenticated,
    setup_required: truth(state, 'setup_required', 'needs_setup') ?? false,
    user: authenticated && text(user, 'username', 'name') !== ''
      ? { id: text(user, 'id'), username: text(user, 'username', 'name'), name: text(user, 'name', 'username'), role: text(user, 'role') }
      : null,
    permissions: texts(state['permissions'] ?? user['permissions']),
  };
}

export function login(username: string, password: string): Promise<unknown> {
  return api('api/session/login', { method: 'POST', body: { username, password } });
}

export function setUp(token: string, username: string, password: string): Promise<unknown> {
  return api('api/session/setup', { method: 'POST', body: { token, username, password } });
}

export function logout(): Promise<unknown> {
  return api('api/session/logout', { method: 'POST', body: {} });
}

/* Providers and keys */

export async function providers(): Promise<Provider[]> {
  return listIn(await api('api/providers'), 'providers') as unknown as Provider[];
}

export async function provider(name: string): Promise<Provider> {
  const answer = object(await api(`api/providers/${id(name)}`));
  return (answer['provider'] !== undefined && typeof answer['provider'] === 'object' ? answer['provider'] : answer) as unknown as Provider;
}

export const createProvider = (body: object) => api<unknown>('api/providers', { method: 'POST', body });
export const changeProvider = (name: string, body: object) => api<unknown>(`api/providers/${id(name)}`, { method: 'PATCH', body });
export const removeProvider = (name: string) => api<unknown>(`api/providers/${id(name)}`, { method: 'DELETE' });

export async function providerKeys(name: string): Promise<ProviderKey[]> {
  return listIn(await api(`api/providers/${id(name)}/keys`), 'keys') as unknown as ProviderKey[];
}

export const createProviderKey = (provider: string, body: object) => api<unknown>(`api/providers/${id(provider)}/keys`, { method: 'POST', body });
export const changeProviderKey = (provider: string, key: string, body: object) => api<unknown>(`api/providers/${id(provider)}/keys/${id(key)}`, { method: 'PATCH', body });
export const removeProviderKey = (provider: string, key: string) => api<unknown>(`api/providers/${id(provider)}/keys/${id(key)}`, { method: 'DELETE' });

export interface Tried {
  ok: boolean;
  message: string;
}

async function tried(path: string): Promise<Tried> {
  const answer = object(await api(path, { method: 'POST', body: {} }));
  return { ok: truth(answer, 'ok') ?? false, message: text(answer, 'message') };
}

export const testProviderKey = (provider: string, key: string) => tried(`api/providers/${id(provider)}/keys/${id(key)}/test`);
export const refreshModels = (provider: string) => tried(`api/providers/${id(provider)}/refresh-models`);

export interface Cooldown {
  provider: string;
  key: string;
  model: string;
  reason: string;
  until: string;
}

/** What is avoided just now. /health is for the inside only, so from elsewhere nothing is known. */
export async function cooldowns(): Promise<Cooldown[]> {
  const answer = await api<unknown>('health').catch(() => ({}));
  return listIn(answer, 'cooldowns').map((each) => ({ provider: text(each, 'provider'), key: text(each, 'key'), model: text(each, 'model'), reason: text(each, 'reason'), until: text(each, 'until') }));
}

/* Models */

export async function models(): Promise<ModelEntry[]> {
  return listIn(await api('api/models'), 'models').map((model) => {
    const name = text(model, 'name', 'id');
    return {
      id: name,
      provider: text(model, 'provider'),
      name: text(model, 'model') || name,
      window: number(model, 'context_window', 'context_length'),
      maxOutput: number(model, 'max_output_tokens'),
      tools: truth(model, 'tools'),
      vision: truth(model, 'vision'),
      reasoning: truth(model, 'reasoning'),
      inputPrice: number(model, 'usd_per_mtok_input'),
      outputPrice: number(model, 'usd_per_mtok_output'),
      local: text(model, 'runs') === '' ? null : text(model, 'runs') === 'locally',
      collidesInCursor: text(model, 'cursor').startsWith('collides'),
      cursorName: text(model, 'cursor_alias') || null,
      aliasOf: texts(model['alias_of']).join(', ') || null,
      residency: text(model, 'residency') || null,
    };
  });
}

/* Governance */

export async function virtualKeys(): Promise<VirtualKey[]> {
  return listIn(await api('api/governance/virtual-keys', { query: { limit: 1000 } }), 'virtual_keys') as unknown as VirtualKey[];
}

export interface Created {
  key: VirtualKey;
  /** The key itself; this is the only time it is seen. */
  value: string;
}

function created(answer: unknown): Created {
  const body = object(answer);
  const key = object(body['virtual_key'] ?? body);
  return { key: key as unknown as VirtualKey, value: text(key, 'value') || text(body, 'value', 'secret') };
}

export const createVirtualKey = async (body: object) => created(await api('api/governance/virtual-keys', { method: 'POST', body }));
export const changeVirtualKey = (key: string, body: object) => api<unknown>(`api/governance/virtual-keys/${id(key)}`, { method: 'PUT', body });
export const removeVirtualKey = (key: string) => api<unknown>(`api/governance/virtual-keys/${id(key)}`, { method: 'DELETE' });
export const rotateVirtualKey = async (key: string) => created(await api(`api/governance/virtual-keys/${id(key)}/rotate`, { method: 'POST', body: {} }));

export const teams = async () => listIn(await api('api/governance/teams', { query: { limit: 1000 } }), 'teams') as unknown as Team[];
export const customers = async () => listIn(await api('api/governance/customers', { query: { limit: 1000 } }), 'customers') as unknown as Customer[];
export const users = async () => listIn(await api('api/governance/users', { query: { limit: 1000 } }), 'users') as unknown as User[];
export const rules = async () => listIn(await api('api/governance/routing-rules', { query: { limit: 1000 } }), 'rules', 'routing_rules') as unknown as RoutingRule[];

export const modelLimits = async () => listIn(await api('api/governance/model-configs', { query: { limit: 1000 } }), 'model_configs') as unknown as Owned[];
export const priceOverrides = async () => listIn(await api('api/governance/pricing-overrides', { query: { limit: 1000 } }), 'pricing_overrides') as unknown as PriceOverride[];

export type OwnerKind = 'teams' | 'customers' | 'users' | 'routing-rules' | 'model-configs' | 'pricing-overrides';

export const createOwner = (kind: OwnerKind, body: object) => api<unknown>(`api/governance/${kind}`, { method: 'POST', body });
export const changeOwner = (kind: OwnerKind, which: string, body: object) => api<unknown>(`api/governance/${kind}/${id(which)}`, { method: 'PUT', body });
export const removeOwner = (kind: OwnerKind, which: string) => api<unknown>(`api/governance/${kind}/${id(which)}`, { method: 'DELETE' });

const override = (key: string, budget: string) => `api/governance/virtual-keys/${id(key)}/budgets/${id(budget)}/override`;
export const topUpKey = (key: string, budget: string, body: object) => api<unknown>(override(key, budget), { method: 'PUT', body });
export const endKeyTopUp = (key: string, budget: string) => api<unknown>(override(key, budget), { method: 'DELETE' });

export interface RuleCheck {
  valid: boolean;
  message: string;
}

export async function checkRule(expression: string, signal?: AbortSignal): Promise<RuleCheck | null> {
  try {
    const answer = object(await api('api/routing/check', { method: 'POST', body: { cel_expression: expression }, signal }));
    return { valid: truth(answer, 'valid', 'ok') ?? true, message: text(answer, 'message', 'error') };
  } catch (error) {
    if (error instanceof ApiError && (error.status === 400 || error.status === 422)) return { valid: false, message: error.faults[0]?.message ?? error.message };
    if (error instanceof ApiError && (error.status === 404 || error.status === 405)) return null;
    throw error;
  }
}

export const explain = (body: object) => api<unknown>('api/routing/explain', { method: 'POST', body });

/* Accounts, tokens, audit log */

export const accounts = async () => listIn(await api('api/accounts'), 'accounts', 'users') as unknown as Account[];
export const createAccount = (body: object) => api<unknown>('api/accounts', { method: 'POST', body });
export const changeAccount = (which: string, body: object) => api<unknown>(`api/accounts/${id(which)}`, { method: 'PUT', body });
export const removeAccount = (which: string) => api<unknown>(`api/accounts/${id(which)}`, { method: 'DELETE' });

export const tokens = async () => listIn(await api('api/tokens'), 'tokens') as unknown as Token[];
export const createToken = async (body: object) => {
  const answer = object(await api('api/tokens', { method: 'POST', body }));
  return text(answer, 'value', 'secret') || text(object(answer['token']), 'value') || text(answer, 'token');
};
export const removeToken = (which: string) => api<unknown>(`api/tokens/${id(which)}`, { method: 'DELETE' });

export interface AuditPage {
  entries: AuditEntry[];
  next: string | null;
}

export async function audit(cursor: string | null): Promise<AuditPage> {
  const answer = object(await api('api/audit', { query: { limit: 100, cursor } }));
  return {
    entries: listIn(answer, 'entries', 'audit_logs', 'logs', 'audit').map((entry) => ({
      id: text(entry, 'id', 'seq'),
      time: text(entry, 'time', 'at', 'timestamp'),
      actor: text(entry, 'actor', 'actor_name', 'by'),
      action: text(entry, 'action'),
      kind: text(entry, 'kind', 'entity_kind', 'target_kind'),
      entity: text(entry, 'name', 'entity', 'entity_id', 'target', 'target_id'),
      detail: entry['detail'] === undefined && entry['diff'] === undefined ? '' : JSON.stringify(entry['diff'] ?? entry['detail']),
    })),
    next: text(answer, 'next', 'next_cursor') || null,
  };
}

/* Settings */

export const config = async () => object(await api<unknown>('api/config'));
export const changeConfig = (clientConfig: object) => api<unknown>('api/config', { method: 'PUT', body: { client_config: clientConfig } });
export const version = async () => object(await api<unknown>('api/version'));

export const changePassword = (current: string, next: string) => api<unknown>('api/me/password', { method: 'PUT', body: { current_password: current, new_password: next } });
