// Reading JSON whose shape is not certain: an absent field is an empty one, never a crash of the page.

export type Json = Record<string, unknown>;

export function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function objects(value: unknown): Json[] {
  return list(value).map(object);
}

/** The first of the named fields that is a text, or "". */
export function text(from: Json, ...names: string[]): string {
  for (const name of names) {
    const value = from[name];
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
  }
  return '';
}

export function number(from: Json, ...names: string[]): number | null {
  for (const name of names) {
    const value = from[name];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  }
  return null;
}

export function truth(from: Json, ...names: string[]): boolean | null {
  for (const name of names) {
    const value = from[name];
    if (typeof value === 'boolean') return value;
  }
  return null;
}

export function texts(value: unknown): string[] {
  return list(value).filter((each): each is string => typeof each === 'string');
}

/** The list in an answer, whichever of these names it has. */
export function listIn(answer: unknown, ...names: string[]): Json[] {
  if (Array.isArray(answer)) return answer.map(object);
  const from = object(answer);
  for (const name of names) if (Array.isArray(from[name])) return objects(from[name]);
  return [];
}
