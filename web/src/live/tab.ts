// A tab's part: hears the shared worker, says that it is still there, and notices when the worker is not.
import type { FromHub, FromTab, LiveMessage } from './messages';

/** How often a tab says that it is there. */
export const BEAT_MS = 20_000;
/** How long a worker may take to say its first word. */
export const FIRST_WORD_MS = 10_000;
/** How many beats a worker may leave without an answer. */
export const MOST_UNANSWERED = 3;

/**
 * Tells what the worker says until the answer is called. `gone` is called at most once, after which nothing more
 * is told: with false when the worker never said a word (an old browser without module workers, a script that
 * did not load), with true when it did and fell silent (it crashed).
 */
export function follow(worker: SharedWorker, tell: (message: LiveMessage) => void, gone: (lived: boolean) => void): () => void {
  const { port } = worker;
  let lived = false;
  let unanswered = 0;
  let beats: ReturnType<typeof setInterval> | undefined;

  const say = (word: FromTab) => port.postMessage(word);
  const stop = () => {
    clearTimeout(firstWord);
    clearInterval(beats);
    removeEventListener('pagehide', hide);
    removeEventListener('pageshow', show);
    worker.removeEventListener('error', failed);
    port.removeEventListener('message', hear);
    say('bye');
    port.close();
  };
  const giveUp = () => {
    stop();
    gone(lived);
  };

  const hear = ({ data }: MessageEvent<FromHub>) => {
    lived = true;
    unanswered = 0;
    clearTimeout(firstWord);
    if (data.type !== 'here') tell(data);
  };
  // Some browsers also report here what went wrong in a worker that goes on; whether it does, the beats show.
  const failed = () => {
    if (!lived) giveUp();
  };
  const beat = () => {
    if (unanswered >= MOST_UNANSWERED) return giveUp();
    unanswered += 1;
    say('here');
  };
  const startBeats = () => {
    clearInterval(beats);
    unanswered = 0;
    beats = setInterval(beat, BEAT_MS);
  };
  const hide = () => {
    clearInterval(beats);
    say('bye');
  };
  // Back from where the browser keeps pages for its Back button.
  const show = (event: PageTransitionEvent) => {
    if (!event.persisted) return;
    startBeats();
    beat();
  };

  const firstWord = setTimeout(giveUp, FIRST_WORD_MS);
  port.addEventListener('message', hear);
  worker.addEventListener('error', failed);
  addEventListener('pagehide', hide);
  addEventListener('pageshow', show);
  port.start();
  startBeats();
  return stop;
}
