import { CloseCircleFilled, SearchOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { AutoComplete, Input } from 'antd';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { search } from '../api/queries';
import type { SearchResult } from '../api/types';
import { levelName } from '../i18n/words';
import { fitPadding } from '../map/createMap';
import { setView } from '../state/store';
import { askable, resultKey, resultTitle } from './results';
import { MUTE } from '../ui/mute';

/** Waits until typing pauses, so that not each letter is a question. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

function Row({ result }: { result: SearchResult }) {
  const { t } = useTranslation();
  const kind = result.level ? levelName(t, result.level) : t(`search.kind.${result.kind}`);
  return (
    <span className="result" data-testid="search-result">
      <span className="result-kind" data-kind={result.kind}>{kind}</span>
      <span className="result-title">{resultTitle(result)}</span>
      {result.code && result.kind !== 'coordinate' && <span className="result-code">{result.code}</span>}
    </span>
  );
}

export function SearchBox({ map, onPick }: { map: MapLibreMap | null; onPick: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const asked = useSettled(text.trim(), 180);
  const answer = useQuery({
    queryKey: ['search', asked],
    queryFn: ({ signal }) => search(asked, 12, signal),
    enabled: askable(asked),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const results = askable(asked) ? (answer.data ?? []) : [];

  const go = (key: string) => {
    const result = results.find((r) => resultKey(r) === key);
    if (!result) return;
    setOpen(false);
    setText(resultTitle(result));
    onPick();
    setView({ point: [result.lon, result.lat] });
    if (!map) return;
    if (result.bbox) map.fitBounds(result.bbox, { padding: fitPadding(map.getContainer().clientWidth), maxZoom: 17 });
    else map.easeTo({ center: [result.lon, result.lat], zoom: Math.max(map.getZoom(), 17) });
  };

  const note = () => {
    if (!askable(text.trim())) return t('search.hint');
    if (answer.isError) return t('search.failed');
    return answer.isPending ? t('card.loading') : t('search.empty', { q: asked });
  };
  return (
    <search className="search" data-testid="search">
      <AutoComplete
        variant="borderless"
        value={text}
        open={open && text.trim() !== ''}
        onOpenChange={setOpen}
        onChange={(value: string) => {
          // While choosing by arrow keys antd reports a result's key; that is not typed text.
          if (!results.some((r) => resultKey(r) === value)) setText(value);
          setOpen(true);
        }}
        onSelect={go}
        options={results.map((r) => ({ value: resultKey(r), label: <Row result={r} /> }))}
        notFoundContent={<output className="search-note">{note()}</output>}
        defaultActiveFirstOption
        popupMatchSelectWidth={Math.min(420, innerWidth - 24)}
        showSearch={{ filterOption: false }}
      >
        <Input
          prefix={<SearchOutlined {...MUTE} />}
          suffix={<kbd className="wide" aria-hidden>/</kbd>}
          placeholder={t('search.placeholder')}
          aria-label={t('search.label')}
          data-testid="search-input"
          allowClear={{ clearIcon: <CloseCircleFilled {...MUTE} /> }}
          maxLength={200}
          variant="borderless"
        />
      </AutoComplete>
    </search>
  );
}
