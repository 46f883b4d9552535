// Shapes of the control API's JSON. Fields the dashboard does not use are left out.

export type Origin = 'file' | 'environment' | 'database' | string;

export interface Session {
  authenticated: boolean;
  auth_enabled: boolean;
  setup_required: boolean;
  user: { id: string; username: string; name: string; role: string } | null;
  permissions: string[];
}

export interface NetworkConfig {
  base_url?: string;
  default_request_timeout_in_seconds?: number;
  max_retries?: number;
  stream_idle_timeout_in_seconds?: number;
  allow_private_network?: boolean;
  [field: string]: unknown;
}

export interface Provider {
  name: string;
  network_config?: NetworkConfig;
  concurrency_and_buffer_size?: { concurrency?: number; buffer_size?: number };
  custom_provider_config?: { base_provider_type?: string; is_key_less?: boolean };
  description?: string;
  enabled?: boolean;
  tags?: Record<string, string> | string[];
  origin?: Origin;
  read_only?: boolean;
  status?: string;
  [field: string]: unknown;
}

export interface ProviderKey {
  id: string;
  name: string;
  provider?: string;
  value?: string | { value?: string; env_var?: string; from_env?: boolean; type?: string; ref?: string };
  models?: string[];
  blacklisted_models?: string[];
  weight?: number;
  enabled?: boolean;
  status?: string;
  description?: string;
  origin?: Origin;
  read_only?: boolean;
  [field: string]: unknown;
}

export interface Budget {
  id?: string;
  name?: string;
  max_limit: number;
  reset_duration: string;
  current_usage?: number;
  reserved?: number;
  last_reset?: string;
  resets_at?: string;
  calendar_aligned?: boolean;
  /** With what tops it up just now. */
  effective_limit?: number;
  override?: { amount: number; mode?: string; cycles?: number; started_at?: string };
  [field: string]: unknown;
}

export interface RateLimit {
  id?: string;
  token_max_limit?: number | null;
  token_reset_duration?: string | null;
  request_max_limit?: number | null;
  request_reset_duration?: string | null;
  token_current_usage?: number;
  request_current_usage?: number;
  max_concurrent?: number | null;
  [field: string]: unknown;
}

export interface ProviderGrant {
  provider: string;
  weight?: number | null;
  allowed_models?: string[];
  blacklisted_models?: string[];
  key_ids?: string[];
  budgets?: Budget[];
  rate_limit?: RateLimit | null;
  [field: string]: unknown;
}

export interface Owned {
  id: string;
  name: string;
  budgets?: Budget[];
  rate_limit?: RateLimit | null;
  origin?: Origin;
  read_only?: boolean;
  revision?: number;
  [field: string]: unknown;
}

export interface VirtualKey extends Owned {
  description?: string;
  value?: string;
  is_active?: boolean;
  expires_at?: string | null;
  user_id?: string | null;
  team_id?: string | null;
  customer_id?: string | null;
  provider_configs?: ProviderGrant[];
  calendar_aligned?: boolean;
}

export interface Team extends Owned {
  customer_id?: string | null;
}

export interface Customer extends Owned {}

export interface User extends Owned {
  email?: string | null;
  is_active?: boolean;
  active?: boolean;
  team_id?: string | null;
}

export interface PriceOverride {
  id: string;
  name: string;
  scope_kind?: string;
  provider_id?: string;
  provider?: string;
  provider_key_id?: string;
  virtual_key_id?: string;
  match_type?: string;
  pattern?: string;
  request_types?: string[];
  pricing_patch?: Record<string, number>;
  origin?: Origin;
  read_only?: boolean;
  [field: string]: unknown;
}

export interface RuleTarget {
  provider?: string;
  model?: string;
  key_id?: string;
  weight?: number;
}

export interface RoutingRule {
  id: string;
  name: string;
  description?: string;
  enabled?: boolean;
  cel_expression: string;
  chain_rule?: boolean;
  targets?: RuleTarget[];
  fallbacks?: string[];
  scope?: string;
  scope_id?: string | null;
  priority?: number;
  origin?: Origin;
  read_only?: boolean;
  [field: string]: unknown;
}

export interface Account {
  id: string;
  username: string;
  name?: string;
  role: string;
  active?: boolean;
  is_active?: boolean;
  created_at?: string;
  last_login_at?: string | null;
  team_id?: string | null;
  [field: string]: unknown;
}

export interface Token {
  id: string;
  name: string;
  role?: string;
  created_at?: string;
  expires_at?: string | null;
  last_used_at?: string | null;
  [field: string]: unknown;
}

export interface AuditEntry {
  id: string | number;
  time: string;
  actor: string;
  action: string;
  kind: string;
  entity: string;
  detail: string;
}

export interface ModelEntry {
  id: string;
  provider: string;
  name: string;
  window: number | null;
  maxOutput: number | null;
  tools: boolean | null;
  vision: boolean | null;
  reasoning: boolean | null;
  inputPrice: number | null;
  outputPrice: number | null;
  local: boolean | null;
  collidesInCursor: boolean;
  cursorName: string | null;
  aliasOf: string | null;
  residency: string | null;
}

/** One request as a row of the log. Money in dollars (null: price unknown), times in milliseconds. */
export interface LogRow {
  id: string;
  time: string;
  status: 'success' | 'error' | 'processing' | 'cancelled';
  code: number;
  outcome: string;
  operation: string;
  provider: string;
  model: string;
  requestedModel: string;
  key: string;
  keyId: string;
  user: string;
  team: string;
  customer: string;
  client: string;
  feature: string;
  session: string;
  stream: boolean;
  cost: number | null;
  latency: number;
  firstByte: number | null;
  overhead: number | null;
  queued: number | null;
  inputTokens: number;
  outputTokens: number;
  cacheRead: number;
  cacheWrite: number;
  reasoning: number;
  attempts: number;
  failure: string;
  failureMessage: string;
  summary: string;
  rule: string;
  repository: string;
  branch: string;
}

export interface Attempt {
  provider: string;
  model: string;
  key: string;
  status: number;
  startedMs: number;
  queuedMs: number;
  firstByteMs: number | null;
  totalMs: number;
  failure: string;
  detail: string;
}

export interface LogDetail extends LogRow {
  trail: Attempt[];
  dropped: string[];
  warnings: string[];
  tags: Record<string, string>;
  requestLane: string;
  replyLane: string;
  requestDialect: string;
  replyDialect: string;
  requestBytes: number;
  replyBytes: number;
  finishReason: string;
  clientAddress: string;
  requestStored: boolean;
  replyStored: boolean;
  notes: string[];
}

export interface LogPage {
  logs: LogRow[];
  next: string | null;
  partial: boolean;
  total: number | null;
}

/** A request that has not ended yet. */
export interface Running {
  id: string;
  startedAt: string;
  ageMs: number;
  provider: string;
  model: string;
  key: string;
  client: string;
  feature: string;
  bytes: number;
  cost: number | null;
  text: string;
}

export interface Bucket {
  time: number;
  values: Record<string, number>;
}

export interface Stats {
  requests: number;
  errors: number;
  cost: number;
  unknownCost: number;
  tokens: number;
  inputTokens: number;
  outputTokens: number;
  cacheRead: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  firstByteP50: number | null;
  previous: Stats | null;
}

export interface Ranking {
  id: string;
  name: string;
  requests: number;
  errors: number;
  cost: number;
  tokens: number;
  latency: number | null;
}
