// Where a page hears the stream: from the browser's shared worker, or by itself where there is none.
import type { LiveMessage } from './messages';
import { openStream, STREAM } from './stream';
import { follow } from './tab';

/** Listens until the answer is called. */
export function listen(tell: (message: LiveMessage) => void): () => void {
  let stop: (() => void) | undefined;
  const alone = () => {
    stop = openStream(STREAM, tell);
  };
  const together = () => {
    let worker: SharedWorker;
    try {
      worker = new SharedWorker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'gridbeat-live' });
    } catch {
      return alone();
    }
    stop = follow(worker, tell, (lived) => {
      if (!lived) return alone();
      // The browser makes a new one. Whatever happened since the old one fell silent was not told.
      tell({ type: 'lost' });
      together();
    });
  };
  if (typeof SharedWorker === 'undefined') alone();
  else together();
  return () => stop?.();
}
