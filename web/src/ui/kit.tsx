import {
  type ButtonHTMLAttributes, type ComponentProps, createContext, type FormEvent, type InputHTMLAttributes, type ReactNode,
  type SelectHTMLAttributes, type TextareaHTMLAttributes, useCallback, useContext, useEffect, useId, useRef, useState,
} from 'react';
import { ApiError, type Fault } from '../api/client';
import { Icon, type IconName } from './icons';

type Tone = 'good' | 'warn' | 'bad' | 'info' | 'accent' | '';

export function Button({ kind = '', small = false, icon, children, className = '', ...rest }: {
  kind?: 'primary' | 'danger' | 'quiet' | '';
  small?: boolean;
  icon?: IconName;
} & ButtonHTMLAttributes<HTMLButtonElement>) {
  const bare = children === undefined || children === null;
  return (
    <button type="button" {...rest} className={`btn ${kind} ${small ? 'small' : ''} ${bare ? 'icon' : ''} ${className}`}>
      {icon !== undefined && <Icon name={icon} size={small ? 14 : 16} />}
      {children}
    </button>
  );
}

export function CopyButton({ text, label, className = '' }: { text: string; label?: string; className?: string }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await copyText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1600);
  };
  return (
    <button type="button" className={`btn small ${label === undefined ? 'icon' : ''} ${className}`} onClick={() => void copy()} aria-label={label === undefined ? 'Copy' : undefined} title="Copy">
      <Icon name={done ? 'check' : 'copy'} size={14} />
      {label !== undefined && (done ? 'Copied' : label)}
      <span className="hidden-text" role="status">{done ? 'Copied' : ''}</span>
    </button>
  );
}

/** The clipboard is only there on secure origins; over plain HTTP to another machine a selection has to do. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined && isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return;
    } catch {
      // Permission was refused; the older way may still work.
    }
  }
  const area = document.createElement('textarea');
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).appendChild(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

export function Tag({ tone = '', title, children }: { tone?: Tone; title?: string | undefined; children: ReactNode }) {
  return <span className={`tag ${tone}`} title={title}>{children}</span>;
}

export function Note({ tone = '', children }: { tone?: 'good' | 'warn' | 'bad' | 'info' | ''; children: ReactNode }) {
  return <div className={`note ${tone}`} role={tone === 'bad' ? 'alert' : undefined}>{children}</div>;
}

export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  if (error === null || error === undefined) return null;
  const denied = error instanceof ApiError && error.status === 403;
  return (
    <Note tone={denied ? 'warn' : 'bad'}>
      <div className="row spread wrapping">
        <span>{messageOf(error)}</span>
        {retry !== undefined && !denied && <Button small icon="refresh" onClick={retry}>Try again</Button>}
      </div>
    </Note>
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}

export function Skeleton({ lines = 3, height = 16 }: { lines?: number; height?: number }) {
  return (
    <div className="stack tight" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} className="skeleton" style={{ height, width: `${100 - ((i * 17) % 42)}%` }} />
      ))}
    </div>
  );
}

export function Card({ title, actions, children, flush = false }: { title?: ReactNode; actions?: ReactNode; children: ReactNode; flush?: boolean }) {
  return (
    <section className="card">
      {(title !== undefined || actions !== undefined) && (
        <div className="head">
          <h2>{title}</h2>
          {actions !== undefined && <div className="row wrapping">{actions}</div>}
        </div>
      )}
      {flush ? children : <div className="body">{children}</div>}
    </section>
  );
}

export function PageHead({ title, children, actions }: { title: ReactNode; children?: ReactNode; actions?: ReactNode }) {
  return (
    <header className="pagehead">
      <div>
        <h1>{title}</h1>
        {children !== undefined && <p>{children}</p>}
      </div>
      {actions !== undefined && <div className="row wrapping">{actions}</div>}
    </header>
  );
}

export function Meter({ used, limit, label }: { used: number; limit: number; label: string }) {
  const share = limit <= 0 ? 1 : used / limit;
  const tone = share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : '';
  return (
    <div className={`meter ${tone}`} role="meter" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(Math.min(1, share) * 100)} aria-label={label}>
      <i style={{ width: `${Math.min(100, share * 100)}%` }} />
    </div>
  );
}

export function Segments<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void }) {
  return (
    <div className="seg" role="group" aria-label={label}>
      {options.map(([key, text]) => (
        <button key={key} type="button" aria-pressed={key === value} onClick={() => onChange(key)}>{text}</button>
      ))}
    </div>
  );
}

export function Tabs<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void }) {
  const step = (by: number) => {
    const at = options.findIndex(([key]) => key === value);
    const next = options[(at + by + options.length) % options.length];
    if (next !== undefined) onChange(next[0]);
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={(event) => {
      if (event.key === 'ArrowRight') step(1);
      if (event.key === 'ArrowLeft') step(-1);
    }}>
      {options.map(([key, text]) => (
        <button key={key} type="button" role="tab" aria-selected={key === value} tabIndex={key === value ? 0 : -1} ref={(node) => {
          if (key === value && node !== null && node.parentElement?.contains(document.activeElement) === true) node.focus();
        }} onClick={() => onChange(key)}>{text}</button>
      ))}
    </div>
  );
}

/* Fields. Faults of the API's answer reach the field whose path they name. */

