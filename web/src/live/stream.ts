// Keeps one EventSource on /api/stream alive. The browser reconnects by itself after a dropped
// connection and says where it was (Last-Event-ID); after an error answer it gives up, so then we
// open a new one, waiting longer each time, and say in the URL where we were.
import { readEvent, type LiveMessage } from './messages';

/** The stream of all changes. */
export const STREAM = '/api/stream';

const EVENTS = ['change', 'tiles', 'lagging', 'reset'];
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** How long to wait before the nth new attempt (from 0). */
export const waitBefore = (attempt: number) => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);

/** Opens the stream and calls `tell` for all that happens on it; the answer stops it. */
export function openStream(url: string, tell: (message: LiveMessage) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let last = '';

  const open = () => {
    tell({ type: 'connecting' });
    const current = new EventSource(last ? `${url}?last_event_id=${encodeURIComponent(last)}` : url);
    source = current;
    current.addEventListener('open', () => {
      attempt = 0;
      tell({ type: 'open' });
    });
    for (const name of EVENTS) {
      current.addEventListener(name, (event) => {
        const { data, lastEventId } = event as MessageEvent;
        last = lastEventId || last;
        const message = readEvent(name, data);
        if (message) tell(message);
      });
    }
    current.addEventListener('error', () => {
      tell({ type: 'lost' });
      if (current.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, waitBefore(attempt++));
    });
  };

  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
