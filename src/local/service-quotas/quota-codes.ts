/** Data: codes of the batch quotas as AWS publishes them (general reference, ≈ Sep–Oct 2026; sources#quotas). */

/** Label in the quota's name | jobs in flight | records per job | records per file; codes without their `L-`. */
const rows = `
Amazon Nova 2 Multimodal Embeddings V1|AF2A00BD|7DCA4380|7EAC9E78
Amazon Nova Premier|654787A4|131D4EED|169A395B
Nova 2 Lite|10F69CA1|ECCE76C6|4A832410
Nova Lite V1|E2ED42E6|916C9264|B8626674
Nova Micro V1|564C017C|57DC56A1|D56DF585
Nova Pro V1|FE130012|89197AE6|9B651738
Titan Multimodal Embeddings G1|7F2C6F33|3BD2251E|81E26054
Titan Text Embeddings V2|1AC1CABC|AAC5F6D6|D1151D45
Claude 3 Haiku|1570CF9E|1F644C2A|EBB72C32
Claude 3 Opus|9A0F509C|E8FA49DB|642905B5
Claude 3 Sonnet|67BD0D49|16E25672|E93C745B
Claude 3.5 Haiku|220B8A25|274AA31F|C39B6D57
Claude 3.5 Sonnet|4E7EE0B5|1E2B9998|5AB0EE48
Claude 3.5 Sonnet v2|C2FA9AEC|6EBFEB27|897F8151
Claude 3.7 Sonnet|E455959C|FABEE48F|A985813D
Claude Haiku 4.5|63020993|28612175|9EDE6039
Claude Opus 4.5|E83AC604|2767B9A9|F7440010
Claude Opus 4.6|B0F56DCF|9AA02BEF|D8E451A7
Claude Opus 5|16941C66|5E3E0013|55F225F6
Claude Sonnet 4|79EFF176|8A6B31EE|02DB18B4
Claude Sonnet 4.5|A0300844|FFFEDD8D|4DFF050E
Claude Sonnet 4.6|3030E098|01A2DC4B|391CEF89
DeepSeek v3|1C19AAE8|35900968|48DD3868
DeepSeek V3.2|D1C9F3B9|73951D97|9E38DD81
Gemma 3 4B|DC465F65|E1D21B18|65D1D550
Gemma 3 12B|71A1F0FA|5A51050A|114ABFC3
Gemma 3 27B|C6AAFCD0|ECD87E6C|FD7B3EB8
GLM 4.7|EA873E18|ECA45411|7BE9625C
GLM 4.7 Flash|E453CCF3|BB255931|8CE8B022
GLM 5|5BA88337|64CF3679|8A232422
Kimi K2 Thinking|78B4AF01|CEEE0EE8|852FB779
Kimi K2.5|EC77BD96|63010E1B|15B51EC1
Llama 3.1 8B Instruct|391478D2|FA06C205|AFE8E0CD
Llama 3.1 70B Instruct|62E2A345|8D07E980|E038D932
Llama 3.1 405B Instruct|A0AAB785|AA411D03|8651ED26
Llama 3.2 1B Instruct|8CC57EDA|FF73AE42|478319B0
Llama 3.2 3B Instruct|059C1AAB|982DE2DB|F2E6F90D
Llama 3.2 11B Instruct|3CCB3548|95CACD43|D30E6B4B
Llama 3.2 90B Instruct|89923E2C|4821684D|51B0DEE7
Llama 3.3 70B Instruct|FE24F76E|E293C7C7|F77743B5
Llama 4 Scout|B1E11F5B|D41E62E4|92E7FE32
Llama 4 Maverick|4E7DDF49|6FAB43BE|B4B995D8
MiniMax M2|A94DA744|CDF99FD2|F2107865
MiniMax M2.1|C05EB25B|4D2272DC|FB43CE55
MiniMax M2.5|B49AA29C|C4659D61|BC9ED53F
Devstral 2 123B|95CB8E2F|11C1CE94|92349F9F
Magistral Small 2509|53B814D7|78C12D54|37A44E24
Ministral 3B|D13C968B|1AD2F2A2|9335BC45
Ministral 3 8B|89117837|1F923A43|1401504A
Ministral 3 14B|29BDACF9|DBFC8DC8|E3C8B9C9
Mistral Small|A986092E|072E11FC|E6489B37
Mistral Large 2 (24.07)|5D367E5C|CA80888F|BAE2EB93
Mistral Large 3|090C78B9|90807536|B1E4F57A
Voxtral Mini 3B 2507|BA72E406|CD4E1CD6|7C1813A6
Voxtral Small 24B 2507|C540484E|FE086D36|DE84A1A0
NVIDIA Nemotron Nano 9B|864449ED|5325EC5D|F225D073
NVIDIA Nemotron Nano 12B|EEE88DB2|214BEB81|FDE45816
NVIDIA Nemotron Nano 3 30B|0ED8E85F|87934C8F|AE040A57
NVIDIA Nemotron 3 Super 120B A12B|6D88F00E|196A63C0|69AC41C2
OpenAI GPT OSS 20b|50CC95A8|F361DF0F|EF804815
OpenAI GPT OSS 120b|07844084|3C5D1B25|9EF11C18
OpenAI GPT OSS Safeguard 20b|811E997F|142AED8F|135AE4B7
OpenAI GPT OSS Safeguard 120b|D9E467C0|1D2360E7|EDE20AF1
Qwen3 32B|7B9A79C8|DF5FF3C8|28258E5D
Qwen3 235B|91E3DBE2|C19807B8|FD509977
Qwen3 Coder 30B|F30EAB98|38EFD889|46EFABBA
Qwen3 Coder 480B|A02F87EC|BF9B3702|AE136EE5
Qwen3 Coder Next|091EBF74|273728E2|0D1F6A84
Qwen3 Next 80B|EA6F6B5F|320BE465|962E1C58
Qwen3 VL 235B|990A2394|1F7ACACC|DFE5A893
Writer Palmyra Vision 7B|88DE0CAC|121F4E1E|8A361B65
`;

export interface QuotaCodes {
  /** How the quotas' names call the model. */
  readonly label: string;
  readonly jobsInFlight: string;
  readonly recordsPerJob: string;
  readonly recordsPerFile: string;
}

/** One row a model that has batch quotas, four of them for models that the batch page does not list. */
export const quotaCodes: readonly QuotaCodes[] = rows
  .trim()
  .split("\n")
  .map((row) => {
    const [label = "", inFlight = "", perJob = "", perFile = ""] = row.split("|");
    return { label, jobsInFlight: `L-${inFlight}`, recordsPerJob: `L-${perJob}`, recordsPerFile: `L-${perFile}` };
  });

/** The few published codes of the other three kinds; these rows are adjustable, their like are not (sources#quotas). */
export const otherCodes: Readonly<Record<string, { minRecords: string; fileSize: string; jobSize: string }>> = {
  "Claude 3.7 Sonnet": { minRecords: "L-BFA0FE84", fileSize: "L-F8B0126D", jobSize: "L-02D6293C" },
  "Claude Sonnet 4": { minRecords: "L-F72F26EE", fileSize: "L-F611997D", jobSize: "L-E31283B0" },
};
