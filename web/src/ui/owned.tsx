// What entities have in common: where they come from, and whether they can be changed here.
import { Icon } from './icons';
import { Button, Tag } from './kit';

interface Placed {
  origin?: unknown;
  read_only?: boolean | undefined;
  config_hash?: unknown;
}

export function sourceOf(entity: Placed): string {
  const origin = entity.origin;
  if (typeof origin === 'string') return origin;
  if (typeof origin === 'object' && origin !== null) {
    const source = (origin as Record<string, unknown>)['source'];
    if (typeof source === 'string') return source;
  }
  return '';
}

function placeOf(entity: Placed): string {
  const origin = entity.origin;
  const place = typeof origin === 'object' && origin !== null ? (origin as Record<string, unknown>)['place'] : undefined;
  return typeof place === 'string' ? place : '';
}

export function readOnly(entity: Placed): boolean {
  if (entity.read_only !== undefined) return entity.read_only;
  const source = sourceOf(entity).toLowerCase();
  return source !== '' && source !== 'database';
}

export function OriginTag({ entity }: { entity: Placed }) {
  const source = sourceOf(entity).toLowerCase();
  if (source === '') return null;
  const locked = readOnly(entity);
  const place = placeOf(entity);
  return (
    <Tag title={`${locked ? `Kept in the ${source} and changed there` : 'Kept in the database; can be changed here'}${place === '' ? '' : `: ${place}`}`}>
      {locked && <Icon name="lock" size={11} />} {source}
    </Tag>
  );
}

// What a row offers for something that can be changed here; "of" says to a screen reader which one.
export function EditAndRemove({ of, onEdit, onRemove }: { of: string; onEdit: () => void; onRemove: () => void }) {
  return (
    <>
      <Button small icon="edit" aria-label={`Edit ${of}`} onClick={onEdit} />
      <Button small kind="danger" icon="trash" aria-label={`Remove ${of}`} onClick={onRemove} />
    </>
  );
}
