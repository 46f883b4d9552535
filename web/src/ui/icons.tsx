const PATHS = {
  overview: 'M3 3v18h18M7 15l4-5 3 3 5-7',
  logs: 'M4 6h16M4 12h16M4 18h10',
  providers: 'M4 5h16v6H4zM4 13h16v6H4zM8 8h.01M8 16h.01',
  governance: 'M12 3l8 3v6c0 4.5-3.2 7.8-8 9-4.8-1.2-8-4.5-8-9V6z',
  playground: 'M4 5h16v11H9l-5 4z',
  models: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5',
  connect: 'M9 15l6-6M10.5 6.5l2-2a4.2 4.2 0 016 6l-2 2M13.5 17.5l-2 2a4.2 4.2 0 01-6-6l2-2',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M4.5 12.5l5 5 10-11',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  menu: 'M4 7h16M4 12h16M4 17h16',
  play: 'M7 4l13 8-13 8z',
  pause: 'M8 5v14M16 5v14',
  stop: 'M6 6h12v12H6z',
  search: 'M11 4a7 7 0 100 14 7 7 0 000-14zM20 20l-4-4',
  refresh: 'M20 11a8 8 0 10-2.3 6.3M20 4v7h-7',
  warn: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  clock: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 2',
  sun: 'M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  moon: 'M20 14.5A8.5 8.5 0 119.5 4a7 7 0 0010.5 10.5z',
  screen: 'M3 5h18v11H3zM9 20h6M12 16v4',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
  edit: 'M4 20h4L19 9l-4-4L4 16z',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3',
  filter: 'M3 5h18l-7 8v6l-4-2v-4z',
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.500 9.700l5.900-.8z',
  tree: 'M6 4v16M6 9h6M6 17h6M15 9h4M15 17h4',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9h.01',
  out: 'M14 4h6v6M20 4l-9 9M19 14v6H4V5h6',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  tool: 'M14.500 6.500a4 4 0 00-5.300 5.100L4 16.800 7.200 20l5.200-5.200a4 4 0 005.100-5.300l-2.700 2.700-2.500-.500-.500-2.500z',
  signout: 'M10 4H4v16h6M15 8l4 4-4 4M19 12H9',
  user: 'M12 4a4 4 0 100 8 4 4 0 000-8zM4 20c1-4 4-6 8-6s7 2 8 6',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false" style={{ flex: 'none' }}>
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="currentColor" />
      <path d="M6 20c5 0 5-8 10-8s5 8 10 8" fill="none" stroke="var(--surface)" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="16" cy="16" r="8.2" fill="none" stroke="var(--surface)" strokeOpacity=".55" strokeWidth="2" />
    </svg>
  );
}
