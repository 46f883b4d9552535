import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useMay } from '../../App';
import { changeOwner, checkRule, createOwner, customers, explain, models, removeOwner, type RuleCheck, rules, teams, virtualKeys } from '../../api/control';
import { type Json, list, object, objects, text, texts } from '../../api/read';
import type { RoutingRule } from '../../api/types';
import { type Condition, fromCel, OPERATORS, toCel, typeOf, VARIABLES } from '../../lib/cel';
import { percent } from '../../lib/format';
import { CodeBox } from '../../ui/CodeBox';
import { AreaField, Button, Card, Check, Confirm, Empty, ErrorNote, FormDialog, FormError, messageOf, Note, Segments, SelectField, Skeleton, Tag, TextField, useToast } from '../../ui/kit';
import { EditAndRemove, OriginTag, readOnly } from '../../ui/owned';

export function Rules() {
  const queries = useQueryClient();
  const toast = useToast();
  const may = useMay('config.write');
  const found = useQuery({ queryKey: ['rules'], queryFn: rules });
  const [form, setForm] = useState<RoutingRule | 'new' | null>(null);
  const [gone, setGone] = useState<RoutingRule | null>(null);
  const remove = useMutation({
    mutationFn: () => removeOwner('routing-rules', gone?.id ?? ''),
    onSuccess: async () => {
      setGone(null);
      await queries.invalidateQueries();
    },
  });
  const flip = useMutation({
    mutationFn: (rule: RoutingRule) => changeOwner('routing-rules', rule.id, { enabled: rule.enabled === false }),
    onSuccess: () => queries.invalidateQueries(),
    onError: (failure) => toast(messageOf(failure), true),
  });
  const rows = [...(found.data ?? [])].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  return (
    <div className="stack">
      {may && <div className="row" style={{ justifyContent: 'flex-end' }}><Button kind="primary" icon="plus" onClick={() => setForm('new')}>Create a rule</Button></div>}
      <ErrorNote error={found.error} retry={() => void found.refetch()} />
      <Card flush>
        {found.isPending ? <div style={{ padding: 16 }}><Skeleton lines={4} height={26} /></div> : rows.length === 0 ? (
          <Empty title="No rule yet" action={may && <Button icon="plus" onClick={() => setForm('new')}>Create a rule</Button>}>Requests go where their model’s name says. A rule can send them elsewhere, deny them, or keep them to providers with certain tags.</Empty>
        ) : (
          <div className="scroll">
            <table className="list">
              <thead><tr><th scope="col" className="num">Order</th><th scope="col">Rule</th><th scope="col">When</th><th scope="col">Then</th><th scope="col"><span className="hidden-text">Actions</span></th></tr></thead>
              <tbody>
                {rows.map((rule) => (
                  <tr key={rule.id}>
                    <td className="num muted">{rule.priority ?? 0}</td>
                    <td><strong>{rule.name}</strong> <OriginTag entity={rule} /> {rule.enabled === false && <Tag>off</Tag>} {rule['mode'] === 'observe' && <Tag tone="info">only reports</Tag>}{rule.scope !== undefined && rule.scope !== 'global' && <div className="small muted">{rule.scope.replace('_', ' ')} {rule.scope_id}</div>}</td>
                    <td><code className="wrap">{rule.cel_expression === '' || rule.cel_expression === undefined ? 'always' : rule.cel_expression}</code></td>
                    <td className="small">{thenOf(rule)}</td>
                    <td className="act">
                      {may && !readOnly(rule) && (
                        <span className="row">
                          <Button small onClick={() => flip.mutate(rule)}>{rule.enabled === false ? 'Switch on' : 'Switch off'}</Button>
                          <EditAndRemove of={rule.name} onEdit={() => setForm(rule)} onRemove={() => setGone(rule)} />
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      <Explain />
      {form !== null && <RuleForm one={form === 'new' ? null : form} onClose={() => setForm(null)} />}
      {gone !== null && <Confirm title={`Remove ${gone.name}?`} action="Remove it" busy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate()} onClose={() => setGone(null)}>Switching it off keeps it.</Confirm>}
    </div>
  );
}

function actionOf(rule: RoutingRule): 'route' | 'deny' | 'require_tags' {
  const said = rule['action'];
  if (said === 'deny' || said === 'require_tags' || said === 'route') return said;
  if (typeof rule['deny_message'] === 'string') return 'deny';
  return Array.isArray(rule['require_tags']) && rule['require_tags'].length > 0 ? 'require_tags' : 'route';
}

function thenOf(rule: RoutingRule): string {
  switch (actionOf(rule)) {
    case 'deny':
      return `deny${typeof rule['deny_message'] === 'string' ? `: ${rule['deny_message']}` : ''}`;
    case 'require_tags':
      return `only providers tagged ${list(rule['require_tags']).join(', ')}`;
    case 'route': {
      const targets = rule.targets ?? [];
      const sum = targets.reduce((all, target) => all + (target.weight ?? 1), 0);
      return targets.map((target) => `${[target.provider, target.model].filter(Boolean).join('/') || 'as asked'}${targets.length > 1 && sum > 0 ? ` (${percent((target.weight ?? 1) / sum, 0)})` : ''}`).join(', ');
    }
  }
}

interface TargetDraft {
  name: string;
  weight: string;
}

function RuleForm({ one, onClose }: { one: RoutingRule | null; onClose: () => void }) {
  const queries = useQueryClient();
  const served = useQuery({ queryKey: ['models'], queryFn: models, staleTime: 60_000 });
  const keys = useQuery({ queryKey: ['virtual-keys'], queryFn: virtualKeys });
  const groups = useQuery({ queryKey: ['teams'], queryFn: teams });
  const firms = useQuery({ queryKey: ['customers'], queryFn: customers });
  const start = fromCel(one?.cel_expression ?? '');
  const [name, setName] = useState(one?.name ?? '');
  const [view, setView] = useState<'builder' | 'cel'>(start === null ? 'cel' : 'builder');
  const [conditions, setConditions] = useState<Condition[]>(start?.conditions ?? []);
  const [every, setEvery] = useState(start?.every ?? true);
  const [written, setWritten] = useState(one?.cel_expression ?? '');
  const [action, setAction] = useState(one === null ? ('route' as const) : actionOf(one));
  const [targets, setTargets] = useState<TargetDraft[]>(one?.targets?.map((target) => ({ name: [target.provider, target.model].filter(Boolean).join('/'), weight: String(target.weight ?? 1) })) ?? [{ name: '', weight: '1' }]);
  const [deny, setDeny] = useState(typeof one?.['deny_message'] === 'string' ? one['deny_message'] : '');
  const [tags, setTags] = useState(list(one?.['require_tags']).join(', '));
  const [fallbacks, setFallbacks] = useState((one?.fallbacks ?? []).map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(', '));
  const [scope, setScope] = useState(one?.scope ?? 'global');
  const [scopeId, setScopeId] = useState(one?.scope_id ?? '');
  const [priority, setPriority] = useState(String(one?.priority ?? 0));
  const [observe, setObserve] = useState(one?.['mode'] === 'observe');
  const [checked, setChecked] = useState<RuleCheck | null>(null);
  const expression = view === 'builder' ? toCel(conditions, every) : written;
  useEffect(() => {
    if (expression.trim() === '') {
      setChecked(null);
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => void checkRule(expression, stop.signal).then(setChecked, () => undefined), 300);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [expression]);
  const commas = (value: string) => value.split(',').map((each) => each.trim()).filter(Boolean);
  const save = useMutation({
    mutationFn: () => {
      const body = {
        name, cel_expression: expression, scope, priority: Number(priority), action,
        ...(scope === 'global' ? (one?.scope_id ? { scope_id: null } : {}) : { scope_id: scopeId }),
        ...(action === 'route' ? { targets: targets.map(targetOf), fallbacks: commas(fallbacks) } : one !== null ? { targets: [], fallbacks: [] } : {}),
        ...(action === 'deny' ? { deny_message: deny } : one?.['deny_message'] !== undefined ? { deny_message: null } : {}),
        ...(action === 'require_tags' ? { require_tags: commas(tags) } : one?.['require_tags'] !== undefined ? { require_tags: null } : {}),
        mode: observe ? 'observe' : 'enforce',
      };
      return one === null ? createOwner('routing-rules', body) : changeOwner('routing-rules', one.id, body);
    },
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries();
    },
  });
  const scopes: Record<string, { id: string; name: string }[] | undefined> = { team: groups.data, customer: firms.data, virtual_key: keys.data };
  const toView = (next: 'builder' | 'cel') => {
    if (next === 'cel') setWritten(expression);
    else {
      const read = fromCel(written);
      if (read === null) return;
      setConditions(read.conditions);
      setEvery(read.every);
    }
    setView(next);
  };
  return (
    <FormDialog wide title={one === null ? 'Create a rule' : `Edit ${one.name}`} submit={one === null ? 'Create' : 'Save'} busy={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="form">
        <TextField wide="half" label="Name" path="name" autoFocus value={name} onText={setName} />
        <TextField wide="half" label="Order" path="priority" type="number" value={priority} onText={setPriority} hint="Lower ones are looked at first." />
        <SelectField wide="half" label="For" path="scope" value={scope} onText={(next) => {
          setScope(next);
          setScopeId('');
        }} options={[['global', 'everybody'], ['customer', 'a customer'], ['team', 'a team'], ['virtual_key', 'a key']]} />
        {scope !== 'global' && <SelectField wide="half" label="Which" path="scope_id" value={scopeId} onText={setScopeId} options={[['', 'choose'], ...(scopes[scope] ?? []).map((each) => [each.id, each.name] as const)]} />}
      </div>
      <fieldset className="stack tight">
        <div className="row spread wrapping">
          <legend className="label">When</legend>
          <Segments label="How to write the condition" value={view} options={[['builder', 'Builder'], ['cel', 'CEL']]} onChange={toView} />
        </div>
        {view === 'builder' ? (
          <>
            {conditions.length === 0 && <p className="muted small">Without a condition it holds for every request.</p>}
            {conditions.length > 1 && <Segments label="How conditions are joined" value={every ? 'all' : 'any'} options={[['all', 'All of them'], ['any', 'Any of them']]} onChange={(which) => setEvery(which === 'all')} />}
            {conditions.map((condition, i) => {
              const type = typeOf(condition.variable);
              const change = (part: Partial<Condition>) => setConditions(conditions.map((each, j) => (i === j ? { ...each, ...part } : each)));
              return (
                <div className="rulerow" key={i}>
                  <select className="input" aria-label="What" value={condition.variable} onChange={(event) => change({ variable: event.target.value, operator: OPERATORS[typeOf(event.target.value)][0][0] })}>
                    {VARIABLES.map(([key, label]) => <option key={key} value={key}>{label}</option>)}
                  </select>
                  <select className="input" aria-label="How" value={condition.operator} onChange={(event) => change({ operator: event.target.value })}>
                    {OPERATORS[type].map(([key, label]) => <option key={key} value={key}>{label}</option>)}
                  </select>
                  {type === 'truth' ? <span /> : <input className="input" aria-label="Value" type={type === 'number' ? 'number' : 'text'} value={condition.value} onChange={(event) => change({ value: event.target.value })} />}
                  <Button kind="quiet" icon="trash" aria-label="Remove the condition" onClick={() => setConditions(conditions.filter((_, j) => j !== i))} />
                </div>
              );
            })}
            <div><Button small icon="plus" onClick={() => setConditions([...conditions, { variable: 'model', operator: '==', value: '' }])}>Add a condition</Button></div>
            {expression !== '' && <code className="small muted wrap">{expression}</code>}
          </>
        ) : (
          <>
            <AreaField label="Expression" className="mono" path="cel_expression" rows={3} value={written} onText={setWritten} hint={<>Variables: {VARIABLES.map(([key]) => key).join(', ')}, paths, headers, params, dims, cwd, session, now.</>} />
            {fromCel(written) === null && <p className="faint small">The builder cannot show this expression.</p>}
          </>
        )}
        {checked !== null && <div role="status"><Tag tone={checked.valid ? 'good' : 'bad'}>{checked.valid ? 'The condition is right' : 'The condition is wrong'}</Tag> {!checked.valid && <span className="small" style={{ color: 'var(--bad)' }}>{checked.message}</span>}</div>}
      </fieldset>
      <fieldset className="stack tight">
        <div className="row spread wrapping">
          <legend className="label">Then</legend>
          <Segments label="What the rule does" value={action} options={[['route', 'Send to'], ['deny', 'Deny'], ['require_tags', 'Require tags']]} onChange={setAction} />
        </div>
        {action === 'route' && (
          <>
            <datalist id="rule-models">{(served.data ?? []).map((each) => <option key={each.id} value={each.id} />)}</datalist>
            {targets.map((target, i) => (
              <div className="form" key={i}>
                <TextField wide="half" label="Target" path={`targets.${i}`} list="rule-models" placeholder="provider/model" value={target.name} onText={(value) => setTargets(targets.map((each, j) => (i === j ? { ...each, name: value } : each)))} />
                <TextField wide="third" label="Weight" path={`targets.${i}.weight`} type="number" min={0} step="any" value={target.weight} onText={(weight) => setTargets(targets.map((each, j) => (i === j ? { ...each, weight } : each)))} />
                <div className="row" style={{ gridColumn: 'span 2', alignItems: 'end' }}>{targets.length > 1 && <Button kind="quiet" icon="trash" aria-label="Remove the target" onClick={() => setTargets(targets.filter((_, j) => j !== i))} />}</div>
              </div>
            ))}
            <div><Button small icon="plus" onClick={() => setTargets([...targets, { name: '', weight: '1' }])}>Add a target</Button></div>
            <TextField label="When those fail" path="fallbacks" placeholder="provider/model, …" value={fallbacks} onText={setFallbacks} />
          </>
        )}
        {action === 'deny' && <TextField label="What the client reads" path="deny_message" value={deny} onText={setDeny} />}
        {action === 'require_tags' && <TextField label="Tags" path="require_tags" value={tags} onText={setTags} hint="Separated by commas. Every provider must carry them, now and for the rest of the session." />}
        <Check label="Only report" hint="The log says what it would have done." checked={observe} onChange={(event) => setObserve(event.target.checked)} />
      </fieldset>
    </FormDialog>
  );
}

function targetOf(target: TargetDraft): Json {
  const cut = target.name.indexOf('/');
  const parts = cut < 0 ? { model: target.name } : { provider: target.name.slice(0, cut), model: target.name.slice(cut + 1) };
  return { ...parts, weight: Number(target.weight === '' ? 1 : target.weight) };
}

/** What would happen to a request, without sending it anywhere. */
function Explain() {
  const served = useQuery({ queryKey: ['models'], queryFn: models, staleTime: 60_000 });
  const keys = useQuery({ queryKey: ['virtual-keys'], queryFn: virtualKeys });
  const [model, setModel] = useState('');
  const [key, setKey] = useState('');
  const ask = useMutation({ mutationFn: () => explain({ model, ...(key === '' ? {} : { key }) }) });
  return (
    <Card title="Explain a request">
      <div className="stack">
        <form className="row wrapping" onSubmit={(event) => {
          event.preventDefault();
          ask.mutate();
        }}>
          <input className="input grow" style={{ minWidth: 180, maxWidth: 320 }} list="explain-models" aria-label="Model" placeholder="model" value={model} onChange={(event) => setModel(event.target.value)} />
          <datalist id="explain-models">{(served.data ?? []).map((each) => <option key={each.id} value={each.id} />)}</datalist>
          <select className="input" style={{ width: 'auto', maxWidth: 280 }} aria-label="Key" value={key} onChange={(event) => setKey(event.target.value)}>
            <option value="">without a key</option>
            {(keys.data ?? []).map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
          </select>
          <Button type="submit" icon="search" disabled={model === '' || ask.isPending}>Where would it go?</Button>
        </form>
        <FormError error={ask.error} />
        {ask.data !== undefined && <Explained answer={object(ask.data)} />}
      </div>
    </Card>
  );
}

function Explained({ answer }: { answer: Json }) {
  const targets = objects(answer['targets']);
  const looked = objects(answer['rules']);
  const refused = text(object(answer['refusal']), 'message');
  return (
    <div className="stack">
      {refused !== '' && <Note tone="bad">It would be refused: {refused}</Note>}
      {targets.length > 0 && (
        <div>
          <h3>It would be tried at, in this order</h3>
          <ol style={{ paddingLeft: 22 }}>
            {targets.map((target, i) => (
              <li key={i}><strong>{text(target, 'provider')}/{text(target, 'model')}</strong> <span className="faint">{text(target, 'host')}{texts(target['keys']).length > 0 && `, key ${texts(target['keys']).join(' or ')}`}</span> {text(target, 'warning') !== '' && <span className="small" style={{ color: 'var(--warn)' }}>{text(target, 'warning')}</span>}</li>
            ))}
          </ol>
        </div>
      )}
      {looked.length > 0 && (
        <div>
          <h3>Rules looked at</h3>
          <ul style={{ paddingLeft: 22 }}>{looked.map((rule, i) => <li key={i}><strong>{text(rule, 'name')}</strong>: {text(rule, 'matches').replaceAll('_', ' ')} {rule['taken'] === true && <Tag tone="accent">decided</Tag>} {text(rule, 'mode') === 'observe' && <Tag tone="info">only reports</Tag>} <span className="muted">{text(rule, 'why')}</span></li>)}</ul>
        </div>
      )}
      <details className="fold"><summary>Everything the gateway says</summary><CodeBox text={JSON.stringify(answer, null, 2)} /></details>
    </div>
  );
}
