// Rows of the log as they are shown: pages read backwards, and what is new put in front a few times a second.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/client';
import { type LogFilter, logs, running as readRunning, tail } from '../../api/logs';
import type { LogRow, Running } from '../../api/types';

/** Rows kept in the page while the tail runs; older ones are read again when scrolled to. */
const MOST_LIVE = 5_000;

export interface LogList {
  rows: LogRow[];
  running: Running[];
  more: boolean;
  loading: boolean;
  partial: boolean;
  error: unknown;
  liveError: string | null;
  /** New rows that wait because the reader has scrolled away from the top. */
  loadMore: () => void;
  reload: () => void;
}

export function useLogList(filter: LogFilter, live: boolean, following: boolean): LogList {
  const key = JSON.stringify(filter);
  const [rows, setRows] = useState<LogRow[]>([]);
  const [running, setRunning] = useState<Running[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [more, setMore] = useState(false);
  const [loading, setLoading] = useState(true);
  const [partial, setPartial] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [liveError, setLiveError] = useState<string | null>(null);
  const [generation, setGeneration] = useState(0);
  const waiting = useRef<LogRow[]>([]);
  const seen = useRef(new Set<string>());
  const asking = useRef(false);
  const follow = useRef(following);
  follow.current = following;

  const read = useCallback(
    async (from: string | null, signal?: AbortSignal) => {
      if (asking.current && from !== null) return;
      asking.current = true;
      setLoading(true);
      try {
        const page = await logs(JSON.parse(key) as LogFilter, from, signal);
        if (from === null) seen.current = new Set(page.logs.map((row) => row.id));
        const fresh = from === null ? page.logs : page.logs.filter((row) => !seen.current.has(row.id));
        fresh.forEach((row) => seen.current.add(row.id));
        setRows((old) => (from === null ? fresh : [...old, ...fresh]));
        setCursor(page.next);
        setMore(page.next !== null);
        setPartial(page.partial);
        setError(null);
      } catch (failure) {
        if (!(failure instanceof DOMException)) setError(failure);
      } finally {
        asking.current = false;
        if (signal?.aborted !== true) setLoading(false);
      }
    },
    [key],
  );

  useEffect(() => {
    const stop = new AbortController();
    waiting.current = [];
    setRows([]);
    void read(null, stop.signal);
    return () => stop.abort();
  }, [read, generation]);

  useEffect(() => {
    if (!live) {
      setLiveError(null);
      setRunning([]);
      return undefined;
    }
    const stop = new AbortController();
    const take = (row: LogRow) => {
      if (seen.current.has(row.id)) return;
      seen.current.add(row.id);
      waiting.current.push(row);
    };
    const follows = async () => {
      while (!stop.signal.aborted) {
        try {
          const wanted = JSON.parse(key) as LogFilter;
          if ((wanted['content_search'] ?? '') !== '') {
            // Words are found once they are written, so those alone are asked for again and again.
            const page = await logs(wanted, null, stop.signal);
            [...page.logs].reverse().forEach(take);
            setLiveError(null);
          } else {
            for await (const row of tail(wanted, stop.signal)) {
              setLiveError(null);
              take(row);
            }
          }
        } catch (failure) {
          if (stop.signal.aborted) return;
          if (failure instanceof ApiError && failure.status >= 400 && failure.status < 500) {
            setLiveError(failure.message);
            return;
          }
          setLiveError('The live connection broke; trying again.');
        }
        await new Promise((resume) => setTimeout(resume, 2_000));
      }
    };
    void follows();
    const look = async () => {
      try {
        setRunning(await readRunning());
      } catch {
        setRunning([]);
      }
    };
    void look();
    const looking = setInterval(() => void look(), 1_000);
    // However many rows come, the page is drawn anew at most four times a second.
    const drawing = setInterval(() => {
      if (waiting.current.length === 0 || !follow.current) return;
      const fresh = waiting.current.splice(0).reverse();
      setRows((old) => {
        const next = [...fresh, ...old];
        if (next.length <= MOST_LIVE) return next;
        next.slice(MOST_LIVE).forEach((row) => seen.current.delete(row.id));
        return next.slice(0, MOST_LIVE);
      });
    }, 250);
    return () => {
      stop.abort();
      clearInterval(looking);
      clearInterval(drawing);
    };
  }, [live, key, generation]);

  return {
    rows, running, more, loading, partial, error, liveError,
    loadMore: () => {
      if (more && cursor !== null) void read(cursor);
    },
    reload: () => setGeneration((n) => n + 1),
  };
}
