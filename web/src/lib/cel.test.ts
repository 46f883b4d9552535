import { expect, it } from 'vitest';
import { fromCel, toCel } from './cel';

it('what the builder writes it reads again', () => {
  const conditions = [
    { variable: 'model', operator: 'startsWith', value: 'a"b\\c' }, { variable: 'input_tokens', operator: '>', value: '1000' },
    { variable: 'budget_used', operator: '>=', value: '80' }, { variable: 'has_tools', operator: 'false', value: '' }, { variable: 'team_name', operator: '==', value: 'x && y' },
  ];
  for (const every of [true, false]) expect(fromCel(toCel(conditions, every))).toEqual({ conditions, every });
  expect(toCel([{ variable: 'budget_used', operator: '>', value: '80' }], true)).toBe('budget_used > 80.0');
});

it('leaves other expressions to the editor', () => {
  for (const text of ['model in ["a"]', 'a == 1', 'has_tools && (stream || has_images)', 'headers["x"] == "y"', 'has_tools && stream || has_images']) expect(fromCel(text)).toBeNull();
  expect(fromCel('')).toEqual({ conditions: [], every: true });
});
