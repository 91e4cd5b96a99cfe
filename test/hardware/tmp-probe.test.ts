import { it } from 'vitest';
import * as z from 'zod/mini';
import { devices, deviceFileOf, parseDevice, describeDevice, findDevice } from '../../src/hardware/api.ts';
import { completeFile, extendingFile, deviceFileTerms } from '../../src/hardware/file-format.ts';
it('x', () => {
  for (const d of devices) { const r = parseDevice(deviceFileOf(d), {source:'x', builtins: []}); console.log(d.id, r.ok ? [JSON.stringify(r.device)===JSON.stringify(d), r.warnings] : r.issues); }
  const r = (x: unknown) => { const t=performance.now(); const q = parseDevice(x, {source:'dir/My h100.yaml', builtins: devices}); console.log(JSON.stringify(q.ok ? {id: q.device.id, n: q.device.notes, w: q.warnings, bw: q.device.offChip.bandwidth, p:q.device.matrixPeaks} : q.issues, null, 1), performance.now()-t); };
  r({extends:'h100-pcie', offChip:{bandwith:'3 TB/s', bandwidth: 3, energyPerByte: '1,5 pJ/B'}, matrixPeaks:{fp8:null, int8:{value:'1e3 TOPS', source:'me'}}, energy:{perMac:{fp16:'0.2 pJ/MAC', int9:'3'}}, geometry:{kind:'simt-gpuu'}});
  r({extends:'h100-pcie', offChip:{bandwidth: '3 TB/s'}, matrixPeaks:{fp8:null}, energy:{perMac:{fp8:null}}, power:{modes:[{name:'a',cap:'90 W'}]}});
  r({extends:'h100-pcie', offChip:{bandwidth: '3 TB/s'}, matrixPeaks:{fp8:null}, energy:{perMac:{fp8:null}}});
  r({});
  r({id:'a', geometry:{kind:'systolic', arrays:'8', rows:1.5, columns:0, clock:{value:4}}, year:'2020', status:'prduct', notes:'x', aliases:['A'], power:{modes:[]}, name:'', onChip: 3});
  console.table(describeDevice(findDevice('H100_PCIE')!).map(r=>[r.group,r.name,r.value,r.confidence]));
  console.table(describeDevice(findDevice('i7')!).map(r=>[r.group,r.name,r.value,r.confidence]));
  console.log(JSON.stringify(z.toJSONSchema(z.union([completeFile, extendingFile]), {io:'input', metadata: deviceFileTerms, target:'draft-2020-12'}),null,1).slice(0,9000));
});
