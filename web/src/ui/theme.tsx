import { useSyncExternalStore } from 'react';
import { Icon } from './icons';

type Theme = 'system' | 'light' | 'dark';

const listeners = new Set<() => void>();

function chosen(): Theme {
  const theme = document.documentElement.dataset['theme'];
  return theme === 'dark' || theme === 'light' ? theme : 'system';
}

function choose(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    if (theme === 'system') localStorage.removeItem('fairlead.theme');
    else localStorage.setItem('fairlead.theme', theme);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener('change', listener);
  };
}

/** "dark" or "light" as it is seen now; charts are drawn anew when it changes. */
export function useShade(): string {
  return useSyncExternalStore(subscribe, () => {
    const theme = chosen();
    return theme === 'system' ? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light') : theme;
  });
}

export function ThemeSwitch() {
  const theme = useSyncExternalStore(subscribe, chosen);
  return (
    <div className="seg" role="group" aria-label="Appearance" style={{ alignSelf: 'start' }}>
      {([['system', 'screen', 'As the system'], ['light', 'sun', 'Light'], ['dark', 'moon', 'Dark']] as const).map(([key, icon, title]) => (
        <button key={key} type="button" aria-pressed={theme === key} title={title} aria-label={title} onClick={() => choose(key)}>
          <Icon name={icon} size={14} />
        </button>
      ))}
    </div>
  );
}