const Faults = createContext<readonly Fault[]>([]);

export function FaultsOf({ error, children }: { error: unknown; children: ReactNode }) {
  return <Faults value={error instanceof ApiError ? error.faults : []}>{children}</Faults>;
}

export function normalPath(path: string): string {
  return path.replace(/\[(\d+)\]/g, '.$1').replace(/^\$?\.?/, '');
}

function faultFor(faults: readonly Fault[], path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  return faults.find((fault) => {
    const at = normalPath(fault.path);
    return at === path || at.endsWith(`.${path}`) || at.startsWith(`${path}.`);
  })?.message;
}

export function Field({ label, hint, path, error, className = '', children }: {
  label: ReactNode;
  hint?: ReactNode;
  /** Path in the request's body, so that the API's message for it is shown here. */
  path?: string | undefined;
  error?: string | undefined;
  className?: string;
  children: (props: { id: string; 'aria-invalid'?: true; 'aria-describedby'?: string }) => ReactNode;
}) {
  const id = useId();
  const told = error ?? faultFor(useContext(Faults), path);
  const about = [hint !== undefined ? `${id}-hint` : '', told !== undefined ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      {children({ id, ...(told === undefined ? {} : { 'aria-invalid': true as const }), ...(about === '' ? {} : { 'aria-describedby': about }) })}
      {hint !== undefined && <span className="hint" id={`${id}-hint`}>{hint}</span>}
      {told !== undefined && <span className="error" id={`${id}-error`} role="alert">{told}</span>}
    </div>
  );
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  path?: string | undefined;
  error?: string | undefined;
  wide?: string;
}

export function TextField({ label, hint, path, error, wide = '', onText, ...rest }: FieldProps & { onText: (value: string) => void } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} hint={hint} path={path} error={error} className={wide}>
      {(props) => <input autoComplete="off" spellCheck={false} {...rest} {...props} className={`input ${rest.className ?? ''}`} onChange={(event) => onText(event.target.value)} />}
    </Field>
  );
}

export function AreaField({ label, hint, path, error, wide = '', onText, ...rest }: FieldProps & { onText: (value: string) => void } & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} hint={hint} path={path} error={error} className={wide}>
      {(props) => <textarea spellCheck={false} {...rest} {...props} className={`input ${rest.className ?? ''}`} onChange={(event) => onText(event.target.value)} />}
    </Field>
  );
}

export function SelectField({ label, hint, path, error, wide = '', options, onText, ...rest }: FieldProps & { options: readonly (readonly [string, string])[]; onText: (value: string) => void } & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field label={label} hint={hint} path={path} error={error} className={wide}>
      {(props) => (
        <select {...rest} {...props} className="input" onChange={(event) => onText(event.target.value)}>
          {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
        </select>
      )}
    </Field>
  );
}

export function Check({ label, hint, ...rest }: { label: ReactNode; hint?: ReactNode } & Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <label className="check">
      <input type="checkbox" {...rest} />
      <span>
        {label}
        {hint !== undefined && <span className="faint small" style={{ display: 'block' }}>{hint}</span>}
      </span>
    </label>
  );
}

/* Dialogs: the browser's own, so focus, Escape and inertness of the rest are the browser's. */

export function Dialog({ title, sub, onClose, children, shape = 'box', actions }: { title: ReactNode; sub?: ReactNode; onClose: () => void; children: ReactNode; shape?: 'box' | 'box wide' | 'sheet'; actions?: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog !== null && !dialog.open) dialog.showModal();
    document.body.style.overflow = 'hidden';
    return () => {
      dialog?.close();
      if (document.querySelectorAll('dialog[open]').length === 0) document.body.style.overflow = '';
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog ref={ref} className={shape} aria-labelledby={id} onCancel={(event) => {
      if (event.target !== ref.current) return;
      event.preventDefault();
      onClose();
    }} onMouseDown={(event) => {
      if (shape === 'sheet' && event.target === ref.current && event.clientX < (ref.current?.getBoundingClientRect().left ?? 0)) onClose();
    }}>
      <div className="dhead">
        <div className="grow">
          <h2 id={id} className="wrap">{title}</h2>
          {sub !== undefined && <div className="muted small">{sub}</div>}
        </div>
        <div className="row">
          {actions}
          <Button kind="quiet" icon="close" aria-label="Close" onClick={onClose} />
        </div>
      </div>
      {children}
    </dialog>
  );
}

