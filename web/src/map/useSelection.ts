// The outlines of the grid and the beat the card is about, whole, whatever level the map draws.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { area } from '../api/queries';
import type { Located, Side } from '../api/types';
import type { Selection } from './compose';

const useOutline = (side: Side, code: string | null) =>
  useQuery({
    queryKey: ['area', side, code],
    queryFn: ({ signal }) => area(side, code ?? '', signal),
    enabled: code !== null,
    staleTime: 60_000,
  });

export function useSelection(located: Located | undefined): Selection {
  const grid = useOutline('grid', located?.grid?.code ?? null).data?.geometry ?? null;
  const beat = useOutline('beat', located?.beat?.code ?? null).data?.geometry ?? null;
  return useMemo(() => ({ grid, beat }), [grid, beat]);
}
