// The shared worker's part: which tabs listen, and one stream for all of them while any does.
import type { FromHub, FromTab, LiveMessage } from './messages';

/** What the hub needs of a `MessagePort`. */
export interface TabPort {
  postMessage(message: FromHub): void;
  addEventListener(type: 'message' | 'close', listener: (event: Event) => void): void;
  start(): void;
}

/** Opens the stream; the answer closes it. */
export type OpenStream = (tell: (message: LiveMessage) => void) => () => void;

/** How often to look for tabs that fell silent. */
export const SWEEP_MS = 30_000;

/**
 * How many sweeps a tab may let pass without a word: two and a half minutes, since browsers let a tab in the
 * background speak once a minute. Sweeps are counted instead of reading the clock, so that a machine which
 * slept forgets nobody.
 */
export const MOST_SILENT_SWEEPS = 5;

export class Hub {
  /** The tabs that listen, and the sweeps since each spoke. */
  readonly #tabs = new Map<TabPort, number>();
  readonly #open: OpenStream;
  #close: (() => void) | undefined;
  #status: LiveMessage = { type: 'connecting' };

  constructor(open: OpenStream) {
    this.#open = open;
  }

  get tabs(): number {
    return this.#tabs.size;
  }

  /** A tab came. */
  connect(port: TabPort): void {
    port.addEventListener('message', (event) => this.#hear(port, (event as MessageEvent<FromTab>).data));
    // Where browsers tell of it, a tab that crashed is forgotten at once.
    port.addEventListener('close', () => this.#leave(port));
    port.start();
    this.#join(port);
  }

  /** Forgets the tabs that went without a goodbye. */
  sweep(): void {
    for (const [port, silent] of this.#tabs) {
      if (silent >= MOST_SILENT_SWEEPS) this.#leave(port);
      else this.#tabs.set(port, silent + 1);
    }
  }

  #hear(port: TabPort, said: FromTab): void {
    if (said === 'bye') {
      this.#leave(port);
    } else if (this.#tabs.has(port)) {
      this.#tabs.set(port, 0);
      port.postMessage({ type: 'here' });
    } else {
      // It was frozen, or left and came back with the Back button: what happened meanwhile it was not told.
      this.#join(port);
      port.postMessage({ type: 'resync' });
    }
  }

  #join(port: TabPort): void {
    this.#tabs.set(port, 0);
    if (this.#close) port.postMessage(this.#status);
    else this.#close = this.#open((message) => this.#tell(message));
  }

  #leave(port: TabPort): void {
    this.#tabs.delete(port);
    if (this.#tabs.size > 0) return;
    this.#close?.();
    this.#close = undefined;
  }

  #tell(message: LiveMessage): void {
    if (message.type === 'connecting' || message.type === 'open' || message.type === 'lost') this.#status = message;
    for (const port of this.#tabs.keys()) port.postMessage(message);
  }
}