export function FormDialog({ title, sub, submit, busy, error, onSubmit, onClose, children, wide = false, danger, disabled = false }: {
  title: ReactNode; sub?: ReactNode; submit: string; busy: boolean; error: unknown; onSubmit: () => void; onClose: () => void; children: ReactNode; wide?: boolean; danger?: ReactNode; disabled?: boolean;
}) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onSubmit();
  };
  return (
    <Dialog title={title} sub={sub} onClose={onClose} shape={wide ? 'box wide' : 'box'}>
      <form className="dform" onSubmit={send} noValidate>
        <FaultsOf error={error}>
          <div className="dbody stack">
            <FormError error={error} />
            {children}
          </div>
        </FaultsOf>
        <div className="dfoot">
          {danger}
          <span className="grow" />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={busy || disabled}>{busy ? 'One moment…' : submit}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What the API said; faults that name a path are listed too, in case no field of the form shows them. */
export function FormError({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const faults = error instanceof ApiError ? error.faults : [];
  return (
    <Note tone="bad">
      {messageOf(error)}
      {faults.length > 0 && !(faults.length === 1 && faults[0]?.message === messageOf(error)) && (
        <ul style={{ paddingLeft: 18 }}>
          {faults.slice(0, 20).map((fault, i) => <li key={i}>{fault.path !== '' && <><code>{fault.path}</code>: </>}{fault.message}</li>)}
        </ul>
      )}
    </Note>
  );
}

export function Confirm({ title, children, action, busy, error, onConfirm, onClose }: { title: string; children: ReactNode; action: string; busy: boolean; error?: unknown; onConfirm: () => void; onClose: () => void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="dbody stack">
        <FormError error={error} />
        <div>{children}</div>
      </div>
      <div className="dfoot">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" disabled={busy} onClick={onConfirm}>{action}</Button>
      </div>
    </Dialog>
  );
}

/** Something that opens below a button and closes on Escape or a click elsewhere. */
export function Popover({ button, right = false, children }: { button: (open: boolean, toggle: () => void) => ReactNode; right?: boolean; children: (close: () => void) => ReactNode }) {
  const [open, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const away = (event: MouseEvent) => {
      if (ref.current?.contains(event.target as Node) !== true) setOpen(false);
    };
    addEventListener('mousedown', away);
    return () => removeEventListener('mousedown', away);
  }, [open]);
  return (
    <div className="popover" ref={ref} onKeyDown={(event) => {
      if (event.key === 'Escape' && open) {
        event.stopPropagation();
        setOpen(false);
        ref.current?.querySelector('button')?.focus();
      }
    }}>
      {button(open, () => setOpen(!open))}
      {open && <div className={right ? 'panel right' : 'panel'}>{children(() => setOpen(false))}</div>}
    </div>
  );
}

/* Short messages at the corner */

interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

const ToastContext = createContext<(text: string, bad?: boolean) => void>(() => undefined);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const next = useRef(0);
  const show = useCallback((text: string, bad = false) => {
    const id = next.current++;
    setToasts((all) => [...all.slice(-3), { id, text, bad }]);
    setTimeout(() => setToasts((all) => all.filter((toast) => toast.id !== id)), bad ? 9000 : 4500);
  }, []);
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => <div key={toast.id} className={toast.bad ? 'toast bad' : 'toast'}>{toast.text}</div>)}
      </div>
    </ToastContext>
  );
}

export function useToast() {
  return useContext(ToastContext);
}

/** State in localStorage, for appearance and saved views; without storage it lasts as long as the page. */
export function useStored<T>(name: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      const text = localStorage.getItem(`fairlead.${name}`);
      return text === null ? initial : (JSON.parse(text) as T);
    } catch {
      return initial;
    }
  });
  const set = (next: T) => {
    setValue(next);
    try {
      localStorage.setItem(`fairlead.${name}`, JSON.stringify(next));
    } catch {
      // Storage is full or denied.
    }
  };
  return [value, set];
}
