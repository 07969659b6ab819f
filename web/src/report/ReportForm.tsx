import { DownOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Form, Input, Modal, Radio, Select, type ButtonProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { reportIncident } from '../api/queries';
import { RISKS, type Risk } from '../api/types';
import { lonLat } from '../format/format';
import { categoryName, riskName } from '../i18n/words';
import { CATEGORIES, categoryIcon, dataUrl } from '../legend/swatches';
import { useView } from '../state/store';
import type { LonLat } from '../state/view';
import { MUTE } from '../ui/mute';

interface Fields {
  category: string;
  title: string;
  risk: Risk;
}

interface Props {
  point: LonLat;
  onClose: () => void;
  onDone: (code: string) => void;
}

const LONGEST = 200;

/** Submits by the form's id, so that Enter in a field does the same. */
const SUBMIT: ButtonProps & { 'data-testid': string } = { htmlType: 'submit', form: 'report', 'data-testid': 'report-submit' };

/** Reports an incident at the card's place. It comes back to the map over the stream, like anybody's. */
export function ReportForm({ point, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const lang = useView((v) => v.lang);
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const report = useMutation({
    mutationFn: (fields: Fields) => reportIncident({ ...fields, at: point }),
    onSuccess: (feature) => {
      void queries.invalidateQueries({ queryKey: ['locate'] });
      onDone(feature.properties.code ?? String(feature.id));
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t('report.title')}
      okText={t('report.submit')}
      cancelText={t('report.cancel')}
      okButtonProps={SUBMIT}
      confirmLoading={report.isPending}
      onCancel={onClose}
      closable={{ 'aria-label': t('report.cancel') }}
      destroyOnHidden
      width={440}
    >
      <Form<Fields> id="report" form={form} layout="vertical" requiredMark={false} initialValues={{ risk: 'blue' }} onFinish={(fields) => report.mutate(fields)} data-testid="report-form">
        <p className="quiet">{t('report.where')}: {lonLat(point, lang)}</p>
        <Form.Item name="category" label={t('report.category')} rules={[{ required: true, message: t('report.needCategory') }]}>
          <Select
            data-testid="report-category"
            suffixIcon={<DownOutlined {...MUTE} />}
            showSearch={{ optionFilterProp: 'title' }}
            options={CATEGORIES.map((value) => ({
              value,
              title: categoryName(t, value),
              label: <span className="option"><img src={dataUrl(categoryIcon(value, 'new'))} width={18} height={18} alt="" />{categoryName(t, value)}</span>,
            }))}
          />
        </Form.Item>
        <Form.Item name="title" label={t('report.what')} rules={[{ required: true, whitespace: true, message: t('report.needTitle') }, { max: LONGEST, message: t('report.tooLong') }]}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 4 }} placeholder={t('report.whatHint')} data-testid="report-title" />
        </Form.Item>
        <Form.Item name="risk" label={t('report.risk')}>
          <Radio.Group options={RISKS.map((value) => ({ value, label: <span className="risk" data-risk={value}>{riskName(t, value)}</span> }))} data-testid="report-risk" />
        </Form.Item>
        {report.isError && <Alert type="error" showIcon title={t('report.failed')} description={report.error.message} />}
      </Form>
    </Modal>
  );
}
