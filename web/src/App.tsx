import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Component, createContext, lazy, type ReactNode, Suspense, useContext, useEffect, useState } from 'react';
import { onSignedOut } from './api/client';
import { logout, session } from './api/control';
import type { Session } from './api/types';
import { Login, SetUp } from './pages/Login';
import { Link, useRouter } from './router';
import { Icon, type IconName, Mark } from './ui/icons';
import { Button, Empty, ErrorNote, messageOf, Note, Skeleton } from './ui/kit';
import { ThemeSwitch } from './ui/theme';

const PAGES: readonly { path: string; title: string; icon: IconName; full?: boolean; page: ReturnType<typeof lazy> }[] = [
  { path: '/', title: 'Overview', icon: 'overview', page: lazy(() => import('./pages/Overview')) },
  { path: '/logs', title: 'Logs', icon: 'logs', full: true, page: lazy(() => import('./pages/Logs')) },
  { path: '/providers', title: 'Providers', icon: 'providers', page: lazy(() => import('./pages/Providers')) },
  { path: '/governance', title: 'Governance', icon: 'governance', page: lazy(() => import('./pages/Governance')) },
  { path: '/playground', title: 'Playground', icon: 'playground', page: lazy(() => import('./pages/Playground')) },
  { path: '/catalogue', title: 'Models', icon: 'models', page: lazy(() => import('./pages/Models')) },
  { path: '/connect', title: 'Connect', icon: 'connect', page: lazy(() => import('./pages/Connect')) },
  { path: '/settings', title: 'Settings', icon: 'settings', page: lazy(() => import('./pages/Settings')) },
];

const SessionContext = createContext<Session | null>(null);

/** Whether the signed-in account may do this. A server that names no permissions decides by itself. */
export function useMay(permission: string): boolean {
  const held = useContext(SessionContext)?.permissions ?? [];
  return held.length === 0 || held.includes(permission) || held.includes('admin');
}

export function useSession(): Session | null {
  return useContext(SessionContext);
}

export function App() {
  const queries = useQueryClient();
  const { path, query } = useRouter();
  const state = useQuery({ queryKey: ['session'], queryFn: session, staleTime: 60_000, retry: 1 });
  useEffect(() => onSignedOut(() => void queries.invalidateQueries({ queryKey: ['session'] })), [queries]);
  const reload = () => void queries.resetQueries();
  if (state.isPending) return <main className="gatekeeper" aria-busy="true"><span className="hidden-text">Loading</span></main>;
  if (state.data === undefined) {
    return <main className="gatekeeper"><div className="card stack"><ErrorNote error={state.error} retry={() => void state.refetch()} /></div></main>;
  }
  const token = query.get('token') ?? query.get('setup');
  if (path.startsWith('/setup') && (state.data.setup_required || token !== null) && !state.data.authenticated) return <SetUp token={token ?? ''} onDone={reload} />;
  if (!state.data.authenticated && state.data.auth_enabled) return <Login setUp={state.data.setup_required} onDone={reload} />;
  return (
    <SessionContext value={state.data}>
      <Frame session={state.data} />
    </SessionContext>
  );
}

function Frame({ session: who }: { session: Session }) {
  const { path, go } = useRouter();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const first = `/${path.split('/')[1] ?? ''}`;
  const current = PAGES.find((page) => page.path === first || (first === '/setup' && page.path === '/'));
  useEffect(() => {
    document.title = current === undefined ? 'Fairlead' : `${current.title} · Fairlead`;
    setOpen(false);
  }, [current, path]);
  const leave = async () => {
    await logout().catch(() => undefined);
    queries.clear();
    go('/');
    await queries.invalidateQueries();
  };
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => {
        event.preventDefault();
        document.querySelector<HTMLElement>('main')?.focus();
      }}>Skip to content</a>
      <header className="bar">
        <Button kind="quiet" icon="menu" aria-label="Menu" aria-expanded={open} onClick={() => setOpen(true)} />
        <span>{current?.title ?? 'Fairlead'}</span>
      </header>
      {open && <button className="veil" aria-label="Close menu" onClick={() => setOpen(false)} />}
      <div className="frame">
        <div className={open ? 'side open' : 'side'} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
          <Link to="/" className="brand"><Mark /> Fairlead</Link>
          <nav aria-label="Pages" className="stack" style={{ gap: 2 }}>
            {PAGES.map((page) => (
              <Link key={page.path} to={page.path} className="nav" aria-current={page === current ? 'page' : undefined}>
                <Icon name={page.icon} size={17} /> {page.title}
              </Link>
            ))}
          </nav>
          <div className="foot stack tight">
            {who.user !== null && (
              <div className="row spread">
                <span className="clip small" title={`${who.user.username}, ${who.user.role}`}>
                  {who.user.username} <span className="faint">{who.user.role}</span>
                </span>
                <Button kind="quiet" small icon="signout" aria-label="Sign out" title="Sign out" onClick={() => void leave()} />
              </div>
            )}
            <ThemeSwitch />
          </div>
        </div>
        <main id="main" tabIndex={-1} className={current?.full === true ? 'main full' : 'main'} style={{ outline: 'none' }}>
          <Leaving><Guard key={first} at={path}>
            <Suspense fallback={<Skeleton lines={6} height={22} />}>
              {current === undefined ? (
                <Empty title="There is no such page" action={<Link className="btn" to="/">To the overview</Link>}>
                  The address may be of an older version of the dashboard.
                </Empty>
              ) : (
                <current.page />
              )}
            </Suspense>
          </Guard></Leaving>
        </main>
      </div>
    </>
  );
}

/** A page that fails says so; the others stay usable, and going elsewhere begins anew. */
class Guard extends Component<{ at: string; children: ReactNode }, { failure: unknown }> {
  override state = { failure: null as unknown };
  static getDerivedStateFromError(failure: unknown) {
    return { failure: failure ?? new Error('unknown failure') };
  }
  override componentDidUpdate(before: { at: string }) {
    if (before.at !== this.props.at && this.state.failure !== null) this.setState({ failure: null });
  }
  override render() {
    if (this.state.failure === null) return this.props.children;
    return (
      <div className="stack">
        <Note tone="bad">This page failed: {messageOf(this.state.failure)}</Note>
        <div><Button icon="refresh" onClick={() => location.reload()}>Load it again</Button></div>
      </div>
    );
  }
}

/**
 * What a page throws while it is left cannot reach its own guard, which leaves with it: it arrives here, and the page that was gone to is
 * shown all the same. More than a few in a row are no page's leaving.
 */
class Leaving extends Component<{ children: ReactNode }, { failures: number; since: number }> {
  override state = { failures: 0, since: 0 };
  static getDerivedStateFromError() {
    return null;
  }
  override componentDidCatch() {
    const now = performance.now();
    this.setState(({ failures, since }) => (now - since > 2000 ? { failures: 1, since: now } : { failures: failures + 1, since }));
  }
  override render() {
    if (this.state.failures > 5) return <Note tone="bad">This page failed while it was being left. Load the dashboard again.</Note>;
    return this.props.children;
  }
}
