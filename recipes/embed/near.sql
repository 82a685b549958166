-- For every message the one that is nearest to it, the nearest pairs first.
SELECT a.text, b.text AS nearest,
  round(array_cosine_similarity(a.embedding::FLOAT[256], b.embedding::FLOAT[256]), 3) AS likeness
FROM results a JOIN results b ON a.id <> b.id
QUALIFY row_number() OVER (PARTITION BY a.id ORDER BY likeness DESC, b.id) = 1
ORDER BY likeness DESC, a.text
LIMIT 20
