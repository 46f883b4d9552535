import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { models } from '../api/control';
import { count } from '../lib/format';
import { Link, useQueryState } from '../router';
import { Card, CopyButton, Empty, ErrorNote, PageHead, Segments, Skeleton, Tag } from '../ui/kit';

const ABILITIES = [['', 'All'], ['tools', 'Tools'], ['vision', 'Vision'], ['reasoning', 'Thinking'], ['local', 'Local'], ['cursor', 'Collides in Cursor']] as const;

function price(value: number | null): string {
  return value === null ? '–' : value === 0 ? 'free' : `$${value}`;
}

export default function Models() {
  const [query, set] = useQueryState();
  const found = useQuery({ queryKey: ['models'], queryFn: models, staleTime: 30_000 });
  const search = (query.get('q') ?? '').toLowerCase();
  const ability = (query.get('can') ?? '') as (typeof ABILITIES)[number][0];
  const provider = query.get('provider') ?? '';
  const all = found.data ?? [];
  const providers = useMemo(() => [...new Set(all.map((model) => model.provider).filter(Boolean))].sort(), [all]);
  const rows = all.filter(
    (model) =>
      (search === '' || `${model.id} ${model.name} ${model.aliasOf ?? ''}`.toLowerCase().includes(search)) &&
      (provider === '' || model.provider === provider) &&
      (ability === '' || (ability === 'local' ? model.local === true : ability === 'cursor' ? model.collidesInCursor : model[ability] === true)),
  );
  return (
    <>
      <PageHead title="Models">The names to type, exactly, wherever a client asks for a model.</PageHead>
      <div className="row wrapping" style={{ marginBottom: 14 }}>
        <input className="input" style={{ maxWidth: 320 }} type="search" aria-label="Search models" placeholder="Search models" defaultValue={query.get('q') ?? ''} onChange={(event) => set({ q: event.target.value })} />
        <select className="input" style={{ width: 'auto' }} aria-label="Provider" value={provider} onChange={(event) => set({ provider: event.target.value })}>
          <option value="">every provider</option>
          {providers.map((name) => <option key={name}>{name}</option>)}
        </select>
        <div className="scroll"><Segments label="Ability" value={ability} options={ABILITIES} onChange={(can) => set({ can })} /></div>
        <span className="faint small">{found.data !== undefined && `${count(rows.length)} of ${count(all.length)}`}</span>
      </div>
      <ErrorNote error={found.error} retry={() => void found.refetch()} />
      <Card flush>
        {found.isPending ? <div className="body" style={{ padding: 16 }}><Skeleton lines={8} height={22} /></div> : rows.length === 0 ? (
          <Empty title={all.length === 0 ? 'No model is served' : 'No model matches'} action={all.length === 0 ? <Link className="btn primary" to="/providers">Add a provider</Link> : undefined}>
            {all.length === 0 ? 'A provider with a key serves its models here.' : 'Search for another part of the name.'}
          </Empty>
        ) : (
          <div className="scroll">
            <table className="list">
              <thead>
                <tr>
                  <th scope="col">Name to type</th><th scope="col">Runs at</th><th scope="col" className="num">Window</th><th scope="col" className="num">Most output</th><th scope="col">Can</th>
                  <th scope="col" className="num">In / M tokens</th><th scope="col" className="num">Out / M tokens</th>
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, 500).map((model) => (
                  <tr key={model.id}>
                    <td>
                      <div className="row"><code className="wrap">{model.id}</code><CopyButton text={model.id} /></div>
                      {model.aliasOf !== null && <div className="faint small">an alias of {model.aliasOf}</div>}
                      {model.collidesInCursor && <div className="row wrapping small"><Tag tone="warn" title="Cursor knows a model of this name itself and may not send it here.">collides in Cursor</Tag>{model.cursorName !== null && <span className="faint">an alias such as <code>{model.cursorName}</code> does not</span>}</div>}
                    </td>
                    <td>{model.provider === '' ? '–' : model.provider} {model.local === true && <Tag tone="info">local</Tag>} {model.residency !== null && <Tag>{model.residency}</Tag>}</td>
                    <td className="num">{model.window === null ? '–' : count(model.window)}</td>
                    <td className="num">{model.maxOutput === null ? '–' : count(model.maxOutput)}</td>
                    <td><div className="row" style={{ gap: 4 }}>{model.tools === true && <Tag>tools</Tag>}{model.vision === true && <Tag>vision</Tag>}{model.reasoning === true && <Tag>thinking</Tag>}</div></td>
                    <td className="num">{price(model.inputPrice)}</td>
                    <td className="num">{price(model.outputPrice)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      {rows.length > 500 && <p className="faint small">The first 500 are shown; search for the others.</p>}
    </>
  );
}
