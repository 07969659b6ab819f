// The shared worker: one stream for all tabs of a browser, since a browser allows few connections.
import { Hub, SWEEP_MS } from './hub';
import { openStream, STREAM } from './stream';

interface ConnectEvent extends Event {
  readonly ports: readonly MessagePort[];
}

const hub = new Hub((tell) => openStream(STREAM, tell));

addEventListener('connect', (event) => {
  for (const port of (event as ConnectEvent).ports) hub.connect(port);
});
setInterval(() => hub.sweep(), SWEEP_MS);
