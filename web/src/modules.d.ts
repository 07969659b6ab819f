// The build scripts are plain JavaScript; these are the shapes that tests use.
declare module '*/styles/build.mjs' {
  export function style(theme: string): object;
}
declare module '*/sdf.mjs' {
  export function distanceField(
    segments: [number, number, number, number][],
    box: { left: number; top: number; width: number; height: number },
  ): Uint8Array;
}
