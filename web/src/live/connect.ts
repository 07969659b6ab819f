// Where a page hears the stream: from the browser's shared worker, or by itself where there is none.
import type { LiveMessage } from './messages';
import { openStream } from './stream';

/** Listens until the answer is called. */
export function listen(tell: (message: LiveMessage) => void): () => void {
  if (typeof SharedWorker === 'undefined') return openStream('/api/stream', tell);
  let stop: (() => void) | undefined;
  try {
    const worker = new SharedWorker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'gridbeat-live' });
    worker.port.addEventListener('message', (event: MessageEvent<LiveMessage>) => tell(event.data));
    worker.port.start();
    const bye = () => worker.port.postMessage('bye');
    addEventListener('pagehide', bye);
    // Where a worker cannot start (an old browser without module workers), do without.
    worker.addEventListener('error', () => {
      stop ??= openStream('/api/stream', tell);
    });
    return () => {
      removeEventListener('pagehide', bye);
      bye();
      stop?.();
    };
  } catch {
    return openStream('/api/stream', tell);
  }
}
