/** For an icon beside its word: antd's icons announce themselves by their English names otherwise. */
export const MUTE = { 'aria-hidden': true, 'aria-label': '', role: 'presentation' } as const;
