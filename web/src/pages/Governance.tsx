import { useEffect, useRef } from 'react';
import { useMay } from '../App';
import { Link, useRouter } from '../router';
import { PageHead } from '../ui/kit';
import { Accounts, Audit, Tokens } from './governance/Access';
import { Keys } from './governance/Keys';
import { ModelLimits } from './governance/ModelLimits';
import { Owners } from './governance/Owners';
import { Prices } from './governance/Prices';
import { Rules } from './governance/Rules';

const AREAS = [
  ['keys', 'Virtual keys', 'What clients hold in place of providers’ keys: whom they belong to, what they may use, and how much.'],
  ['teams', 'Teams', 'People who share budgets and keys.'],
  ['customers', 'Customers', 'Paying parties or business units, above teams.'],
  ['users', 'Users', 'People; all of a person’s keys share one cap.'],
  ['models', 'Model limits', 'Budgets and limits of models, for everybody or for one customer, team, user or key.'],
  ['prices', 'Prices', 'Other prices than the catalogue’s: those of your contracts, and of models it does not know.'],
  ['rules', 'Routing rules', 'Where requests go, or do not, by who asks and what for.'],
  ['accounts', 'Accounts', 'Who may sign in here, and do what.'],
  ['tokens', 'API tokens', 'For scripts that call the control API.'],
  ['audit', 'Audit log', 'Who changed what, and who read prompts.'],
] as const;

export default function Governance() {
  const { path } = useRouter();
  const admin = useMay('admin');
  const areas = AREAS.filter(([key]) => admin || (key !== 'accounts' && key !== 'audit'));
  const area = areas.find(([key]) => key === path.split('/')[2]) ?? areas[0];
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where not all of them fit, the chosen one is to be seen.
    tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [area]);
  if (area === undefined) return null;
  return (
    <>
      <PageHead title="Governance">{area[2]}</PageHead>
      <nav className="tabs" aria-label="Governance" ref={tabs}>
        {areas.map(([key, title]) => <Link key={key} to={`/governance/${key}`} aria-current={key === area[0] ? 'page' : undefined}>{title}</Link>)}
      </nav>
      {area[0] === 'keys' && <Keys />}
      {(area[0] === 'teams' || area[0] === 'customers' || area[0] === 'users') && <Owners key={area[0]} kind={area[0]} />}
      {area[0] === 'models' && <ModelLimits />}
      {area[0] === 'prices' && <Prices />}
      {area[0] === 'rules' && <Rules />}
      {area[0] === 'accounts' && <Accounts />}
      {area[0] === 'tokens' && <Tokens />}
      {area[0] === 'audit' && <Audit />}
    </>
  );
}
