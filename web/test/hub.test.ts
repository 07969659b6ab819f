import { describe, expect, it } from 'vitest';
import { Hub, MOST_SILENT_SWEEPS, type TabPort } from '../src/live/hub';
import type { FromHub, FromTab, LiveMessage } from '../src/live/messages';

/** A tab as the hub sees it: what it was told, and a way to speak. */
class Tab implements TabPort {
  readonly told: FromHub[] = [];
  readonly #listeners: [string, (event: Event) => void][] = [];
  started = false;

  postMessage(message: FromHub) {
    this.told.push(message);
  }
  addEventListener(type: string, listener: (event: Event) => void) {
    this.#listeners.push([type, listener]);
  }
  start() {
    this.started = true;
  }
  #fire(type: string, event: object) {
    for (const [t, listener] of this.#listeners) if (t === type) listener(event as Event);
  }
  say(data: FromTab) {
    this.#fire('message', { data });
  }
  crash() {
    this.#fire('close', {});
  }
  /** What it was told since the last time this was asked. */
  news() {
    return this.told.splice(0);
  }
}

function made() {
  const streams: { tell: (message: LiveMessage) => void; open: boolean }[] = [];
  const hub = new Hub((tell) => {
    const stream = { tell, open: true };
    streams.push(stream);
    tell({ type: 'connecting' });
    return () => {
      stream.open = false;
    };
  });
  const tab = () => {
    const t = new Tab();
    hub.connect(t);
    return t;
  };
  return { hub, tab, streams, running: () => streams.filter((s) => s.open).length };
}

function sweeps(hub: Hub, n: number) {
  for (let i = 0; i < n; i++) hub.sweep();
}

const RESET: LiveMessage = { type: 'resync' };

describe('tabs of one browser', () => {
  it('share one stream, and each is told all of it', () => {
    const { tab, streams, running } = made();
    const tabs = [tab(), tab(), tab()];
    expect(running()).toBe(1);
    for (const t of tabs) {
      expect(t.started).toBe(true);
      expect(t.news()).toEqual([{ type: 'connecting' }]);
    }
    streams[0]!.tell({ type: 'open' });
    streams[0]!.tell(RESET);
    for (const t of tabs) expect(t.news()).toEqual([{ type: 'open' }, RESET]);
  });

  it('that come late are told how things stand, not what was', () => {
    const { tab, streams } = made();
    tab();
    streams[0]!.tell({ type: 'open' });
    streams[0]!.tell(RESET);
    expect(tab().news()).toEqual([{ type: 'open' }]);
    streams[0]!.tell({ type: 'lost' });
    expect(tab().news()).toEqual([{ type: 'lost' }]);
  });

  it('that say goodbye or crash are told nothing more; the others are', () => {
    const { hub, tab, streams } = made();
    const [leaves, crashes, stays] = [tab(), tab(), tab()];
    for (const t of [leaves, crashes, stays]) t.news();
    leaves.say('bye');
    crashes.crash();
    streams[0]!.tell(RESET);
    expect([leaves.news(), crashes.news(), stays.news()]).toEqual([[], [], [RESET]]);
    expect(hub.tabs).toBe(1);
  });
});

describe('the stream', () => {
  it('ends with the last tab and begins anew with the next', () => {
    const { tab, streams, running } = made();
    const [a, b] = [tab(), tab()];
    a.say('bye');
    expect(running()).toBe(1);
    b.crash();
    expect(running()).toBe(0);
    expect(tab().news()).toEqual([{ type: 'connecting' }]);
    expect([streams.length, running()]).toEqual([2, 1]);
  });

  it('is not ended twice by a tab that leaves twice', () => {
    const { tab, running } = made();
    const [a] = [tab(), tab()];
    a.say('bye');
    a.crash();
    expect(running()).toBe(1);
  });
});

describe('a silent tab', () => {
  it('is forgotten after a while, one that speaks is not', () => {
    const { hub, tab, running } = made();
    const [silent, speaks] = [tab(), tab()];
    sweeps(hub, MOST_SILENT_SWEEPS);
    expect(hub.tabs).toBe(2);
    speaks.news();
    speaks.say('here');
    expect(speaks.news()).toEqual([{ type: 'here' }]);
    hub.sweep();
    expect(hub.tabs).toBe(1);
    silent.say('bye');
    expect(running()).toBe(1);
    sweeps(hub, MOST_SILENT_SWEEPS);
    expect([hub.tabs, running()]).toEqual([0, 0]);
  });

  it('that speaks again (it was frozen, or left and came back) is taken in and told to look at everything', () => {
    const { hub, tab, streams } = made();
    const [frozen, left, other] = [tab(), tab(), tab()];
    streams[0]!.tell({ type: 'open' });
    for (let i = 0; i <= MOST_SILENT_SWEEPS; i++) {
      hub.sweep();
      left.say('here');
      other.say('here');
    }
    left.say('bye');
    for (const t of [frozen, left]) {
      t.news();
      t.say('here');
      expect(t.news()).toEqual([{ type: 'open' }, { type: 'resync' }]);
      t.say('here');
      expect(t.news()).toEqual([{ type: 'here' }]);
    }
    expect(streams).toHaveLength(1);
  });
});
