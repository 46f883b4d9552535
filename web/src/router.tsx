import { createContext, type AnchorHTMLAttributes, type MouseEvent, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';

/** Where the dashboard is served, e.g. "/" or "/gateway/": the server's <base>, made absolute once. */
export const BASE = new URL('.', document.baseURI).pathname;

interface Place {
  path: string;
  query: URLSearchParams;
}

interface Router extends Place {
  go: (to: string, how?: { replace?: boolean }) => void;
}

function here(): Place {
  const path = location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length - 1) : location.pathname;
  return { path: path === '' ? '/' : path, query: new URLSearchParams(location.search) };
}

function pageOf(pathname: string): string {
  return pathname.slice(BASE.length).split('/', 1)[0] ?? '';
}

const Context = createContext<Router | null>(null);

export function hrefOf(to: string): string {
  return BASE + to.replace(/^\//, '');
}

export function RouterProvider({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const moved = () => setPlace(here());
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }, []);
  const go = useCallback((to: string, how: { replace?: boolean } = {}) => {
    const before = pageOf(location.pathname);
    const target = to.startsWith('?') ? location.pathname + (to === '?' ? '' : to) : hrefOf(to);
    if (how.replace === true) history.replaceState(null, '', target);
    else history.pushState(null, '', target);
    setPlace(here());
    // Within a page (a sheet that opens or closes, a tab) the focus stays with whoever has it.
    if (pageOf(location.pathname) !== before) {
      scrollTo(0, 0);
      // So that a screen reader begins where the new page begins.
      requestAnimationFrame(() => document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true }));
    }
  }, []);
  const router = useMemo(() => ({ ...place, go }), [place, go]);
  return <Context value={router}>{children}</Context>;
}

export function useRouter(): Router {
  const router = useContext(Context);
  if (router === null) throw new Error('outside of RouterProvider');
  return router;
}

/** Query parameters as state that survives a reload and can be sent to a colleague. */
export function useQueryState(): [URLSearchParams, (change: Record<string, string | null>) => void] {
  const { query, go } = useRouter();
  const set = useCallback(
    (change: Record<string, string | null>) => {
      const next = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(change)) {
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
      }
      const text = next.toString();
      go(`?${text}`, { replace: true });
    },
    [go],
  );
  return [query, set];
}

export function Link({ to, onClick, ...rest }: { to: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  const { go } = useRouter();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={hrefOf(to)} onClick={follow} />;
}
