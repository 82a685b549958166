/** Whether the environment names an endpoint, as the SDK reads it. */
export const hasEndpoint = (): boolean => Object.keys(process.env).some((name) => name.startsWith("AWS_ENDPOINT_URL"));
