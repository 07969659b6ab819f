// Calls to the server that served this page; it is asked for nothing anywhere else.
import type { Problem } from './types';

/** The server answered, but not with what was asked for. `status` 0: it did not answer at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly problem: Problem | null,
  ) {
    super(problem?.detail ?? problem?.title ?? `HTTP ${status}`);
  }

  /** The last part of `urn:gridbeat:problem:NAME`. */
  get kind(): string | null {
    return this.problem?.type?.match(/^urn:gridbeat:problem:(.+)$/)?.[1] ?? null;
  }
}

export type Query = Record<string, string | number | boolean | undefined>;

/** `path?query` without the undefined. */
export function withQuery(path: string, query: Query): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) params.set(key, String(value));
  return params.size > 0 ? `${path}?${params}` : path;
}

async function problemOf(response: Response): Promise<Problem | null> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Problem) : null;
  } catch {
    return null;
  }
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    // A cancelled request is no failure of the server: let the caller's library see it as it is.
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, null);
  }
  if (!response.ok) throw new ApiError(response.status, await problemOf(response));
  return (await response.json()) as T;
}

export const getJson = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  request<T>(path, { headers: { accept: 'application/json, application/geo+json' }, ...(signal ? { signal } : {}) });

export const postJson = <T>(path: string, body: unknown, type = 'application/json'): Promise<T> =>
  request<T>(path, { method: 'POST', headers: { 'content-type': type, accept: 'application/json, application/geo+json' }, body: JSON.stringify(body) });
