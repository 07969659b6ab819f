import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { listen } from './connect';
import { INITIAL, reduce, type LiveEffect, type LiveStatus } from './reduce';

/** Listens to the stream while mounted; `act` carries out what concerns the map and the people. */
export function useLive(act: (effect: LiveEffect) => void): LiveStatus {
  const queries = useQueryClient();
  const [status, setStatus] = useState<LiveStatus>(INITIAL.status);
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });

  useEffect(() => {
    let state = INITIAL;
    return listen((message) => {
      const [next, effects] = reduce(state, message);
      state = next;
      setStatus(next.status);
      for (const effect of effects) {
        if (effect.do === 'ask-again') {
          void queries.invalidateQueries({ queryKey: ['locate'] });
          // What failed while the server was away, the style first of all.
          void queries.refetchQueries({ predicate: (query) => query.state.status === 'error' });
          if (effect.departments) void queries.invalidateQueries({ queryKey: ['departments'] });
          if (effect.boundaries) for (const key of ['area', 'count', 'bounds']) void queries.invalidateQueries({ queryKey: [key] });
        }
        latest.current(effect);
      }
    });
  }, [queries]);
  return status;
}
