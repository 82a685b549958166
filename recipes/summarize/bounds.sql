-- How long the summaries are. One beyond the schema's bound has the outcome `invalid`, and its text in `_halfprice_raw`.
SELECT _halfprice_outcome AS outcome, count(*) AS rows, min(length(summary)) AS shortest,
  round(avg(length(summary))) AS mean, max(length(summary)) AS longest,
  round(avg(length(summary) / length(passage)), 3) AS share_of_the_passage, any_value(_halfprice_error) AS reason
FROM results GROUP BY outcome ORDER BY rows DESC
