// Numbers, money and times as people read them. Money comes in US dollars; null is "the price is unknown", never 0.

export function count(value: number): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(value);
}

/** 1,234 → "1.2k", for places without room. */
export function compact(value: number): string {
  const size = Math.abs(value);
  if (size < 1000) return String(Math.round(value * 10) / 10);
  for (const [unit, suffix] of [[1e3, 'k'], [1e6, 'M'], [1e9, 'G']] as const) {
    const scaled = value / unit;
    const digits = Math.abs(scaled) < 9.95 ? 1 : 0;
    if (Math.abs(Number(scaled.toFixed(digits))) < 1000 || unit === 1e9) return `${scaled.toFixed(digits).replace(/\.0$/, '')}${suffix}`;
  }
  return String(value);
}

/** Dollars with as many places as the amount needs: $12.34, $0.0042, $0. */
export function usd(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return 'unknown';
  if (value === 0) return '$0';
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size >= 1000) return `${sign}$${new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(size)}`;
  if (size >= 1) return `${sign}$${size.toFixed(2)}`;
  if (size < 0.000001) return `${sign}<$0.000001`;
  const places = Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(size)) + 1));
  return `${sign}$${size.toFixed(places).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** Dollars for a narrow column, at most eight signs: $0.00012. */
export function usdShort(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || size >= 0.01) return usd(value);
  const sign = value < 0 ? '−' : '';
  if (size < 0.00001) return `${sign}<$0.00001`;
  const places = Math.min(5, 1 - Math.floor(Math.log10(size)));
  return `${sign}$${size.toFixed(places).replace(/0+$/, '')}`;
}

/** Milliseconds: "840 ms", "2.4 s", "3 min 5 s". */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || ms < 0 || Number.isNaN(ms)) return '–';
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 48) return `${hours} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(hours / 24)} days`;
}

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined || value < 0) return '–';
  if (value < 1024) return `${value} B`;
  for (const [unit, suffix] of [[1024, 'KB'], [1024 ** 2, 'MB'], [1024 ** 3, 'GB']] as const) {
    if (value < unit * 1024 || suffix === 'GB') return `${(value / unit).toFixed(value < unit * 10 ? 1 : 0)} ${suffix}`;
  }
  return String(value);
}

export function percent(part: number, digits = 1): string {
  return `${(part * 100).toFixed(digits).replace(/\.0+$/, '')} %`;
}

export function time(when: string | number): string {
  return new Date(when).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
}

/** Today's times without a date, older ones with it. */
export function moment(when: string | number, now: number = Date.now()): string {
  const date = new Date(when);
  if (Number.isNaN(date.getTime())) return '–';
  const today = new Date(now).toDateString() === date.toDateString();
  return today ? time(when) : `${date.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })} ${time(when).slice(0, 5)}`;
}

export function fullTime(when: string | number): string {
  const date = new Date(when);
  return Number.isNaN(date.getTime()) ? '–' : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium', hour12: false } as Intl.DateTimeFormatOptions);
}

/** "in 3 days", "2 min ago". */
export function relative(when: string | number, now: number = Date.now()): string {
  const gap = (new Date(when).getTime() - now) / 1000;
  if (Number.isNaN(gap)) return '–';
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const size = Math.abs(gap);
  if (size < 45) return gap > 0 ? 'in a moment' : 'just now';
  for (const [unit, seconds] of [['minute', 60], ['hour', 3600], ['day', 86_400], ['month', 2_629_800], ['year', 31_557_600]] as const) {
    const next = { minute: 3600, hour: 86_400, day: 2_629_800, month: 31_557_600, year: Infinity }[unit];
    if (size < next) return words.format(Math.round(gap / seconds), unit);
  }
  return '–';
}

/** A budget's period in words: "1M" → "month", "7d" → "7 days". */
export function period(text: string): string {
  const match = /^(\d+)([smhdwMQYy])$/.exec(text);
  if (match === null) return text;
  const name = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week', M: 'month', Q: 'quarter', Y: 'year', y: 'year' }[match[2] ?? ''] ?? '';
  const n = Number(match[1]);
  return n === 1 ? name : `${n} ${name}s`;
}
