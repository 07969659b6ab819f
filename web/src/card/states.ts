/** What a state means for whoever looks at the map. */
export type StateGroup = 'new' | 'active' | 'done';

const NEW = new Set(['reported', 'verified', 'filed']);
export const DONE: ReadonlySet<string> = new Set(['closed', 'evaluated', 'rejected', 'void', 'withdrawn']);

/** New until somebody was sent, done when nobody has to act any more, else active. */
export function stateGroup(state: string | null | undefined): StateGroup {
  if (state && DONE.has(state)) return 'done';
  return !state || NEW.has(state) ? 'new' : 'active';
}
