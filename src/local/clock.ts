/**
 * The time that jobs live by. A real clock runs as the wall does, a hurried one so many times faster, and a stepped one
 * moves only when a test says so. Timestamps on the wire come from here too, so that a job that took a day says so.
 */
export interface Clock {
  /** The service's time now, in milliseconds since 1970. */
  nowMs(): number;
  /** Calls `action` once, `delayMs` of the service's time from now. Returns what cancels it. Never keeps a process alive. */
  after(delayMs: number, action: () => void): () => void;
}

/** A clock that goes by itself, and can be moved forward besides. */
export interface SkippingClock extends Clock {
  /** Moves the time forward; what falls due on the way is called as soon as the caller is done. */
  skip(byMs: number): void;
}

/** A clock that runs `speed` times as fast as the wall's. 1 is real time; 600 makes ten minutes a second. */
export function makeRunningClock(speed: number, wallMs: () => number = Date.now): SkippingClock {
  if (!(speed > 0) || !Number.isFinite(speed)) throw new RangeError(`speed must be a number above 0, not ${speed}`);
  const startMs = wallMs();
  let skippedMs = 0;
  const longestMs = 2 ** 31 - 1;
  const nowMs = (): number => Math.round(startMs + (wallMs() - startMs) * speed) + skippedMs;
  /** What is due later, each with what sets its timer anew. */
  const waiting = new Set<() => void>();
  return {
    nowMs,
    after(delayMs, action) {
      const dueMs = nowMs() + Math.max(0, delayMs);
      let timer: NodeJS.Timeout;
      const wait = (): void => {
        clearTimeout(timer);
        const leftMs = Math.max(0, (dueMs - nowMs()) / speed);
        timer = setTimeout(
          () => {
            if (leftMs > longestMs) return wait();
            waiting.delete(wait);
            action();
          },
          Math.min(leftMs, longestMs),
        );
        timer.unref();
      };
      waiting.add(wait);
      wait();
      return () => {
        waiting.delete(wait);
        clearTimeout(timer);
      };
    },
    skip(byMs) {
      skippedMs += byMs;
      for (const wait of waiting) wait();
    },
  };
}

/** A clock that stands still until it is told to move. */
export interface SteppedClock extends Clock {
  /** Moves the time forward, calling what falls due on the way, in order. */
  advance(byMs: number): void;
}

/** @param startMs where it stands at first, in milliseconds since 1970. */
export function makeSteppedClock(startMs: number): SteppedClock {
  let nowMs = startMs;
  let due: { atMs: number; action: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    after(delayMs, action) {
      const entry = { atMs: nowMs + Math.max(0, delayMs), action };
      due.push(entry);
      return () => {
        due = due.filter((other) => other !== entry);
      };
    },
    advance(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        const next = due.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        due = due.filter((other) => other !== next);
        nowMs = next.atMs;
        next.action();
      }
      nowMs = untilMs;
    },
  };
}
