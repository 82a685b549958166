-- The pairs of messages that are nearest to each other.
SELECT a.text, b.text AS near,
  round(array_cosine_similarity(a.embedding::FLOAT[256], b.embedding::FLOAT[256])::DOUBLE, 3) AS likeness
FROM results a JOIN results b ON a.id::INTEGER < b.id::INTEGER
ORDER BY likeness DESC, a.id, b.id
LIMIT 15
