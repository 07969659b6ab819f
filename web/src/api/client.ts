// Calls to the server that served this page; it is asked for nothing anywhere else.
import type { Answer, Asked, Body, PathsOf } from './operations';
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

/** `path?query` without the undefined. */
export function withQuery(path: string, query: object): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) params.set(key, String(value));
  return params.size > 0 ? `${path}?${params}` : path;
}

/** A path of the document with its `{parameters}` filled in. */
export const filled = (path: string, parameters: Readonly<Record<string, unknown>>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parameters[name])));

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

/** Asks one of the paths of the server's OpenAPI document. */
export const ask = <P extends PathsOf<'get'>>(path: P, asked: Asked<P>, signal?: AbortSignal): Promise<Answer<P>> => {
  const { path: inPath = {}, query = {} } = asked as { path?: Record<string, unknown>; query?: object };
  return getJson<Answer<P>>(withQuery(filled(path, inPath), query), signal);
};

/** Sends something to one of the paths of the server's OpenAPI document. */
export const send = <P extends PathsOf<'post'>>(path: P, body: Body<P>, type = 'application/json'): Promise<Answer<P, 'post'>> =>
  request<Answer<P, 'post'>>(path, {
    method: 'POST',
    headers: { 'content-type': type, accept: 'application/json, application/geo+json' },
    body: JSON.stringify(body),
  });
