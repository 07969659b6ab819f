// Which questions the server takes and what it answers, by the paths of its OpenAPI document. Types only.
import type { paths } from './schema';

type Json = 'application/json' | 'application/geo+json';
type JsonOf<Content> = Content extends Partial<Record<Json, unknown>> ? Content[keyof Content & Json] : never;
type Done<Responses> = Responses[keyof Responses & (200 | 201)];

/** The paths that have a method. */
export type PathsOf<Method extends 'get' | 'post'> = {
  [P in keyof paths]: paths[P] extends Record<Method, object> ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, Method extends 'get' | 'post'> = paths[P] extends Record<Method, infer O> ? O : never;

/** The parameters of a path, in it and after it; those that must be given must be given. */
export type Asked<P extends PathsOf<'get'>> =
  Operation<P, 'get'> extends { parameters: infer All } ? Pick<All, keyof All & ('path' | 'query')> : never;

/** The JSON that a path answers with when all is well. */
export type Answer<P extends keyof paths, Method extends 'get' | 'post' = 'get'> =
  Operation<P, Method> extends { responses: infer All } ? (Done<All> extends { content: infer C } ? JsonOf<C> : never) : never;

/** The JSON that a path wants to be sent. */
export type Body<P extends PathsOf<'post'>> =
  Operation<P, 'post'> extends { requestBody: { content: infer C } } ? JsonOf<C> : never;
