// Prices of an override, in dollars per million tokens whichever way they were written.

export const PRICES = [
  ['input_usd_per_million', 'input_cost_per_token', 'Input'],
  ['output_usd_per_million', 'output_cost_per_token', 'Output'],
  ['cache_read_usd_per_million', 'cache_read_input_token_cost', 'Cache read'],
  ['cache_write_5m_usd_per_million', 'cache_creation_input_token_cost', 'Cache write, 5 min'],
  ['cache_write_1h_usd_per_million', 'cache_creation_input_token_cost_above_1hr', 'Cache write, 1 h'],
] as const;

export const PER_REQUEST = 'cost_per_request';

export type PriceDraft = Record<string, string>;

/** Without what binary fractions leave behind. */
function perMillion(perToken: number): string {
  return String(Number((perToken * 1e6).toPrecision(12)));
}

export function pricesOf(patch: Record<string, number> | undefined): PriceDraft {
  const draft: PriceDraft = {};
  for (const [field, perToken] of PRICES) {
    const million = patch?.[field];
    const single = patch?.[perToken];
    draft[field] = typeof million === 'number' ? String(million) : typeof single === 'number' ? perMillion(single) : '';
  }
  const request = patch?.[PER_REQUEST];
  draft[PER_REQUEST] = typeof request === 'number' ? String(request) : '';
  return draft;
}

/** What the API is sent: figures per million, and null for what was there and is not any more. */
export function patchOf(draft: PriceDraft, before: Record<string, number> | undefined): Record<string, number | null> {
  const patch: Record<string, number | null> = {};
  for (const field of Object.keys(before ?? {})) patch[field] = null;
  for (const field of [...PRICES.map(([million]) => million), PER_REQUEST]) {
    const value = draft[field] ?? '';
    if (value !== '') patch[field] = Number(value);
  }
  return patch;
}

/** In a few words: "$2 in, $8 out". */
export function inWords(patch: Record<string, number> | undefined): string {
  const draft = pricesOf(patch);
  const words = PRICES.filter(([field]) => draft[field] !== '').map(([field, , label]) => `${label.toLowerCase()} $${draft[field] ?? ''}`);
  if (draft[PER_REQUEST] !== '') words.push(`a request $${draft[PER_REQUEST] ?? ''}`);
  return words.join(', ');
}
