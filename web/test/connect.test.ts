import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen } from '../src/live/connect';
import type { FromHub, LiveMessage } from '../src/live/messages';
import { openStream } from '../src/live/stream';
import { BEAT_MS, FIRST_WORD_MS, MOST_UNANSWERED } from '../src/live/tab';

/** The browser's `EventSource`, played by hand. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 0;
  constructor(readonly url: string) {
    super();
    FakeSource.made.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }
  fail(forGood: boolean) {
    this.readyState = forGood ? FakeSource.CLOSED : 0;
    this.dispatchEvent(new Event('error'));
  }
  event(name: string, data: unknown, lastEventId = '') {
    this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(data), lastEventId }));
  }
}

/** The browser's `SharedWorker`: what the tab said to it, and a way to answer. */
class FakeWorker extends EventTarget {
  static made: FakeWorker[] = [];
  heard: unknown[] = [];
  closed = false;
  readonly port = Object.assign(new EventTarget(), {
    start: () => {},
    close: () => {
      this.closed = true;
    },
    postMessage: (said: unknown) => {
      this.heard.push(said);
    },
  });
  constructor() {
    super();
    FakeWorker.made.push(this);
  }
  say(data: FromHub) {
    this.port.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

/** Sources that were opened and not closed. */
const connections = () => FakeSource.made.filter((s) => s.readyState !== FakeSource.CLOSED).length;
let page: EventTarget;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.made = [];
  FakeWorker.made = [];
  page = new EventTarget();
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('SharedWorker', FakeWorker);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function listening() {
  const told: LiveMessage[] = [];
  const stop = listen((message) => told.push(message));
  return { stop, news: () => told.splice(0) };
}

describe('a tab', () => {
  it('has no connection of its own where there is a shared worker, and tells what that says', () => {
    const { news } = listening();
    FakeWorker.made[0]!.say({ type: 'open' });
    FakeWorker.made[0]!.say({ type: 'here' });
    FakeWorker.made[0]!.say({ type: 'resync' });
    expect(news()).toEqual([{ type: 'open' }, { type: 'resync' }]);
    vi.advanceTimersByTime(FIRST_WORD_MS);
    expect(connections()).toBe(0);
  });

  it('says that it is there, and goodbye when it stops', () => {
    const { stop } = listening();
    const worker = FakeWorker.made[0]!;
    worker.say({ type: 'open' });
    // For longer than a worker without answers would be borne.
    const beats = MOST_UNANSWERED + 2;
    for (let i = 0; i < beats; i++) {
      vi.advanceTimersByTime(BEAT_MS);
      worker.say({ type: 'here' });
    }
    const here = Array<string>(beats).fill('here');
    expect(worker.heard).toEqual(here);
    expect(FakeWorker.made).toEqual([worker]);
    stop();
    expect(worker.heard).toEqual([...here, 'bye']);
    expect(worker.closed).toBe(true);
    vi.advanceTimersByTime(BEAT_MS * 10);
    expect(worker.heard).toHaveLength(beats + 1);
  });

  it('says goodbye when it is left, and that it is there when one comes back', () => {
    listening();
    const worker = FakeWorker.made[0]!;
    worker.say({ type: 'open' });
    page.dispatchEvent(new Event('pagehide'));
    vi.advanceTimersByTime(BEAT_MS * 10);
    expect(worker.heard).toEqual(['bye']);
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    expect(worker.heard).toEqual(['bye', 'here']);
    worker.say({ type: 'here' });
    vi.advanceTimersByTime(BEAT_MS);
    expect(worker.heard).toEqual(['bye', 'here', 'here']);
  });

  it('is not taken for one that came back when it has just been opened', () => {
    listening();
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
    expect(FakeWorker.made[0]!.heard).toEqual([]);
  });
});

describe('a tab without a worker listens by itself', () => {
  it('where the browser has none', () => {
    vi.stubGlobal('SharedWorker', undefined);
    const { stop, news } = listening();
    expect(connections()).toBe(1);
    FakeSource.made[0]!.open();
    expect(news()).toEqual([{ type: 'connecting' }, { type: 'open' }]);
    stop();
    expect(connections()).toBe(0);
  });

  it('where making one is forbidden', () => {
    vi.stubGlobal(
      'SharedWorker',
      vi.fn(() => {
        throw new DOMException('no', 'SecurityError');
      }),
    );
    listening();
    expect(connections()).toBe(1);
  });

  it('where its script does not load, and then once only', () => {
    const { stop } = listening();
    const worker = FakeWorker.made[0]!;
    worker.dispatchEvent(new Event('error'));
    worker.dispatchEvent(new Event('error'));
    vi.advanceTimersByTime(FIRST_WORD_MS * 2);
    expect([connections(), FakeSource.made.length, FakeWorker.made.length]).toEqual([1, 1, 1]);
    stop();
    expect(connections()).toBe(0);
  });

  it('where it never says a word', () => {
    listening();
    vi.advanceTimersByTime(FIRST_WORD_MS - 1);
    expect(connections()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(connections()).toBe(1);
    expect(FakeWorker.made[0]!.closed).toBe(true);
  });
});

describe('a worker that lived', () => {
  it('and falls silent is replaced, and the page says "lost" meanwhile', () => {
    const { news } = listening();
    const first = FakeWorker.made[0]!;
    first.say({ type: 'open' });
    news();
    vi.advanceTimersByTime(BEAT_MS * MOST_UNANSWERED);
    expect(FakeWorker.made).toHaveLength(1);
    vi.advanceTimersByTime(BEAT_MS);
    expect(FakeWorker.made).toHaveLength(2);
    FakeWorker.made[1]!.say({ type: 'open' });
    first.say({ type: 'resync' });
    expect(news()).toEqual([{ type: 'lost' }, { type: 'open' }]);
    expect(connections()).toBe(0);
  });

  it('is not given up for an error that it survives', () => {
    listening();
    FakeWorker.made[0]!.say({ type: 'connecting' });
    FakeWorker.made[0]!.dispatchEvent(new Event('error'));
    expect([connections(), FakeWorker.made.length]).toEqual([0, 1]);
  });
});

describe('the stream', () => {
  it('is left to the browser while that tries again, and opened anew where it was once that gave up', () => {
    const told: LiveMessage[] = [];
    const stop = openStream('/s', (message) => told.push(message));
    FakeSource.made[0]!.open();
    FakeSource.made[0]!.event('reset', {}, '41');
    FakeSource.made[0]!.event('lagging', {}, '');
    FakeSource.made[0]!.fail(false);
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.made).toHaveLength(1);
    FakeSource.made[0]!.fail(true);
    vi.advanceTimersByTime(1_000);
    expect(FakeSource.made.map((s) => s.url)).toEqual(['/s', '/s?last_event_id=41']);
    expect(told.map((m) => m.type)).toEqual(['connecting', 'open', 'resync', 'resync', 'lost', 'lost', 'connecting']);
    stop();
    expect(connections()).toBe(0);
  });

  it('that nobody wants any more is not opened again', () => {
    const stop = openStream('/s', () => {});
    FakeSource.made[0]!.fail(true);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.made).toHaveLength(1);
  });
});
