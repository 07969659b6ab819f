import type { Dictionary } from './zh';

export const en: Dictionary = {
  app: { title: 'Gridbeat', subtitle: 'Grids · Beats', skip: 'Skip to the map', map: 'Map. Arrow keys move, plus and minus zoom, Enter asks who is responsible at the centre.' },
  search: {
    label: 'Search', placeholder: 'Search grid, beat, address, code or coordinates', empty: 'Nothing found for “{{q}}”', failed: 'Search is not available just now', hint: 'Type at least two characters',
    kind: { grid: 'Grid', beat: 'Beat', address: 'Address', coordinate: 'Coordinates' },
  },
  tools: { label: 'Tools', language: 'Language', theme: 'Appearance', auto: 'As the system', light: 'Light', dark: 'Dark', print: 'Print', png: 'Export image', link: 'Copy link', linkCopied: 'Link copied', fit: 'Show all', exporting: 'Making the image…', exportFailed: 'The image could not be made, please try again', more: 'More', zoomIn: 'Zoom in', zoomOut: 'Zoom out', here: 'Where I am' },
  live: {
    open: 'Live', connecting: 'Connecting', lost: 'Connection lost', lostLong: 'The connection to the server is lost and is being restored; the map may be out of date.', back: 'Connected again',
    newIncident: 'New incident', show: 'Show', inArea: '{{area}}',
  },
  layers: {
    title: 'Layers and legend', show: 'Show “{{name}}”', collapse: 'Collapse layers', expand: 'Expand layers',
    grid: 'Grids', beat: 'Beats', piece: 'Pieces', address: 'Addresses and residents', incident: 'Incidents', staff: 'Staff', fault: 'Data faults',
    openOnly: 'Open ones only', zoomIn: 'Zoom in to see them', own: 'Layers of departments', nowGrid: 'Grid side shown as', nowBeat: 'Police side shown as',
  },
  legend: {
    gridLine: 'Grid boundary', gridCommunity: 'Community and town boundary', gridExclusive: 'Exclusive grid', beatLine: 'Beat boundary', beatStation: 'Police station boundary', beatSub: 'Sub-bureau boundary',
    whole: 'Grid wholly in one beat', minor: 'Minor part (under a tenth)', split: 'Grid split between beats', gridOnly: 'Grid without a beat', beatOnly: 'Beat without a grid',
    few: 'Few residents', many: 'Many', addressPoint: 'Address (larger: more residents)', clusterOpen: 'Cluster (number still open)', clusterAll: 'Cluster (number of incidents)',
    new: 'New', active: 'In progress', done: 'Closed', riskRed: 'Red risk', categories: 'Categories',
    staffGrid: 'Grid chief or worker', staffPolice: 'Beat chief or officer', offDuty: 'Off duty',
    faultOverlap: 'Ground that several areas claim', faultGap: 'Gap that no area claims',
  },
  level: {
    province: 'Province', city: 'City', county: 'County or district', town: 'Town or street', community: 'Village or community', grid: 'Grid',
    microgrid: 'Microgrid', department: 'Provincial department', bureau: 'City bureau', subbureau: 'Sub-bureau', station: 'Police station',
    area: 'Area of responsibility', beat: 'Beat', other: 'Other level',
  },
  state: {
    reported: 'Reported', verified: 'Verified', filed: 'Filed', dispatched: 'Dispatched', handling: 'Handling', feedback: 'Feedback',
    checking: 'Checking', closed: 'Closed', evaluated: 'Evaluated', rejected: 'Rejected', returned: 'Returned', suspended: 'Suspended',
    extended: 'Extended', void: 'Void', withdrawn: 'Withdrawn', transferred: 'Transferred', joint: 'Joint handling', other: 'Other state',
  },
  category: {
    noise: 'Noise', parking: 'Illegal parking', garbage: 'Garbage', fire_hazard: 'Fire hazard', ebike: 'E-bike charging', dispute: 'Dispute',
    theft: 'Theft', fraud: 'Fraud', water_leak: 'Water leak', manhole: 'Manhole or road surface', stall: 'Street stall', traffic: 'Traffic accident',
    flood: 'Flooding', missing_person: 'Missing person', other: 'Other',
  },
  risk: {
    red: 'Red (high)', yellow: 'Yellow (medium)', blue: 'Blue (low)', none: 'Not graded',
  },
  source: {
    patrol: 'Patrol', resident: 'Resident', hotline: 'Hotline 12345', police: 'Police call', sensor: 'Sensor', superior: 'Assigned from above',
    other: 'Other source',
  },
  role: { chief: 'Chief', worker: 'Grid worker', officer: 'Beat officer', leader: 'Leader', other: 'Staff', gridChief: 'Grid chief', beatChief: 'Beat chief' },
  card: {
    title: 'Responsibility', close: 'Close the card', loading: 'Looking up', grid: 'Grid', beat: 'Beat', noGrid: 'No grid here', noBeat: 'No beat here', outside: 'In no grid and no beat', outsideHint: 'Perhaps water, out of town, or not imported yet.',
    onDuty: 'On duty', comma: ', ', disputed: '{{count}} areas claim this place: {{codes}}. By rule {{first}} answers, the code that comes first.', nobody: 'Nobody on duty', noPhone: 'No duty phone', call: 'Call {{phone}}', share: 'Share of this grid that lies in this beat', shareWhole: 'The whole grid lies in this beat',
    counts: 'In this piece', addresses: 'Addresses', residents: 'Residents', incidents: 'Open incidents', coordinates: 'Coordinates', copy: 'Copy coordinates', copied: 'Copied', copyFailed: 'The browser does not allow copying',
    failed: 'Could not look up who is responsible', retry: 'Try again', code: 'Code', report: 'Report an incident here', incident: 'Incident', reportedAt: 'Reported', address: 'Address', source: 'Source', state: 'State', risk: 'Risk', zoomTo: 'Zoom to {{name}}', none: '–', yes: 'yes', no: 'no',
  },
  report: {
    title: 'Report an incident', where: 'Place', category: 'Category', what: 'What happened', whatHint: 'For example: stairwell blocked by goods', risk: 'Risk', submit: 'Report', cancel: 'Cancel', needCategory: 'Please choose a category', needTitle: 'Please say in a few words what happened',
    done: 'Reported as {{code}}', failed: 'It could not be reported', tooLong: 'No more than 200 characters, please',
  },
  empty: { title: 'No boundaries yet', text: 'Once grids and beats are imported the map shows them by itself. On the server, run:', oneSide: 'No {{side}} imported yet: the map shows one side only.' },
  error: { style: 'The map style could not be loaded', tiles: 'Some map data could not be loaded', server: 'The server does not answer', retry: 'Try again', webgl: 'This browser cannot draw the map (it needs WebGL 2).', details: 'Reason' },
  sheet: { printed: 'Made', center: 'Centre', scale: 'Scale', legend: 'Legend', fileName: 'gridbeat' },
};
