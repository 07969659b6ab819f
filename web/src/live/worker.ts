// The shared worker: one stream for all tabs of a browser, since a browser allows few connections.
import type { LiveMessage } from './messages';
import { openStream } from './stream';

interface ConnectEvent extends Event {
  readonly ports: readonly MessagePort[];
}

const ports = new Set<MessagePort>();
let status: LiveMessage = { type: 'connecting' };

addEventListener('connect', (event) => {
  const port = (event as ConnectEvent).ports[0];
  if (!port) return;
  ports.add(port);
  port.addEventListener('message', (message: MessageEvent) => {
    if (message.data === 'bye') ports.delete(port);
  });
  port.start();
  port.postMessage(status);
});

openStream('/api/stream', (message) => {
  if (message.type === 'connecting' || message.type === 'open' || message.type === 'lost') status = message;
  for (const port of ports) port.postMessage(message);
});
