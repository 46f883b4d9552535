import { describe, expect, it } from 'vitest';
import { eventOf } from '../api/client';
import { diffLines } from './diff';
import { bytes, compact, duration, percent, period, relative, usd, usdShort } from './format';
import { blocks, spans } from './markdown';

describe('money', () => {
  it('shows as many places as the amount needs', () => {
    expect([0, 0.000004, 0.0042, 0.05, 0.5, 1, 12.345, 1234.5].map(usd)).toEqual(['$0', '$0.000004', '$0.0042', '$0.05', '$0.50', '$1.00', '$12.35', '$1,235']);
  });
  it('never shows an unknown price as nothing', () => {
    expect(usd(null)).toBe('unknown');
    expect(usd(undefined)).toBe('unknown');
    expect(usd(1e-9)).toBe('<$0.000001');
    expect([0, 0.000004, 0.0000123, 0.000123, 0.00999, 0.0123, 12].map(usdShort)).toEqual(['$0', '<$0.00001', '$0.00001', '$0.00012', '$0.01', '$0.0123', '$12.00']);
    expect(usd(-0.5)).toBe('−$0.50');
  });
});

describe('numbers', () => {
  it('are compact', () => expect([0, 999, 1000, 1234, 99_960, 123_456, 999_999, 2_500_000].map(compact)).toEqual(['0', '999', '1k', '1.2k', '100k', '123k', '1M', '2.5M']));
  it('durations', () => expect([0.25, 4.21, 840, 2400, 61_000, 7_260_000, null, -1].map(duration)).toEqual(['250 µs', '4.2 ms', '840 ms', '2.40 s', '1 min 1 s', '2 h 1 min', '–', '–']));
  it('bytes', () => expect([0, 1023, 1536, 5 * 1024 ** 2, null].map(bytes)).toEqual(['0 B', '1023 B', '1.5 KB', '5.0 MB', '–']));
  it('percent', () => expect([percent(0.5), percent(0.123), percent(1)]).toEqual(['50 %', '12.3 %', '100 %']));
  it('periods', () => expect(['1M', '7d', '1h', 'x'].map(period)).toEqual(['month', '7 days', 'hour', 'x']));
  it('relative times', () => expect([relative(3 * 86_400_000, 0), relative(-120_000, 0), relative(-1, 0)]).toEqual(['in 3 days', '2 minutes ago', 'just now']));
});

describe('diff', () => {
  it('pairs what changed and keeps what is the same', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc')).toEqual([{ left: 'a', right: 'a' }, { left: 'b', right: 'x' }, { left: 'c', right: 'c' }]);
  });
  it('shows added and removed lines alone', () => {
    expect(diffLines('a\nc', 'a\nb\nc')).toEqual([{ left: 'a', right: 'a' }, { left: null, right: 'b' }, { left: 'c', right: 'c' }]);
    expect(diffLines('a\nb\nc', 'a\nc')).toEqual([{ left: 'a', right: 'a' }, { left: 'b', right: null }, { left: 'c', right: 'c' }]);
  });
  it('stays quick on texts of any size', () => {
    const long = (seed: string) => Array.from({ length: 40_000 }, (_, i) => `${seed}${i}`).join('\n');
    expect(diffLines(long('a'), long('b'))).toHaveLength(40_000);
  });
});

describe('markdown', () => {
  it('finds blocks', () => {
    expect(blocks('# T\n\npara\nmore\n\n- a\n- b\n\n1. x\n\n```ts\nlet a;\n```\n> q\n\n---\n\n|a|b|\n|-|-|\n|1|2|').map((block) => block.kind)).toEqual([
      'heading', 'paragraph', 'list', 'list', 'code', 'quote', 'rule', 'table',
    ]);
  });
  it('keeps HTML as text', () => {
    expect(spans('<script>alert(1)</script> <img src=x onerror=1>')).toEqual([{ kind: 'text', text: '<script>alert(1)</script> <img src=x onerror=1>' }]);
  });
  it('links only to http and https', () => {
    expect(spans('[a](https://a.example/)')).toEqual([{ kind: 'link', text: 'a', href: 'https://a.example/' }]);
    expect(spans('[a](javascript:alert(1))').every((span) => span.kind === 'text')).toBe(true);
    expect(spans('[a](data:text/html,x)').every((span) => span.kind === 'text')).toBe(true);
  });
  it('does not take names with underscores for emphasis', () => expect(spans('snake_case_name')).toEqual([{ kind: 'text', text: 'snake_case_name' }]));
  it('knows emphasis and code', () => expect(spans('**b** *i* `c`').map((span) => span.kind)).toEqual(['strong', 'text', 'em', 'text', 'code']));
  it('ends an unclosed fence at the end', () => expect(blocks('```\na\nb')).toEqual([{ kind: 'code', language: '', text: 'a\nb' }]));
  it('is linear in what it reads', () => {
    const began = performance.now();
    spans('*a'.repeat(50_000));
    spans('[' .repeat(50_000));
    blocks('> '.repeat(50_000));
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('server-sent events', () => {
  it('joins data lines', () => expect(eventOf('event: log\ndata: a\ndata: b')).toEqual({ event: 'log', data: 'a\nb' }));
  it('ignores comments', () => expect(eventOf(': ping')).toBeNull());
});
