// The builder's conditions as CEL. An expression that the builder did not write is edited as text.

export interface Condition {
  variable: string;
  operator: string;
  value: string;
}

export const VARIABLES: readonly (readonly [string, string, 'text' | 'number' | 'truth'])[] = [
  ['model', 'Model', 'text'], ['provider', 'Provider', 'text'], ['requested_model', 'Model as written', 'text'], ['client', 'Client', 'text'], ['client_feature', 'Client feature', 'text'],
  ['request_type', 'Operation', 'text'], ['virtual_key_name', 'Key', 'text'], ['team_name', 'Team', 'text'], ['customer_name', 'Customer', 'text'], ['user_name', 'User', 'text'],
  ['repository', 'Repository', 'text'], ['branch', 'Branch', 'text'], ['input_tokens', 'Prompt tokens', 'number'], ['budget_used', 'Budget used (%)', 'number'],
  ['tokens_used', 'Token limit used (%)', 'number'], ['hour', 'Hour of the day', 'number'], ['has_tools', 'Has tools', 'truth'], ['has_images', 'Has images', 'truth'], ['stream', 'Streams', 'truth'],
];

export const OPERATORS = {
  text: [['==', 'is'], ['!=', 'is not'], ['startsWith', 'begins with'], ['endsWith', 'ends with'], ['contains', 'contains'], ['matches', 'matches']],
  number: [['>', 'is above'], ['>=', 'is at least'], ['<', 'is below'], ['<=', 'is at most'], ['==', 'is']],
  truth: [['true', 'yes'], ['false', 'no']],
} as const;

export function typeOf(variable: string): 'text' | 'number' | 'truth' {
  return VARIABLES.find(([name]) => name === variable)?.[2] ?? 'text';
}

const quoted = (value: string) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

/** budget_used and tokens_used are decimals in CEL, which does not compare them with whole numbers. */
const DECIMALS = new Set(['budget_used', 'tokens_used', 'request']);

export function toCel(conditions: readonly Condition[], every: boolean): string {
  return conditions
    .map(({ variable, operator, value }) => {
      switch (typeOf(variable)) {
        case 'truth':
          return operator === 'false' ? `!${variable}` : variable;
        case 'number': {
          const number = value.trim() === '' || Number.isNaN(Number(value)) ? '0' : value.trim();
          return `${variable} ${operator} ${DECIMALS.has(variable) && !/[.e]/i.test(number) ? `${number}.0` : number}`;
        }
        case 'text':
          return /^[a-z]+$/i.test(operator) ? `${variable}.${operator}(${quoted(value)})` : `${variable} ${operator} ${quoted(value)}`;
      }
    })
    .join(every ? ' && ' : ' || ');
}

/** The conditions of an expression that the builder could have written, or null. */
export function fromCel(source: string): { conditions: Condition[]; every: boolean } | null {
  const text = source.trim();
  if (text === '') return { conditions: [], every: true };
  const parts: string[] = [];
  let joint: string | null = null;
  let from = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && inside) i++;
    else if (text[i] === '"') inside = !inside;
    else if (!inside && (text.startsWith('&&', i) || text.startsWith('||', i))) {
      const found = text.slice(i, i + 2);
      if (joint !== null && joint !== found) return null;
      joint = found;
      parts.push(text.slice(from, i).trim());
      from = i + 2;
      i++;
    }
  }
  parts.push(text.slice(from).trim());
  const conditions: Condition[] = [];
  for (const part of parts) {
    const one = single(part);
    if (one === null) return null;
    conditions.push(one);
  }
  return { conditions, every: joint !== '||' };
}

const STRING = '"((?:[^"\\\\]|\\\\.)*)"';

function single(part: string): Condition | null {
  const known = (variable: string | undefined, type: string) => variable !== undefined && VARIABLES.some(([name, , is]) => name === variable && is === type);
  let match = new RegExp(`^(\\w+)\\.(startsWith|endsWith|contains|matches)\\(${STRING}\\)$`).exec(part) ?? new RegExp(`^(\\w+) (==|!=) ${STRING}$`).exec(part);
  if (match !== null && known(match[1], 'text')) return { variable: match[1] ?? '', operator: match[2] ?? '', value: (match[3] ?? '').replace(/\\n/g, '\n').replace(/\\(.)/g, '$1') };
  match = /^(\w+) (>=|<=|>|<|==) (-?\d+(?:\.\d+)?)$/.exec(part);
  if (match !== null && known(match[1], 'number')) return { variable: match[1] ?? '', operator: match[2] ?? '', value: (match[3] ?? '').replace(/\.0$/, '') };
  match = /^(!?)(\w+)$/.exec(part);
  if (match !== null && known(match[2], 'truth')) return { variable: match[2] ?? '', operator: match[1] === '!' ? 'false' : 'true', value: '' };
  return null;
}
