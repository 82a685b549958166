/** Data: shapes of CloudWatch's operations (botocore 1.43 `cloudwatch`). */
export const namespace = { type: "string", min: 1, max: 255, pattern: "[^:].*" } as const;
export const metricName = { type: "string", min: 1, max: 255 } as const;
export const dimensions = {
  type: "list",
  max: 30,
  of: {
    type: "structure",
    members: {
      Name: { shape: { type: "string", min: 1, max: 255 }, required: true },
      Value: { shape: { type: "string", min: 1, max: 1024 }, required: true },
    },
  },
} as const;
export const unit = {
  type: "string",
  enum: [
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
  ],
} as const;
export const period = { type: "integer", min: 1 } as const;
export const timestamp = { type: "timestamp" } as const;
export const statistics = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"] as const;
